"""Side doors, to be included before Wagtail and Django's admin.

``path("", include("wagtail_helpdesk.accounts.urls"))`` covers the usual addresses; a
site whose admin lives elsewhere writes
``*side_doors(wagtail_admin="cms/", django_admin="django/")`` instead.
"""

from __future__ import annotations

from django.urls import URLPattern, path

from wagtail_helpdesk.accounts.shared_passwords import (
    document_password,
    page_password,
)
from wagtail_helpdesk.accounts.views import side_door


def side_doors(
    *,
    wagtail_admin: str = "admin/",
    django_admin: str = "django-admin/",
    documents: str = "documents/",
) -> list[URLPattern]:
    """Make the patterns that close the sign-in pages beside the site's own.

    And those that count how often a shared password of pages or documents is tried.

    Args:
        wagtail_admin: Where Wagtail's admin is mounted, with a slash at the end.
        django_admin: Where Django's admin is mounted, with a slash at the end.
        documents: Where Wagtail's documents are mounted, with a slash at the end.

    Returns:
        Patterns to put before the ones they cover.
    """
    return [
        path(f"{wagtail_admin}login/", side_door, {"door": "wagtail"}),
        path(f"{django_admin}login/", side_door, {"door": "django"}),
        path("_util/login/", side_door, {"door": "page"}),
        path(
            "_util/authenticate_with_password/"
            "<int:page_view_restriction_id>/<int:page_id>/",
            page_password,
        ),
        path(
            f"{documents}authenticate_with_password/<int:restriction_id>/",
            document_password,
        ),
    ]


urlpatterns = side_doors()
