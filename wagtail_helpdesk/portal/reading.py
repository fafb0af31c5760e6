"""Reads the list's rows: one statement for a page, kept between requests.

A search has a statement of its own each time; every other list has one of a few.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any, cast

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils import timezone

from wagtail_helpdesk.access.reach import Reach
from wagtail_helpdesk.models import (
    Agent,
    Contact,
    PortalRules,
    Priority,
    Stage,
    Ticket,
)
from wagtail_helpdesk.models.read_marks import unread_messages
from wagtail_helpdesk.models.tickets import TicketQuerySet
from wagtail_helpdesk.pagination import BoundedCount, KeysetPage, beyond
from wagtail_helpdesk.portal.columns import Column, as_value
from wagtail_helpdesk.portal.display import Row, agent_name, customer_name, status_of
from wagtail_helpdesk.statements.querysets import ask, count_of_keys, union_of_keys

#: What a row is ordered by and shown from; see ``_owner_columns`` for the rest.
_COLUMNS = (
    *("pk", "number", "public_id", "subject", "is_closed", "stage", "owner"),
    *("contact", "contact__name", "created_at", "last_activity_at"),
    "owner__display_alias",
)
#: Where counting stops. Each ticket counted is one that the rule is asked about, or
#: whose words are looked at; beyond four pages, filters help more than a number.
_COUNTED = 100

Narrow = Callable[[TicketQuerySet, Mapping[str, Any]], TicketQuerySet]


class TicketRows(KeysetPage[Any]):
    """A page of a customer's tickets, as rows of the columns that are shown.

    Args:
        found: What a search found; ``None`` for a list with a ``shape``, whose
            statement is kept.
        reach: How far the customer sees.
        rules: The portal's rules.
        narrow: Applies the list's filters to tickets, with values such as ``values``.
        shape: Names what ``narrow`` does; ``None``: it is another thing each time.
        values: What ``narrow`` compares with, the key of the ``contact`` among it.
        ordering: As for ``KeysetPage``.
        params: The request's query parameters.
        size: Rows on a page.
        shown: The columns whose values are needed.
        read_until: The contact's; the rows say then whether something is new.

    Attributes:
        asked_at: The moment about which they say so.
    """

    def __init__(
        self,
        found: TicketQuerySet | None,
        *,
        reach: Reach,
        rules: PortalRules,
        narrow: Narrow,
        shape: tuple[str, ...] | None,
        values: Mapping[str, Any],
        ordering: Sequence[str],
        params: QueryDict,
        size: int,
        shown: Sequence[Column] = (),
        read_until: datetime | None = None,
    ) -> None:
        self._reach = reach
        self._fields_shown = _columns(
            ordering[0].endswith("subject_sort"),
            tuple(sorted({name for column in shown for name in column.fields})),
            read_until is not None,
        )
        self.asked_at = timezone.now()
        self._news = (
            {"read_until": read_until, "news_now": self.asked_at} if read_until else {}
        )
        self._rules = rules
        self._narrow = narrow
        self._shape = shape
        self._given = values
        self._by_subject = ordering[0].endswith("subject_sort")
        # Should this ever be asked where a statement is kept, it shows nothing.
        tickets = Ticket.objects.none() if found is None else found
        if self._by_subject:
            tickets = tickets.annotate(subject_sort=Lower("subject"))
        super().__init__(tickets, ordering=ordering, params=params, size=size)

    def count(self) -> BoundedCount:
        """How many tickets the whole list has, as far as 100."""
        if not self.has_other_pages:
            return BoundedCount(value=len(self.items), is_exact=True)
        found = ask(
            None if self._shape is None else ("portal count", *self._key()),
            self._values(),
            self._counting,
            using=self._queryset.db,
        )
        counted = found[0] if found else 0
        return BoundedCount(value=min(counted, _COUNTED), is_exact=counted <= _COUNTED)

    def _rows(
        self, values: Sequence[Any] | None, *, backwards: bool = False
    ) -> list[Any]:
        columns = self._fields_shown
        order_by = [(name, down != backwards) for name, down in self._order]
        edge = {f"edge_{number}": value for number, value in enumerate(values or ())}

        def build(stand_ins: Mapping[str, Any]) -> QuerySet[Any]:
            names = [f"-{name}" if down else name for name, down in order_by]
            seen = self._visible(stand_ins).order_by(*names)
            if edge:
                seen = seen.filter(beyond(order_by, [stand_ins[name] for name in edge]))
            limit = self.size + 1
            ways = self._reach_of(stand_ins).ways()
            keys = [seen.filter(way).values("pk")[:limit] for way in ways]
            found = self._with_news(stand_ins).filter(pk__in=union_of_keys(keys))
            return found.order_by(*names).values_list(*columns)[:limit]

        key = (
            *("portal page", *self._key(), tuple(order_by), bool(edge), self.size),
            *(columns, self._rules.thread_policy),
        )
        rows = ask(
            None if self._shape is None else key,
            {**self._values(), **edge, **self._news},
            build,
            using=self._queryset.db,
        )
        return [_row_type(columns)._make(row) for row in rows]

    def _counting(self, values: Mapping[str, Any]) -> QuerySet[Any]:
        seen = self._visible(values).order_by()
        ways = self._reach_of(values).ways()
        keys = [seen.filter(way).values("pk")[: _COUNTED + 1] for way in ways]
        counted = count_of_keys(keys, limit=_COUNTED + 1)
        any_row = Ticket.objects.order_by().annotate(counted=counted)
        return any_row.values_list("counted", flat=True)[:1]

    def _plain(self) -> TicketQuerySet:
        tickets = Ticket.objects.using(self._queryset.db)
        if self._by_subject:
            tickets = tickets.annotate(subject_sort=Lower("subject"))
        return tickets

    def _with_news(self, values: Mapping[str, Any]) -> TicketQuerySet:
        """All tickets, with whether an answer is new to the contact (F6)."""
        tickets = self._plain()
        if not self._news:
            return tickets
        unread = unread_messages(
            values["contact"],
            self._rules,
            read_until=values["read_until"],
            now=values["news_now"],
        ).filter(conversation__ticket=OuterRef("pk"))
        return tickets.annotate(has_news=Exists(unread))

    def _visible(self, values: Mapping[str, Any]) -> TicketQuerySet:
        """What the rule shows the contact with this key, filtered or searched."""
        if self._shape is None:
            return cast("TicketQuerySet", self._queryset)
        seen = self._plain().visible_to_contact(
            Contact(pk=values["contact"]), self._rules
        )
        return self._narrow(seen, values)

    def _key(self) -> tuple[Any, ...]:
        """All about the list that is not among its values."""
        return (
            self._shape,
            self._rules.visibility_key,
            len(self._reach.organizations),
            self._reach.takes_part,
        )

    def _values(self) -> dict[str, Any]:
        organizations = enumerate(self._reach.organizations)
        return {
            **self._given,
            **{f"organization_{number}": pk for number, pk in organizations},
        }

    def _reach_of(self, values: Mapping[str, Any]) -> Reach:
        """The same reach with other keys."""
        count = len(self._reach.organizations)
        return Reach(
            values["contact"],
            tuple(values[f"organization_{number}"] for number in range(count)),
            self._reach.takes_part,
        )


def shown_rows(
    page: Iterable[Any],
    *,
    columns: Sequence[Column],
    viewer: Contact,
    rules: PortalRules,
    url: str,
) -> list[Row]:
    """The list's lines.

    Takes one query where the portal shows stages.

    Args:
        page: What ``TicketRows`` found.
        columns: What the lines hold beside the subject.
        viewer: Who reads.
        rules: The portal's rules.
        url: The address below which the tickets' pages are.
    """
    found = list(page)
    wanted = {column.key for column in columns}
    stages: dict[int, Stage] = {}
    if rules.show_stages and "status" in wanted:
        stages = Stage.objects.shown_to_customers({row.stage for row in found})
    owners: dict[int | None, str] = {None: ""}
    for row in found:
        if row.owner not in owners:
            owners[row.owner] = agent_name(_agent_of(row), rules)
    made: dict[str, Callable[[Any], Any]] = {
        "requester": lambda row: customer_name(row.contact, row.contact__name, viewer),
        "owner": lambda row: owners[row.owner],
        "status": lambda row: status_of(stages.get(row.stage), row.is_closed, rules),
        "created": lambda row: row.created_at,
        "activity": lambda row: row.last_activity_at,
        "priority": lambda row: Priority(row.priority).label,
    }
    cells = [
        (column.key, made.get(column.key) or partial(as_value, column))
        for column in columns
    ]
    prefix = Ticket(number=0).reference.removesuffix("0")
    return [
        Row(
            reference=f"{prefix}{row.number}",
            subject=row.subject,
            url=f"{url}{row.public_id}/",
            values={key: value(row) for key, value in cells},
            is_unread=getattr(row, "has_news", False),
        )
        for row in found
    ]


def _agent_of(row: Any) -> Agent:
    """The owner of a row, with as much of the account as names are made of."""
    names = _owner_columns()
    values = [getattr(row, f"owner__user__{name}") for name in names]
    user = get_user_model().from_db(None, names, values)
    return Agent(display_alias=row.owner__display_alias, user=user)


@cache
def _owner_columns() -> tuple[str, ...]:
    """The columns of an account that a name may be made of: few, or who knows which."""
    model = get_user_model()
    fields = [field.attname for field in model._meta.concrete_fields]
    known = (model._meta.pk.attname, "first_name", "last_name")
    is_usual = getattr(model, "get_full_name", None) is AbstractUser.get_full_name
    return known if is_usual and set(known) <= set(fields) else tuple(fields)


@cache
def _row_type(columns: tuple[str, ...]) -> Any:
    return namedtuple("TicketRow", columns)


@cache
def _columns(
    by_subject: bool, chosen: tuple[str, ...], with_news: bool
) -> tuple[str, ...]:
    owner = [f"owner__user__{name}" for name in _owner_columns()]
    # Annotations come last, as in the statement.
    last = ["subject_sort"] if by_subject else []
    last += ["has_news"] if with_news else []
    return (*_COLUMNS, *owner, *chosen, *last)
