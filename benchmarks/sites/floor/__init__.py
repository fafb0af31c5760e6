"""The floor: Django and Wagtail with nothing of a help desk on top."""
