"""A help desk for sites that run on Wagtail."""

__version__ = "0.1.0"
