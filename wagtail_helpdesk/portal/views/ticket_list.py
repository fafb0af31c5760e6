"""The list of a customer's tickets (F6): search, filters, order, pages, by URL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_helpdesk.access.reach import Reach
from wagtail_helpdesk.models import Ticket
from wagtail_helpdesk.models.tickets import TicketQuerySet, ticket_number_from
from wagtail_helpdesk.pagination import bounded_count
from wagtail_helpdesk.portal.columns import Column, Head
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.reading import TicketRows, shown_rows
from wagtail_helpdesk.portal.row_html import rows_html

PAGE_SIZE = 25
MAX_QUERY = 200
STATUSES = ("all", "open", "closed")
SCOPES = ("all", "mine")
#: What a list can be ordered by, and the column (or annotation) behind it.
SORTS = {
    "activity": "last_activity_at",
    "created": "created_at",
    "subject": "subject_sort",
}
DEFAULT_SORT = "-activity"


@dataclass(frozen=True, slots=True)
class ListState:
    """Everything that decides what the list shows, as the URL says it (UX42).

    Attributes:
        q: What is searched for.
        status: ``all``, ``open`` or ``closed``.
        scope: ``mine``, or ``all`` that the portal shows.
        sort: A key of ``SORTS``, with a minus if it runs downwards.
    """

    q: str = ""
    status: str = "all"
    scope: str = "all"
    sort: str = DEFAULT_SORT

    @classmethod
    def from_query(cls, params: QueryDict) -> ListState:
        """Read the URL; what is unknown there counts as not given."""
        status, scope = params.get("status", ""), params.get("scope", "")
        sort = params.get("sort", "")
        text = params.get("q", "").replace("\x00", " ")
        return cls(
            q=" ".join(text.split())[:MAX_QUERY],
            status=status if status in STATUSES else "all",
            scope=scope if scope in SCOPES else "all",
            sort=sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT,
        )

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return bool(self.q) or self.status != "all" or self.scope != "all"

    def url(self, **changes: str) -> str:
        """The query string of this state with some parts changed."""
        state = {
            "q": self.q,
            "status": self.status,
            "scope": self.scope,
            "sort": self.sort,
            **changes,
        }
        usual = {"q": "", "status": "all", "scope": "all", "sort": DEFAULT_SORT}
        given = {name: value for name, value in state.items() if value != usual[name]}
        return f"?{urlencode(given)}"

    def narrow(self, tickets: TicketQuerySet, contact: int) -> TicketQuerySet:
        """Apply the filters.

        Args:
            tickets: The tickets.
            contact: The customer's key.
        """
        if self.status == "open":
            tickets = tickets.filter(is_closed=False)
        elif self.status == "closed":
            tickets = tickets.filter(is_closed=True)
        if self.scope == "mine":
            tickets = tickets.filter(contact=contact)
        return tickets

    def reach(self, visit: Visit) -> Reach:
        """How far the customer sees within these tickets."""
        if self.scope == "mine":
            return Reach(visit.contact.pk)
        return visit.reach

    def ordering(self) -> list[str]:
        """Columns for a ``KeysetPage``."""
        minus = "-" if self.sort.startswith("-") else ""
        return [f"{minus}{SORTS[self.sort.removeprefix('-')]}", f"{minus}pk"]


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
    if found := _named_ticket(visit, state.q):
        return HttpResponseRedirect(visit.ticket_url(found))
    columns = visit.page.shown_columns
    page = page_of(visit, state, visit.request.GET)
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
        "chips": chips(state),
        "export_url": f"{visit.url}export/{state.url()}",
    }
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
) -> TicketRows:
    """A page of the list.

    Args:
        visit: Whose list it is.
        state: What it shows.
        params: Say where in the list the page begins.
        size: Rows on a page.
        columns: The columns beside the subject; ``None``: those of the portal.
    """
    found = None
    if state.q:
        seen = state.narrow(visible_tickets(visit), visit.contact.pk)
        found = seen.search(state.q, visit.rules)
    return TicketRows(
        found,
        reach=state.reach(visit),
        rules=visit.rules,
        narrow=state.narrow,
        shape=None if state.q else (state.status, state.scope),
        ordering=state.ordering(),
        params=params,
        size=size,
        shown=visit.page.shown_columns if columns is None else columns,
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


def _named_ticket(visit: Visit, text: str) -> Ticket | None:
    """The ticket whose number was typed as ``HD-1042`` or ``#1042``.

    Bare digits may be a word of a subject, so they are searched for.
    """
    if text.isdigit():
        return None
    number = ticket_number_from(text)
    if number is None:
        return None
    return visible_tickets(visit).filter(number=number).first()


def _why_empty(visit: Visit, state: ListState) -> dict[str, str]:
    """What an empty list says, and the way on (UX50)."""
    if not state.is_filtered:
        return {"kind": "first_use"}
    everything = visible_tickets(visit)
    if state.status == "open" and not state.q:
        closed_only = ListState(status="closed", scope=state.scope)
        closed = bounded_count(
            closed_only.narrow(everything, visit.contact.pk),
            ways=closed_only.reach(visit).ways(),
        )
        if closed:
            return {
                "kind": "only_closed",
                "url": state.url(status="closed"),
                "label": _("Show closed (%(count)s)") % {"count": closed},
            }
    if not any(everything.filter(way).exists() for way in visit.reach.ways()):
        return {"kind": "first_use"}
    return {"kind": "filtered", "url": state.url(q="", status="all", scope="all")}
