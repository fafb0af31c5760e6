"""What a customer's list shows, as its address says it (UX42)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.access.reach import Reach
from wagtail_helpdesk.models.tickets import TicketQuerySet
from wagtail_helpdesk.portal.entry import Visit

MAX_QUERY = 200
STATUSES = ("all", "open", "closed")
SCOPES = ("all", "mine")
#: How long ago the last activity may be; whole days where the reader is.
PERIODS: dict[str, str | Promise] = {
    "7d": gettext_lazy("last 7 days"),
    "30d": gettext_lazy("last 30 days"),
    "12m": gettext_lazy("last 12 months"),
}
#: What a list can be ordered by, and the column (or annotation) behind it.
SORTS = {
    "activity": "last_activity_at",
    "created": "created_at",
    "subject": "subject_sort",
}
DEFAULT_SORT = "-activity"
_USUAL = {"q": "", "status": "all", "scope": "all", "period": "", "sort": DEFAULT_SORT}


@dataclass(frozen=True, slots=True)
class ListState:
    """Everything that decides what the list shows.

    Attributes:
        q: What is searched for.
        status: ``all``, ``open`` or ``closed``.
        scope: ``mine``, or ``all`` that the portal shows.
        period: A key of ``PERIODS``, or empty: any time.
        since: When that period begins. A file that is made for hours keeps to it.
        sort: A key of ``SORTS``, with a minus if it runs downwards.
    """

    q: str = ""
    status: str = "all"
    scope: str = "all"
    period: str = ""
    since: datetime | None = None
    sort: str = DEFAULT_SORT

    @classmethod
    def from_query(cls, params: QueryDict) -> ListState:
        """Read the URL, in the reader's time zone; what is unknown is not given."""
        status, scope = params.get("status", ""), params.get("scope", "")
        sort, period = params.get("sort", ""), params.get("period", "")
        text = params.get("q", "").replace("\x00", " ")
        return cls(
            q=" ".join(text.split())[:MAX_QUERY],
            status=status if status in STATUSES else "all",
            scope=scope if scope in SCOPES else "all",
            period=period if period in PERIODS else "",
            since=_beginning(period) if period in PERIODS else None,
            sort=sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT,
        )

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return any(
            getattr(self, name) != _USUAL[name]
            for name in ("q", "status", "scope", "period")
        )

    @property
    def cleared_url(self) -> str:
        """The query string of the whole list, in the same order."""
        return self.url(q="", status="all", scope="all", period="")

    def url(self, **changes: str) -> str:
        """The query string of this state with some parts changed."""
        state = {name: getattr(self, name) for name in _USUAL} | changes
        given = {name: value for name, value in state.items() if value != _USUAL[name]}
        return f"?{urlencode(given)}"

    @property
    def shape(self) -> tuple[str, ...]:
        """What ``narrow`` does, without the values that it compares with."""
        return (self.status, self.scope, "since" if self.period else "")

    def values(self, contact: int) -> dict[str, Any]:
        """What ``narrow`` compares with.

        Args:
            contact: The customer's key.
        """
        values: dict[str, Any] = {"contact": contact}
        if self.since is not None:
            values["since"] = self.since
        return values

    def narrow(
        self, tickets: TicketQuerySet, values: Mapping[str, Any]
    ) -> TicketQuerySet:
        """Apply the filters.

        Args:
            tickets: The tickets.
            values: As ``values`` gives them, or stand-ins.
        """
        if self.status == "open":
            tickets = tickets.filter(is_closed=False)
        elif self.status == "closed":
            tickets = tickets.filter(is_closed=True)
        if self.scope == "mine":
            tickets = tickets.filter(contact=values["contact"])
        if "since" in values:
            tickets = tickets.filter(last_activity_at__gte=values["since"])
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


def _beginning(period: str) -> datetime:
    """The first moment of the day on which a period begins, where the reader is."""
    today = timezone.localdate()
    if period == "12m":
        # On 29 February, from the 1st of March.
        is_leap_day = (today.month, today.day) == (2, 29)
        day = (today + timedelta(days=is_leap_day)).replace(year=today.year - 1)
    else:
        day = today - timedelta(days=int(period.removesuffix("d")))
    return _midnight(day)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
