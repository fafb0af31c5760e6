"""The editor's form of a system page."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm


class SystemPageForm(WagtailAdminPageForm):
    """Refuses a second page for one purpose, and an address the portal needs."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        parent = self.parent_page
        if parent is None:
            return cleaned
        kind, slug = cleaned.get("kind"), cleaned.get("slug")
        others = type(self.instance)._default_manager.child_of(parent)
        if kind and others.filter(kind=kind).exclude(pk=self.instance.pk).exists():
            self.add_error("kind", _("There is a page for this purpose already."))
        if slug and _is_taken(parent.specific, slug):
            self.add_error(
                "slug", _("The portal uses this address itself. Choose another.")
            )
        return cleaned


def _is_taken(parent: Any, slug: str) -> bool:
    """Whether a view below the parent answers at this address."""
    find = getattr(parent, "resolve_subpage", None)
    if find is None:
        return False
    try:
        find(f"/{slug}/")
    except Http404:
        return False
    return True
