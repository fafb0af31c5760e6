"""System checks: each names the setting, the value found and the cure."""
