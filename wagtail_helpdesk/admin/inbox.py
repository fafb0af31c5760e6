"""The list of tickets: views, search, filters, keyset pages, export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import BigAutoField
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.admin.base import AgentRequiredMixin, WorkspacePage, admin_url
from wagtail_helpdesk.admin.bulk_actions import BulkForm
from wagtail_helpdesk.admin.choices import Choices
from wagtail_helpdesk.admin.filter_form import FOLDED
from wagtail_helpdesk.admin.filters import ALL, VIEWS, TicketList
from wagtail_helpdesk.admin.live import live_state
from wagtail_helpdesk.admin.pages import TicketPage
from wagtail_helpdesk.admin.row_html import rows_html
from wagtail_helpdesk.admin.tables import COLUMNS, ROW_FIELDS, rows
from wagtail_helpdesk.csv_export import csv_response
from wagtail_helpdesk.models import SavedView, Ticket
from wagtail_helpdesk.pagination import KeysetPage, read_in_steps
from wagtail_helpdesk.statements.slots import KeptQuery, Slot, kept_query

_EXPORT_BATCH = 500


class InboxView(WorkspacePage):
    """The list. ``results_only`` answers with its changing part alone, for w-swap."""

    template_name = "wagtail_helpdesk/admin/inbox.html"
    page_title = gettext_lazy("Inbox")
    header_icon = "mail"
    results_only = False

    @cached_property
    def tickets(self) -> TicketList:
        """What the address asks for."""
        return TicketList(self.request.GET, agent=self.agent)

    def get_template_names(self) -> list[str]:
        if self.results_only:
            return ["wagtail_helpdesk/admin/inbox_results.html"]
        return [self.template_name]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list, or the one ticket whose number was searched for."""
        if not self.results_only:
            found = self.tickets.ticket_by_number()
            if found is not None:
                return redirect(admin_url("ticket", found.public_id))
        return self.render()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tickets = self.tickets
        page = TicketPage(tickets, fields=ROW_FIELDS, params=self._params())
        listed = rows(page.items, tickets.choices)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(
            tickets=tickets,
            columns=COLUMNS,
            page=page,
            rows=listed,
            rows_html=rows_html(listed),
            list_query=tickets.query(),
            inbox_url=admin_url("inbox"),
            live=live_state(self._params()),
        )
        if page.items:
            context["bulk"] = BulkForm(choices=tickets.choices)
        else:
            context["empty"] = empty_state(tickets)
        if not self.results_only:
            context["form"] = tickets.form
            shown = tickets.form.shown()
            context["filters"] = [f for f in shown if f["name"] not in FOLDED]
            context["folded_filters"] = [f for f in shown if f["name"] in FOLDED]
            context["more_filters"] = tickets.hidden_filters
            context.update(self._navigation())
        return context

    def _params(self) -> QueryDict:
        """What the links to other pages keep."""
        params = QueryDict(self.tickets.query(), mutable=True)
        for name in ("after", "before"):
            if name in self.request.GET:
                params[name] = self.request.GET[name]
        return params

    def _navigation(self) -> dict[str, Any]:
        tickets = self.tickets
        inbox = admin_url("inbox")
        counts = tickets.counts()
        query = kept_query(SavedView.objects.all().db, ("saved",), _saved_views)
        saved = query.rows({"agent": self.agent.pk}) if query else []
        current = tickets.query()
        return {
            "view_links": [
                {
                    "view": view,
                    "label": label,
                    "url": f"{inbox}?view={view}",
                    "count": counts[view],
                    "is_current": tickets.view == view,
                }
                for view, label in VIEWS.items()
            ],
            "saved_views": [
                {
                    "view": view,
                    "url": f"{inbox}?{view.query}",
                    "is_current": view.query == current,
                    "is_own": view.owner_id == self.agent.pk,
                }
                for view in saved
            ],
            "shows_all": tickets.view == ALL,
        }


def _saved_views() -> KeptQuery | None:
    agent: Any = Slot("agent", BigAutoField())
    views = SavedView.objects.visible_to_agent(agent).order_by("name")
    return KeptQuery.of(views, ("pk", "name", "query", "is_shared", "owner_id"))


def empty_state(tickets: TicketList) -> dict[str, str]:
    """What an empty list says: another text for each reason (UX50)."""
    inbox = admin_url("inbox")
    if tickets.is_filtered:
        where = f"{inbox}?{tickets.query(view=ALL)}"
        return {
            "title": _("No ticket matches"),
            "text": _("Nothing in this view fits the search and the filters."),
            "url": where if tickets.view != ALL else f"{inbox}?view={tickets.view}",
            "label": _("Look in all tickets")
            if tickets.view != ALL
            else _("Clear search and filters"),
        }
    texts = {
        "mine": (
            _("Nothing is waiting for you"),
            _("Tickets you own appear here until they are closed."),
            "unassigned",
            _("Take one from Unassigned"),
        ),
        "unassigned": (
            _("Every ticket has an owner"),
            _("New tickets that nobody has taken appear here."),
            "open",
            _("See all open tickets"),
        ),
        "open": (
            _("No open tickets"),
            _("When a customer writes, the ticket appears here."),
            "closed",
            _("See closed tickets"),
        ),
        "closed": (
            _("Nothing has been closed yet"),
            _("Tickets appear here once their stage is a closed one."),
            "open",
            _("See all open tickets"),
        ),
        ALL: (
            _("No tickets"),
            _("When a customer writes, the ticket appears here."),
            "open",
            _("See all open tickets"),
        ),
    }
    title, text, view, label = texts[tickets.view]
    return {
        "title": title,
        "text": text,
        "url": f"{inbox}?view={view}",
        "label": label,
    }


class InboxTagsView(AgentRequiredMixin):
    """Names of tags for the filter, as JSON: those that contain ``q``."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """At most 200 of them, in alphabetical order."""
        text = request.GET.get("q", "").replace("\x00", "")[:60].strip()
        response = JsonResponse({"tags": Choices(self.agent).tags(text)})
        response.headers["Cache-Control"] = "private, no-store"
        return response


class InboxExportView(AgentRequiredMixin):
    """The current list as CSV: its rows, its columns, its order (R18)."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Stream the file; the rows are read in steps, each with a few queries."""
        tickets = TicketList(request.GET, agent=self.agent)
        queryset = tickets.queryset().for_list()
        ordering = tickets.ordering
        language = translation.get_language()
        zone = timezone.get_current_timezone()

        def page_from(params: QueryDict) -> KeysetPage[Ticket]:
            return KeysetPage(
                queryset, ordering=ordering, params=params, size=_EXPORT_BATCH
            )

        def batches() -> Iterator[list[list[str]]]:
            for tickets in read_in_steps(page_from):
                # The middleware has left the language and the zone of this request
                # behind by the time the file is read.
                with translation.override(language), timezone.override(zone):
                    yield [
                        [column.text(ticket) for column in COLUMNS]
                        for ticket in tickets
                    ]

        header = [column.label for column in COLUMNS]
        today = timezone.localdate().isoformat()
        return csv_response(f"tickets-{today}.csv", header, batches())
