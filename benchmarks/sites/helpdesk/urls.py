"""The example site's addresses."""

from __future__ import annotations

from example_site.urls import urlpatterns

__all__ = ["urlpatterns"]
