"""A ticket seen otherwise: as its customer sees it, and as the ledger tells it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from wagtail_helpdesk.access.portals import portal_pages, portal_rules
from wagtail_helpdesk.admin.changes import describe
from wagtail_helpdesk.admin.ticket import TicketPage
from wagtail_helpdesk.models import Event, Message, PortalRules, Stage, Ticket
from wagtail_helpdesk.pagination import KeysetPage


class CustomerView(TicketPage):
    """What the contact sees of this ticket in the portal (R10, B20)."""

    template_name = "wagtail_helpdesk/admin/ticket_customer_view.html"
    tab = "customer"

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show it."""
        return self.render()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        ticket, rules = self.ticket, self._rules()
        ticket.stage = Stage.objects.with_labels().get(pk=ticket.stage_id)
        seen = Ticket.objects.visible_to_contact(ticket.contact, rules)
        messages = Message.objects.visible_to_contact(ticket.contact, rules)
        page = KeysetPage(
            # Of a conversation in another inbox its members see what the customer sees.
            messages.visible_to_agent(self.agent)
            .filter(conversation__ticket=ticket)
            .for_thread(),
            ordering=("created_at", "pk"),
            params=self.request.GET,
            size=60,
        )
        context.update(
            is_visible=seen.filter(pk=ticket.pk).exists(),
            page=page,
            seen_messages=list(page),
        )
        return context

    def _rules(self) -> PortalRules:
        """The rules of the portal that shows the ticket; without one, the defaults.

        Also of one that the agent may not enter: they see what the customer sees.
        """
        portals = [
            *portal_rules(self.request),
            *(page.rules for page in portal_pages()),
        ] or [PortalRules()]
        for rules in portals:
            seen = Ticket.objects.visible_to_contact(self.ticket.contact, rules)
            if seen.filter(pk=self.ticket.pk).exists():
                return rules
        return portals[0]


class HistoryView(TicketPage):
    """Everything that was done to a ticket, latest first."""

    template_name = "wagtail_helpdesk/admin/ticket_history.html"
    tab = "history"

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show it."""
        return self.render()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        page = KeysetPage(
            Event.objects.history_of(self.ticket),
            ordering=("-created_at", "-pk"),
            params=self.request.GET,
            size=50,
        )
        context.update(page=page, lines=[(event, describe(event)) for event in page])
        return context
