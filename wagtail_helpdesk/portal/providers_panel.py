"""Tells editors which identity providers sign people in for a portal (B54)."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel

from wagtail_helpdesk.access import sso
from wagtail_helpdesk.models import EntryMode


class ProvidersPanel(Panel):
    """A line in the editor of a portal; a warning where nobody can sign in.

    It refuses nothing: the last provider may be switched off long after the portal was
    published, and editors still have to correct its texts.
    """

    class BoundPanel(Panel.BoundPanel):
        """The line for one portal."""

        template_name = "wagtail_helpdesk/admin/portal_providers.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the names of the providers, and whether one is missing."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            key = self.instance.translation_key
            names = [str(row) for row in sso.serving(key)]
            is_needed = self.instance.entry == EntryMode.SSO
            context.update(names=names, is_missing=is_needed and not names)
            return context
