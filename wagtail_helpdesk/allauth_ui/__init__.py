"""Dresses django-allauth's pages in the site's look: list it before ``allauth``."""
