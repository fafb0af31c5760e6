"""The pages that have to stay fast at any size, as data: add yours here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from tests.speed.postgres.desk import BigDesk

#: A page of a list looks at so many rows of the traffic tables at most: a page, what
#: hangs on its rows, and a count up to a thousand for each of the views.
ROWS_AT_MOST = 10_000
#: A list is read in the order of an index; a search may sort what it has found.
SORTED_AT_MOST = 1_100


@dataclass(frozen=True)
class HotPage:
    """One page.

    Attributes:
        name: For the report.
        who: The attribute of the desk that opens it; empty: nobody is signed in.
        url: Makes the address.
        indexes: Of these, the statements have to use every one.
        status: What the answer is.
        headers: Of the request.
        slow: Why it is not held to the rules yet; empty: it is.
    """

    name: str
    who: str
    url: Callable[[BigDesk], str]
    indexes: tuple[str, ...] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    slow: str = ""

    def __str__(self) -> str:
        return self.name


def inbox(name: str, who: str = "agent", **rest: Any) -> HotPage:
    """The inbox with a query; ``after=True`` begins far down the list."""
    query = {k: v for k, v in rest.items() if k not in HotPage.__dataclass_fields__}
    options = {k: v for k, v in rest.items() if k in HotPage.__dataclass_fields__}

    def url(desk: BigDesk) -> str:
        late = {"after": desk.late} if query.get("after") else {}
        text = urlencode({**query, **late})
        return f"{reverse('wagtail_helpdesk_admin:inbox')}?{text}"

    return HotPage(f"inbox, {name}", who, url, **options)


def portal(name: str, who: str, query: str = "", **options: Any) -> HotPage:
    """The customer's list."""

    def url(desk: BigDesk) -> str:
        return f"/support/?{query.replace('LATE', desk.late)}"

    return HotPage(f"portal, {name}", who, url, **options)


def agent_page(name: str, **options: Any) -> HotPage:
    """A page about one ticket."""

    def url(desk: BigDesk) -> str:
        return reverse(f"wagtail_helpdesk_admin:{name}", args=[desk.long.public_id])

    return HotPage(name.replace("_", " "), "agent", url, **options)


# Known offenders: a page that meets the rules fails until its reason is taken away.
_THREAD = "counts the messages of the one ticket beside reading them"

HOT: list[HotPage] = [
    inbox("mine", view="mine"),
    inbox("unassigned", view="unassigned"),
    inbox("open", view="open"),
    inbox("closed", view="closed"),
    inbox("all", view="all"),
    inbox("open, every inbox", who="boss", view="open"),
    inbox("all, every inbox", who="boss", view="all"),
    inbox("deep", view="all", after=True),
    inbox("closed, deep", view="closed", after=True),
    inbox("deep, every inbox", who="boss", view="all", after=True),
    inbox("by priority", view="all", priority="1"),
    inbox("newest first", view="all", sort="newest"),
    inbox("rare word", view="all", q="zebra"),
    inbox("common word", view="all", q="firmware"),
    inbox("an address", view="all", q="nobody@nowhere.example"),
    HotPage("list alone", "agent", lambda desk: "/admin/helpdesk/inbox/results/"),
    agent_page("ticket"),
    agent_page("ticket_history"),
    agent_page("ticket_customer_view"),
    portal("small", "small"),
    portal("huge organization", "huge"),
    portal("deep", "huge", "after=LATE"),
    portal("closed", "huge", "status=closed"),
    portal("mine", "huge", "scope=mine"),
    portal("rare word", "huge", "q=zebra"),
    portal("common word", "huge", "q=firmware"),
    HotPage(
        "portal detail",
        "huge",
        lambda desk: f"/support/r/{desk.huge.tickets.first().public_id}/",
        slow=_THREAD,
    ),
    HotPage("article", "", lambda desk: "/help/setup/install/"),
    HotPage("article, signed in", "huge", lambda desk: "/help/setup/install/"),
    HotPage("article search", "", lambda desk: "/help/search/?q=install"),
    HotPage("form", "", lambda desk: "/contact/"),
]
