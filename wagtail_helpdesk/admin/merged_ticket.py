"""The page of a ticket that was merged into another, and the way back (N15)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_helpdesk.actions import UnmergeTicket
from wagtail_helpdesk.admin.base import AgentRequiredMixin, WorkspacePage, admin_url
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Agent, Ticket


def find_merged(agent: Agent, public_id: str) -> Ticket:
    """The merged ticket, if the agent works its inbox.

    Args:
        agent: Who asks.
        public_id: The ticket's public id.

    Raises:
        Http404: There is none, or it is not merged, or not theirs.
    """
    merged = Ticket.objects.merged_for_agent(agent).select_related("merged_into")
    return get_object_or_404(merged, public_id=public_id)


class MergedTicketView(WorkspacePage):
    """Where the ticket went, and the button that undoes it."""

    template_name = "wagtail_helpdesk/admin/ticket_merged.html"
    header_icon = "mail"
    trail = (("inbox", gettext_lazy("Inbox")),)

    @cached_property
    def ticket(self) -> Ticket:
        """The merged ticket."""
        return find_merged(self.agent, self.kwargs["public_id"])

    def get_page_title(self) -> str:
        return self.ticket.reference

    def get_page_subtitle(self) -> str:
        return self.ticket.subject

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show it."""
        self.ticket  # noqa: B018  (404 before anything else)
        target = self.ticket.current
        visible = Ticket.objects.visible_to_agent(self.agent)
        # Of a ticket in a foreign inbox or in the trash nothing is told.
        found = visible.filter(pk=target.pk).first()
        return self.render(ticket=self.ticket, target=found)


class UnmergeView(AgentRequiredMixin):
    """Undo a merge and show the ticket; a second click finds it undone."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Undo it."""
        tickets = Ticket.objects.in_inboxes_of(self.agent).filter(deleted_at=None)
        ticket = get_object_or_404(
            tickets.select_related("merged_into"), public_id=public_id
        )
        try:
            UnmergeTicket(ticket=ticket, actor=self.agent).execute()
        except ActionError as error:
            messages.error(request, str(error.message))
        else:
            told: Any = _("%(ticket)s is a ticket of its own again.")
            messages.success(request, told % {"ticket": ticket.reference})
        return redirect(admin_url("ticket", ticket.public_id))
