"""The agents' workspace inside the Wagtail admin."""
