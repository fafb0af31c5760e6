"""Addresses that are taken by views of the knowledge base itself."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm


def slug_error(parent: Any, slug: str) -> str:
    """Say why a page may not have this slug below ``parent``, or nothing.

    A view of the parent, such as its search, would answer in the page's place.

    Args:
        parent: The page above, as its own type.
        slug: The slug that was asked for.
    """
    if not slug or not hasattr(parent, "resolve_subpage"):
        return ""
    try:
        parent.resolve_subpage(f"/{slug}/")
    except Http404:
        return ""
    return _("“%(slug)s” is taken by the knowledge base. Use another slug.") % {
        "slug": slug
    }


class CategoryPageForm(WagtailAdminPageForm):
    """Refuses such a slug where it is typed; a new page does not know its parent."""

    def clean(self) -> dict[str, Any]:
        """Add the reason to the slug."""
        cleaned: dict[str, Any] = super().clean()
        parent = self.parent_page.specific if self.parent_page else None
        reason = slug_error(parent, cleaned.get("slug", ""))
        if reason:
            self.add_error("slug", reason)
        return cleaned
