"""What a list of tickets is asked for: the view, the search, the filters, the order.

The whole state is the query string, so that a list can be shared, saved, exported and
worked on in bulk: each of these reads it through ``TicketList``.
"""

from __future__ import annotations

from typing import Any

from django.db.models import BigAutoField, Q
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.admin.choices import Choices
from wagtail_helpdesk.admin.filter_form import (
    BEST,
    FOLDED,
    LOOKUPS,
    SORTS,
    TicketFilterForm,
)
from wagtail_helpdesk.models import Agent, Ticket, ticket_number_from, ticket_search
from wagtail_helpdesk.models.tickets import TicketQuerySet
from wagtail_helpdesk.pagination import BoundedCount, bounded, count_statement
from wagtail_helpdesk.statements.slots import KeptQuery, Slot, kept_query

VIEWS = {
    "mine": gettext_lazy("Mine"),
    "unassigned": gettext_lazy("Unassigned"),
    "open": gettext_lazy("All open"),
    "closed": gettext_lazy("Closed"),
}
#: Not in the navigation: where a search goes that found nothing in a view.
ALL = "all"

_KEY = BigAutoField()
_AGENT = Slot("agent", _KEY)

#: Parameters of the list that say where in it one is, not what it is.
_POSITION = ("after", "before", "p", "shown", "csrfmiddlewaretoken")


class TicketList:
    """The tickets that a query string asks for, out of those the agent may see.

    Args:
        params: The query string, from the address or from a saved view.
        agent: Who asks.
    """

    def __init__(self, params: QueryDict, *, agent: Agent) -> None:
        self.params = params
        self.agent = agent
        self.choices = Choices(agent)

    @cached_property
    def view(self) -> str:
        """One of ``VIEWS``, or ``ALL``."""
        asked = self.params.get("view", "mine")
        return asked if asked in VIEWS or asked == ALL else "mine"

    @cached_property
    def form(self) -> TicketFilterForm:
        """The filters, filled in; a wrong value is named and has no effect."""
        form = TicketFilterForm(self.params, choices=self.choices)
        form.is_valid()
        return form

    @property
    def text(self) -> str:
        """What is searched for, or an empty text."""
        return str(self._value("q") or "")

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the view and the order narrows the list."""
        names = set(TicketFilterForm.base_fields) - {"sort"}
        return any(self._value(name) for name in names)

    @property
    def hidden_filters(self) -> int:
        """How many of the filters that are folded away are in use."""
        return sum(1 for name in FOLDED if self._value(name))

    @property
    def sort(self) -> str:
        """One of ``SORTS``."""
        sort = str(self._value("sort") or "activity")
        return "activity" if sort == BEST and not self.text else sort

    @property
    def ordering(self) -> tuple[str, ...]:
        """The columns for ``KeysetPage``."""
        return SORTS[self.sort][1]

    @cached_property
    def _values(self) -> dict[str, Any]:
        # Most lists have no filter: a poll of one need not set a form up.
        if not any(self.params.get(name) for name in TicketFilterForm.base_fields):
            return {}
        return self.form.cleaned_data

    def _value(self, name: str) -> Any:
        return self._values.get(name)

    def counts(self) -> dict[str, BoundedCount]:
        """How many tickets are in each of ``VIEWS``, without search and filters."""
        counts = dict.fromkeys(VIEWS, 0)

        def build() -> KeptQuery | None:
            tickets = self._slotted
            views = {
                view: tickets.filter(_in_view(view, _AGENT)).order_by()
                for view in VIEWS
            }
            return count_statement(views)

        found = kept_query(Ticket.objects.db, ("counts", self._reach), build)
        if found is not None:
            counts |= found.rows(self.slots)[0]._asdict()
        return {view: bounded(count) for view, count in counts.items()}

    def queryset(self) -> TicketQuerySet:
        """The tickets asked for, in no order."""
        tickets = Ticket.objects.visible_to_agent(self.agent)
        tickets = tickets.filter(_in_view(self.view, self.agent), self._filters())
        if self.sort == BEST:
            parts = self._parts(2) or [tickets.none()]
            return ticket_search.best_first(parts, self.text, self.agent)
        return tickets.filter(self._search.condition) if self.text else tickets

    @property
    def shape(self) -> tuple[Any, ...] | None:
        """All that ``branches`` depend on but for ``slots``.

        ``None`` for lists that are searched: those rarely come again.
        """
        if self.text:
            return None
        filters = tuple((name, value is None) for name, value in self._asked.items())
        return (self.view, self.sort, self._reach, self._stage_fits, *filters)

    @cached_property
    def slots(self) -> dict[str, Any]:
        """The values of the slots in ``branches``."""
        keys = self._inbox_keys or ()
        one_by_one = {f"inbox{number}": key for number, key in enumerate(keys)}
        asked = {f"by_{name}": value for name, value in self._asked.items()}
        return {"agent": self.agent.pk, "inboxes": keys, **one_by_one, **asked}

    def branches(self, most: int) -> list[TicketQuerySet]:
        """The same tickets as parts that have none in common, for a ``KeptQuery``.

        Each part fixes the leading columns of an index, so that the database walks the
        index in the list's order and stops after a page. In one query over several
        inboxes it has to choose between sorting all of their tickets and walking past
        everybody else's.

        Args:
            most: Most parts worth having; with more, inboxes share one.
        """
        if not self.text:
            return self._parts(most, with_slots=True)
        if self.sort == BEST or not self._search.is_walked:
            return [self.queryset()]
        parts = self._parts(most, with_slots=True)
        return [part.filter(self._search.condition) for part in parts]

    @cached_property
    def _search(self) -> ticket_search.Search:
        database = Ticket.objects.all().db
        return ticket_search.agents_search(self.text, self.agent, using=database)

    def _parts(self, most: int, *, with_slots: bool = False) -> list[TicketQuerySet]:
        if self._stage_fits is False:
            return []
        # A stage is closed or not: the condition would only mislead the database.
        states = () if self._stage_fits else self._states
        if "inbox" in self._asked:
            # One that the agent works: no more has to be said about inboxes.
            tickets = Ticket.objects.live()
        else:
            tickets = self._slotted if with_slots else self._in_inboxes
        agent = _AGENT if with_slots else self.agent
        filters = self._filters(with_slots=with_slots)
        whole = tickets.filter(_by_owner(self.view, agent), filters)
        parts = [whole.filter(is_closed=value) for value in states] or [whole]
        keys = self._inbox_keys
        by_inbox = self.sort in ("activity", "quiet", BEST) and not (
            self._asked.keys() & {"inbox", "stage", "owner"}
            or self.view in ("mine", "unassigned")
        )
        if keys and by_inbox and 1 < len(keys) * len(parts) <= most:
            each: list[Any] = list(keys)
            if with_slots:
                each = [Slot(f"inbox{number}", _KEY) for number in range(len(keys))]
            return [part.filter(inbox=key) for part in parts for key in each]
        return parts if len(parts) <= most else [whole]

    @property
    def _states(self) -> tuple[bool, ...]:
        """Which values of ``is_closed`` the view has."""
        return {ALL: (False, True), "closed": (True,)}.get(self.view, (False,))

    @property
    def _stage_fits(self) -> bool | None:
        """Whether tickets in the stage asked for are in the view; ``None``: any."""
        if "stage" not in self._asked:
            return None
        category = self.choices.stage_texts()[self._asked["stage"]][1]
        return (category == "closed") in self._states

    @property
    def _inbox_keys(self) -> tuple[int, ...] | None:
        """Keys of the agent's inboxes; ``None`` for who works all of them."""
        return None if self.agent.works_all_inboxes else self.choices.inbox_keys

    @cached_property
    def _in_inboxes(self) -> TicketQuerySet:
        """What ``visible_to_agent`` has, with the keys of the inboxes looked up."""
        tickets, keys = Ticket.objects.live(), self._inbox_keys
        if keys is None:
            return tickets
        if len(keys) == 1:
            return tickets.filter(inbox=keys[0])
        return tickets.filter(inbox__in=keys)

    @property
    def _reach(self) -> int | None:
        """How many inboxes the agent has; ``None`` for who works all of them."""
        return None if self._inbox_keys is None else len(self._inbox_keys)

    @property
    def _slotted(self) -> TicketQuerySet:
        """The same as ``_in_inboxes``, with places for the keys."""
        tickets, reach = Ticket.objects.live(), self._reach
        if reach is None:
            return tickets
        if reach == 0:
            return tickets.none()
        if reach == 1:
            return tickets.filter(inbox=Slot("inbox0", _KEY))
        return tickets.filter(inbox__in=Slot("inboxes", _KEY, reach))

    @cached_property
    def _asked(self) -> dict[str, Any]:
        """The values of the filters in use, without the search."""
        return self.form.asked() if self._values else {}

    def _filters(self, *, with_slots: bool = False) -> Q:
        """What the filters ask for, without the search."""
        asked = Q()
        for name, value in self._asked.items():
            lookup, field = LOOKUPS[name]
            # SQL has another way to ask for nobody.
            is_slot = with_slots and value is not None
            asked &= Q(**{lookup: Slot(f"by_{name}", field) if is_slot else value})
        return asked

    def ticket_by_number(self) -> Ticket | None:
        """The ticket whose number is what was searched for, if the agent may see it.

        The page of a merged one leads to the other. Who does not work its inbox gets
        the other at once, if they see that.
        """
        number = ticket_number_from(self.text)
        if number is None:
            return None
        seen = Ticket.objects.visible_to_agent(self.agent).numbered(number).first()
        if seen is not None and seen.number == number:
            return seen
        merged = Ticket.objects.merged_for_agent(self.agent).filter(number=number)
        return merged.first() or seen

    def query(self, **changes: str) -> str:
        """The query string of this list, without the position in it.

        Args:
            changes: Parameters to set; an empty text removes one.
        """
        params = self.params.copy()
        for name in _POSITION:
            params.pop(name, None)
        for name, value in changes.items():
            params.pop(name, None)
            if value:
                params[name] = value
        for name in [name for name in params if not params.get(name)]:
            params.pop(name)
        return str(params.urlencode())


def _by_owner(view: str, agent: Agent | Slot) -> Q:
    if view == "mine":
        return Q(owner=agent)
    return Q(owner=None) if view == "unassigned" else Q()


def _in_view(view: str, agent: Agent | Slot) -> Q:
    if view == ALL:
        return Q()
    return _by_owner(view, agent) & Q(is_closed=view == "closed")
