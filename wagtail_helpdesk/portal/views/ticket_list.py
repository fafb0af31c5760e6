"""The list of a customer's tickets (F6): search, filters, order, pages, by URL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_helpdesk.models import Ticket
from wagtail_helpdesk.models.tickets import TicketQuerySet, ticket_number_from
from wagtail_helpdesk.portal.columns import Column, Head
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.list_state import PERIODS, ListState
from wagtail_helpdesk.portal.reading import TicketRows, shown_rows
from wagtail_helpdesk.portal.row_html import rows_html
from wagtail_helpdesk.portal.views.mark_read import query_of
from wagtail_helpdesk.portal.views.ticket_moved import merged_text

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on.

    Attributes:
        label: What it leaves in.
        url: The list without it.
    """

    label: str
    url: str


def visible_tickets(visit: Visit) -> TicketQuerySet:
    """The tickets this customer sees through this portal (R9)."""
    return Ticket.objects.visible_to_contact(visit.contact, visit.rules)


def show(visit: Visit) -> HttpResponse:
    """The list, or the ticket itself when its number was searched for (UX41)."""
    state = ListState.from_query(visit.request.GET)
    if response := _named_ticket(visit, state.q):
        return response
    columns = visit.page.shown_columns
    page = page_of(visit, state, visit.request.GET, with_news=True)
    rows = shown_rows(
        page,
        columns=columns,
        viewer=visit.contact,
        rules=visit.rules,
        url=visit.ticket_url_base,
    )
    context = {
        "state": state,
        "columns": heads(state, columns),
        "rows": rows,
        "rows_html": rows_html(rows, columns),
        "page_of_rows": page,
        "has_scopes": bool(visit.reach.organizations),
        "periods": PERIODS,
        "chips": chips(state),
        "export_url": f"{visit.url}export/{state.url()}",
    }
    if any(row.is_unread for row in rows):
        context["mark_read_url"] = f"{visit.url}read/{query_of(visit)}"
        context["read_until"] = page.asked_at.isoformat()
    if rows:
        context["count"] = visit.labels.counted(page.count())
    else:
        context["empty"] = _why_empty(visit, state)
    return visit.render("list.html", context)


def page_of(
    visit: Visit,
    state: ListState,
    params: QueryDict,
    size: int = PAGE_SIZE,
    columns: Sequence[Column] | None = None,
    *,
    with_news: bool = False,
) -> TicketRows:
    """A page of the list.

    Args:
        visit: Whose list it is.
        state: What it shows.
        params: Say where in the list the page begins.
        size: Rows on a page.
        columns: The columns beside the subject; ``None``: those of the portal.
        with_news: Whether the rows say that an answer is new.
    """
    found = None
    values = state.values(visit.contact.pk)
    if state.q:
        seen = state.narrow(visible_tickets(visit), values)
        found = seen.search(state.q, visit.rules)
    return TicketRows(
        found,
        reach=state.reach(visit),
        rules=visit.rules,
        narrow=state.narrow,
        shape=None if state.q else state.shape,
        values=values,
        ordering=state.ordering(),
        params=params,
        size=size,
        shown=visit.page.shown_columns if columns is None else columns,
        read_until=visit.contact.read_until if with_news else None,
    )


def chips(state: ListState) -> list[Chip]:
    """What the list is narrowed by, each to be taken away alone (F6)."""
    status = {
        "open": pgettext("status of a request", "Open"),
        "closed": pgettext("status of a request", "Closed"),
    }
    found = []
    if state.q:
        label = _("Search: %(text)s") % {"text": state.q}
        found.append(Chip(label, state.url(q="")))
    if state.status in status:
        label = _("Status: %(status)s") % {"status": status[state.status]}
        found.append(Chip(label, state.url(status="all")))
    if state.scope == "mine":
        found.append(Chip(_("Opened by me"), state.url(scope="all")))
    if state.period:
        label = _("Last activity: %(period)s") % {"period": PERIODS[state.period]}
        found.append(Chip(label, state.url(period="")))
    return found


def heads(state: ListState, columns: Sequence[Column]) -> list[Head]:
    """The heads of the list, with links where the list can be ordered.

    Args:
        state: What the list shows.
        columns: The columns beside the subject.
    """
    subject = _head(state, _("Subject"), "subject")
    return [subject, *(_head(state, col.label, col.sort) for col in columns)]


def _head(state: ListState, label: str | Promise, key: str) -> Head:
    if not key:
        return Head(label)
    current = state.sort.removeprefix("-") == key
    downwards = state.sort.startswith("-")
    # A second click turns the order round; dates begin with the newest, words with A.
    first = key if key == "subject" else f"-{key}"
    other = key if downwards else f"-{key}"
    return Head(
        label=label,
        url=state.url(sort=other if current else first),
        aria_sort=("descending" if downwards else "ascending") if current else "",
    )


def _named_ticket(visit: Visit, text: str) -> HttpResponse | None:
    """Lead to the ticket whose number was typed as ``HD-1042`` or ``#1042``.

    Bare digits may be a word of a subject, so they are searched for.
    """
    if text.isdigit():
        return None
    number = ticket_number_from(text)
    if number is None:
        return None
    found = visible_tickets(visit).numbered(number).first()
    if found is None:
        return None
    if found.number != number:
        messages.info(visit.request, merged_text(Ticket(number=number)))
    return HttpResponseRedirect(visit.ticket_url(found))


def _why_empty(visit: Visit, state: ListState) -> dict[str, str]:
    """What an empty list says, and the way on (UX50)."""
    if not state.is_filtered:
        return {"kind": "first_use"}
    if state.status == "open" and not state.q:
        closed_only = replace(state, status="closed")
        closed = page_of(visit, closed_only, QueryDict(), 1, ()).count()
        if closed:
            return {
                "kind": "only_closed",
                "url": state.url(status="closed"),
                "label": _("Show closed (%(count)s)") % {"count": closed},
            }
    if not page_of(visit, ListState(), QueryDict(), 1, ()).items:
        return {"kind": "first_use"}
    return {"kind": "filtered", "url": state.cleared_url}
