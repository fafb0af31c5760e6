"""Tickets in the trash, and the way back (R6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_helpdesk.actions import RestoreTicket
from wagtail_helpdesk.admin.base import AgentRequiredMixin, WorkspacePage
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.models import Ticket
from wagtail_helpdesk.pagination import KeysetPage


class TrashView(WorkspacePage):
    """What was thrown away in the agent's inboxes, latest first."""

    template_name = "wagtail_helpdesk/admin/trash.html"
    page_title = gettext_lazy("Trash")
    header_icon = "bin"
    trail = (("inbox", gettext_lazy("Inbox")),)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        return self.render()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        days = helpdesk_settings.TRASH_DAYS
        page = KeysetPage(
            Ticket.objects.trashed_for_agent(self.agent).for_list(),
            ordering=("-deleted_at", "-pk"),
            params=self.request.GET,
        )
        entries = [
            {"ticket": ticket, "gone_at": ticket.deleted_at + timedelta(days=days)}
            for ticket in page
            if ticket.deleted_at is not None
        ]
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(page=page, entries=entries, days=days)
        return context


class RestoreView(AgentRequiredMixin):
    """Take a ticket out of the trash."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Restore it and show it."""
        trashed = Ticket.objects.trashed_for_agent(self.agent)
        ticket = get_object_or_404(trashed, public_id=public_id)
        RestoreTicket(ticket=ticket, actor=self.agent).execute()
        messages.success(
            request, _("%(ticket)s is restored.") % {"ticket": ticket.reference}
        )
        return redirect("wagtail_helpdesk_admin:ticket", ticket.public_id)
