"""What a list of tickets is asked for: the view, the search, the filters, the order.

The whole state is the query string, so that a list can be shared, saved, exported and
worked on in bulk: each of these reads it through ``TicketList``.
"""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import BigAutoField, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.admin.choices import MOST_CHOICES, Choices
from wagtail_helpdesk.admin.widgets import (
    LeanDateInput,
    LeanSearchInput,
    LeanSelect,
    LeanTextInput,
)
from wagtail_helpdesk.models import Agent, Ticket, ticket_number_from, ticket_search
from wagtail_helpdesk.models.tickets import TicketQuerySet
from wagtail_helpdesk.pagination import BoundedCount, bounded, count_statement
from wagtail_helpdesk.slotted import KeptQuery, Slot, kept_query

VIEWS = {
    "mine": gettext_lazy("Mine"),
    "unassigned": gettext_lazy("Unassigned"),
    "open": gettext_lazy("All open"),
    "closed": gettext_lazy("Closed"),
}
#: Not in the navigation: where a search goes that found nothing in a view.
ALL = "all"

#: The order for searches only; its column is an annotation.
BEST = "match"
SORTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "activity": (gettext_lazy("Latest activity"), ("-last_activity_at", "-pk")),
    "quiet": (gettext_lazy("Longest quiet"), ("last_activity_at", "pk")),
    "newest": (gettext_lazy("Newest"), ("-created_at", "-pk")),
    "oldest": (gettext_lazy("Oldest"), ("created_at", "pk")),
    "priority": (
        gettext_lazy("Priority"),
        ("-priority", "-last_activity_at", "-pk"),
    ),
    BEST: (gettext_lazy("Best match"), ("-match", "-last_activity_at", "-pk")),
}

_SORT_CHOICES = [(key, label) for key, (label, _order) in SORTS.items()]

#: Midnights near the ends of the calendar do not exist in every time zone.
_SANE_DAYS = (
    MinValueValidator(datetime.date(1970, 1, 1)),
    MaxValueValidator(datetime.date(9000, 12, 31)),
)

_KEY = BigAutoField()
_AGENT = Slot("agent", _KEY)

#: Filters that stand under "More".
FOLDED = ("tag", "created_from", "created_to")

#: Parameters of the list that say where in it one is, not what it is.
_POSITION = ("after", "before", "p", "shown", "csrfmiddlewaretoken")


class TicketFilterForm(forms.Form):
    """The filters of the list; every choice is limited to what the agent may see.

    Choices are read from the database only to check a value that is there, and to show
    the form.
    """

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=200,
        widget=LeanSearchInput(
            attrs={
                "dir": "auto",
                "autocomplete": "off",
                "placeholder": gettext_lazy("Text, name or number"),
            }
        ),
    )
    inbox = forms.ChoiceField(
        label=gettext_lazy("Inbox"), required=False, widget=LeanSelect
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"), required=False, widget=LeanSelect
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"), required=False, widget=LeanSelect
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("Owner"), required=False, widget=LeanSelect
    )
    tag = forms.CharField(
        label=gettext_lazy("Tag"),
        required=False,
        max_length=60,
        widget=LeanTextInput(
            attrs={"dir": "auto", "autocomplete": "off", "list": "hdw-tags"}
        ),
    )
    created_from = forms.DateField(
        label=gettext_lazy("Created from"),
        required=False,
        validators=_SANE_DAYS,
        widget=LeanDateInput(format="%Y-%m-%d"),
    )
    created_to = forms.DateField(
        label=gettext_lazy("Created to"),
        required=False,
        validators=_SANE_DAYS,
        widget=LeanDateInput(format="%Y-%m-%d"),
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Sort by"),
        required=False,
        choices=_SORT_CHOICES,
        widget=LeanSelect,
    )

    def __init__(self, data: QueryDict, *, choices: Choices) -> None:
        super().__init__(data, auto_id="filter-%s", use_required_attribute=False)
        self._choices = choices
        self._field("inbox").choices = choices.inbox_choices
        self._field("stage").choices = choices.stage_choices
        self._field("priority").choices = choices.priority_choices
        self._field("owner").choices = self._owner_choices
        if not data.get("q"):
            self._field("sort").choices = _SORT_CHOICES[:-1]

    def shown(self) -> list[dict[str, Any]]:
        """The fields as the page shows them, without a template for each."""
        return [self._shown(name) for name in self.fields]

    def _shown(self, name: str) -> dict[str, Any]:
        field, errors = self.fields[name], self.errors.get(name)
        attrs = {"id": f"filter-{name}"}
        if errors:
            attrs |= {
                "aria-invalid": "true",
                "aria-describedby": f"filter-{name}_error",
            }
        widget = field.widget.render(name, self.data.get(name), attrs)
        return {
            "name": name,
            "label": field.label,
            "widget": widget,
            "error": errors[0] if errors else "",
        }

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def _owner_choices(self) -> list[tuple[str, str]]:
        """The choices, and who was asked for if the bounded list leaves them out."""
        named = self._choices.owner_choices()
        asked = self.data.get("owner", "").strip()
        if len(named) > MOST_CHOICES and asked not in dict(named):
            found = self._choices.colleague(asked)
            named += [(str(found[0]), found[1])] if found else []
        return named

    def clean_tag(self) -> tuple[int, str] | None:
        """Key and name of the tag that was named; sites have thousands of them."""
        text = self.cleaned_data["tag"]
        if not text:
            return None
        tag = self._choices.tag(text)
        if tag is None:
            raise forms.ValidationError(_("No ticket has this tag."))
        # A link or a saved view may name it by its key.
        self.data = {**self.data.dict(), "tag": tag[1]}  # type: ignore[attr-defined]  # a QueryDict
        return tag


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
        tickets, counts = self._slotted, dict.fromkeys(VIEWS, 0)

        def build() -> KeptQuery | None:
            views = {
                view: tickets.filter(_in_view(view, _AGENT)).order_by()
                for view in VIEWS
            }
            return count_statement(views)

        found = kept_query(tickets.db, ("counts", self._reach), build)
        if found is not None:
            counts |= found.rows(self.slots)[0]._asdict()
        return {view: bounded(count) for view, count in counts.items()}

    def queryset(self) -> TicketQuerySet:
        """The tickets asked for, in no order."""
        tickets = Ticket.objects.visible_to_agent(self.agent)
        tickets = tickets.filter(_in_view(self.view, self.agent), self._filters)
        if tag := self._value("tag"):
            tickets = tickets.filter(tags=tag[0])
        if self.sort == BEST:
            parts = self._parts(2) or [tickets.none()]
            return ticket_search.best_first(parts, self.text, self.agent)
        return tickets.filter(self._search.condition) if self.text else tickets

    @property
    def shape(self) -> tuple[Any, ...] | None:
        """All that ``branches`` depend on but for ``slots``.

        ``None`` for lists that are searched or filtered: those rarely come again.
        """
        return None if self.is_filtered else (self.view, self.sort, self._reach)

    @cached_property
    def slots(self) -> dict[str, Any]:
        """The values of the slots in ``branches``."""
        keys = self._inbox_keys or ()
        one_by_one = {f"inbox{number}": key for number, key in enumerate(keys)}
        return {"agent": self.agent.pk, "inboxes": keys, **one_by_one}

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
        is_closed = {"all": (False, True), "closed": (True,)}.get(self.view, (False,))
        if stage := self._value("stage"):
            # A stage is closed or not: with another view nothing is left, and with the
            # right one the condition would only mislead the database.
            closed = self.choices.stage_texts()[int(stage)][1] == "closed"
            if closed not in is_closed:
                return []
            is_closed = ()
        tickets = self._slotted if with_slots else self._in_inboxes
        if tag := self._value("tag"):
            tickets = tickets.filter(tags=tag[0])
        agent = _AGENT if with_slots else self.agent
        whole = tickets.filter(_by_owner(self.view, agent), self._filters)
        parts = [whole.filter(is_closed=value) for value in is_closed] or [whole]
        keys = self._inbox_keys
        by_inbox = self.sort in ("activity", "quiet", BEST) and not (
            stage or self._value("owner") or self.view in ("mine", "unassigned")
        )
        if keys and by_inbox and 1 < len(keys) * len(parts) <= most:
            each: list[Any] = list(keys)
            if with_slots:
                each = [Slot(f"inbox{number}", _KEY) for number in range(len(keys))]
            return [part.filter(inbox=key) for part in parts for key in each]
        return parts if len(parts) <= most else [whole]

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
    def _filters(self) -> Q:
        """What the filters ask for, without tag and search."""
        asked = Q()
        if public_id := self._value("inbox"):
            keys = {inbox[1]: inbox[0] for inbox in self.choices.inboxes}
            asked &= Q(inbox=keys[public_id])
        if stage := self._value("stage"):
            asked &= Q(stage=stage)
        if priority := self._value("priority"):
            asked &= Q(priority=priority)
        owner = self._value("owner")
        if owner == "me":
            asked &= Q(owner=self.agent)
        elif owner == "none":
            asked &= Q(owner=None)
        elif owner:
            asked &= Q(owner=owner)
        if first := self._value("created_from"):
            asked &= Q(created_at__gte=_midnight(first))
        if last := self._value("created_to"):
            after = last + datetime.timedelta(days=1)
            asked &= Q(created_at__lt=_midnight(after))
        return asked

    def ticket_by_number(self) -> Ticket | None:
        """The ticket whose number is what was searched for, if the agent may see it."""
        number = ticket_number_from(self.text)
        if number is None:
            return None
        tickets = Ticket.objects.visible_to_agent(self.agent)
        return tickets.filter(number=number).first()

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


def _midnight(day: datetime.date) -> datetime.datetime:
    """The start of a day in the agent's time zone."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
