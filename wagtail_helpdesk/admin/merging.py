"""Merge a ticket into another: choose it, see what will happen, agree (A3, N15)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_helpdesk.access.merge_readers import lost_readers, new_readers
from wagtail_helpdesk.actions import MergeTickets
from wagtail_helpdesk.actions.merge import refuse_unfit
from wagtail_helpdesk.actions.merge_agents import coming_agents
from wagtail_helpdesk.admin.base import admin_url
from wagtail_helpdesk.admin.merged_ticket import find_merged
from wagtail_helpdesk.admin.ticket import TicketPage
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Ticket
from wagtail_helpdesk.models.tickets import ticket_number_from

#: Other open tickets of the contact to choose from.
MOST_CHOICES = 10


class MergeView(TicketPage):
    """A GET with ``into`` shows what would happen; a POST with it merges."""

    template_name = "wagtail_helpdesk/admin/ticket_merge.html"
    page_title = gettext_lazy("Merge")

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Lead who comes after the merge, such as by a second click, to its result."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            find_merged(self.agent, self.kwargs["public_id"])
            return redirect(admin_url("ticket", self.kwargs["public_id"]))

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Ask for the other ticket, or say what would happen with it."""
        into = request.GET.get("into", "").strip()[:50]
        if not into:
            return self._ask()
        target = self._target(into)
        if target is None:
            return self._ask(into=into, problem=_missing(into))
        try:
            refuse_unfit(self.ticket, target)
        except ActionError as error:
            return self._ask(into=into, problem=str(error.message))
        return self._confirm(target)

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Merge, or say what is missing."""
        into = request.POST.get("into", "").strip()[:50]
        target = self._target(into)
        if target is None:
            return self._ask(into=into, problem=_missing(into), status=400)
        number = ticket_number_from(into) or 0
        if target.number != number:
            # It was merged into another since, which nobody has been asked about.
            problem = _("%(ticket)s was merged into %(other)s already.") % {
                "ticket": Ticket(number=number).reference,
                "other": target.reference,
            }
            return self._confirm(target, problem=problem, status=400)
        try:
            MergeTickets(
                source=self.ticket,
                target=target,
                actor=self.agent,
                agreed=request.POST.get("agreed", ""),
            ).execute()
        except ActionError as error:
            problem = str(error.message)
            if error.code == "new_readers":
                return self._confirm(target, problem=problem, status=400)
            return self._ask(into=into, problem=problem, status=400)
        told = _("%(ticket)s was merged into %(other)s.") % {
            "ticket": self.ticket.reference,
            "other": target.reference,
        }
        # Its page has the button: a link must not change anything.
        undo = messages.button(
            admin_url("ticket", self.ticket.public_id), _("Undo merge")
        )
        messages.success(request, told, buttons=[undo])
        return redirect(admin_url("ticket", target.public_id))

    def _target(self, into: str) -> Ticket | None:
        """The other ticket, if the agent sees one with this number.

        For one that was merged, the one that it was merged into.
        """
        number = ticket_number_from(into)
        if number is None:
            return None
        visible = Ticket.objects.visible_to_agent(self.agent)
        found = visible.numbered(number).exclude(pk=self.ticket.pk)
        return found.select_related(
            "contact", "organization", "inbox", "owner__user"
        ).first()

    def _ask(
        self, *, into: str = "", problem: str = "", status: int = 200
    ) -> HttpResponse:
        others = Ticket.objects.visible_to_agent(self.agent).open()
        others = others.filter(contact=self.ticket.contact_id).exclude(
            pk=self.ticket.pk
        )
        return self.render(
            into=into,
            problem=problem,
            choices=others.by_activity()[:MOST_CHOICES],
            status=status,
        )

    def _confirm(
        self, target: Ticket, *, problem: str = "", status: int = 200
    ) -> HttpResponse:
        readers = new_readers(self.ticket, target)
        return self.render(
            target=target,
            problem=problem,
            readers=readers,
            lost=lost_readers(self.ticket, target),
            coming=coming_agents(self.ticket, target),
            is_agreed=not problem and readers.are_colleagues(self.ticket, target),
            status=status,
        )


def _missing(into: str) -> str:
    return _("There is no other ticket “%(text)s” that you may see.") % {"text": into}
