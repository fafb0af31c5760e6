"""What a list of tickets is asked for: the view, the search, the filters, the order.

The whole state is the query string, so that a list can be shared, saved, exported and
worked on in bulk: each of these reads it through ``TicketList``.
"""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.models import (
    Agent,
    Inbox,
    Pipeline,
    Priority,
    Stage,
    Tag,
    Ticket,
    ticket_number_from,
)
from wagtail_helpdesk.models.tickets import TicketQuerySet
from wagtail_helpdesk.pagination import BoundedCount, bounded_count
from wagtail_helpdesk.permissions import agents_visible_to_agent

VIEWS = {
    "mine": gettext_lazy("Mine"),
    "unassigned": gettext_lazy("Unassigned"),
    "open": gettext_lazy("All open"),
    "closed": gettext_lazy("Closed"),
}
#: Not in the navigation: where a search goes that found nothing in a view.
ALL = "all"

SORTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "activity": (gettext_lazy("Latest activity"), ("-last_activity_at", "-pk")),
    "quiet": (gettext_lazy("Longest quiet"), ("last_activity_at", "pk")),
    "newest": (gettext_lazy("Newest"), ("-created_at", "-pk")),
    "oldest": (gettext_lazy("Oldest"), ("created_at", "pk")),
    "priority": (
        gettext_lazy("Priority"),
        ("-priority", "-last_activity_at", "-pk"),
    ),
}

#: Midnights near the ends of the calendar do not exist in every time zone.
_SANE_DAYS = (
    MinValueValidator(datetime.date(1970, 1, 1)),
    MaxValueValidator(datetime.date(9000, 12, 31)),
)

#: Parameters of the list that say where in it one is, not what it is.
_POSITION = ("after", "before", "p", "csrfmiddlewaretoken")


class TicketFilterForm(forms.Form):
    """The filters of the list; every choice is limited to what the agent may see."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=200,
        widget=forms.SearchInput(
            attrs={
                "dir": "auto",
                "autocomplete": "off",
                "placeholder": gettext_lazy("Text, name or number"),
            }
        ),
    )
    inbox = forms.ModelChoiceField(
        label=gettext_lazy("Inbox"),
        queryset=Inbox.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=gettext_lazy("Any inbox"),
    )
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False)
    priority = forms.ChoiceField(label=gettext_lazy("Priority"), required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    tag = forms.ModelChoiceField(
        label=gettext_lazy("Tag"),
        queryset=Tag.objects.none(),
        required=False,
        empty_label=gettext_lazy("Any tag"),
    )
    created_from = forms.DateField(
        label=gettext_lazy("Created from"),
        required=False,
        validators=_SANE_DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    created_to = forms.DateField(
        label=gettext_lazy("Created to"),
        required=False,
        validators=_SANE_DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Sort by"),
        required=False,
        choices=[(key, label) for key, (label, _order) in SORTS.items()],
    )

    def __init__(self, data: QueryDict, *, agent: Agent) -> None:
        super().__init__(data, auto_id="filter-%s", use_required_attribute=False)
        inboxes = Inbox.objects.visible_to_agent(agent)
        tickets = Ticket.objects.visible_to_agent(agent)
        self._field("inbox").queryset = inboxes
        self._field("tag").queryset = Tag.objects.filter(
            Exists(tickets.filter(tags=OuterRef("pk")))
        )
        self._field("stage").choices = _stage_choices(inboxes, tickets)
        self._field("priority").choices = [("", _("Any priority")), *Priority.choices]
        self._field("owner").choices = [
            ("", _("Any owner")),
            ("me", _("Me")),
            ("none", _("Nobody")),
            *(
                (str(colleague.pk), colleague.full_name)
                for colleague in agents_visible_to_agent(agent)
                if colleague.pk != agent.pk
            ),
        ]

    def _field(self, name: str) -> Any:
        return self.fields[name]


def _stage_choices(inboxes: Any, tickets: TicketQuerySet) -> list[tuple[str, Any]]:
    """Categories first, then the stages of the pipelines the agent works with."""
    pipelines = Pipeline.objects.filter(
        Q(pk__in=inboxes.values("default_pipeline"))
        | Exists(tickets.filter(pipeline=OuterRef("pk")))
    )
    stages = (
        Stage.objects.filter(pipeline__in=pipelines)
        .select_related("pipeline")
        .with_labels()
        .order_by("pipeline__order", "pipeline__name", "order", "pk")
    )
    groups: dict[str, list[tuple[str, str]]] = {}
    for stage in stages:
        groups.setdefault(stage.pipeline.name, []).append((str(stage.pk), stage.label))
    choices: list[tuple[str, Any]] = [("", _("Any stage"))]
    choices += list(groups.items())
    return choices


class TicketList:
    """The tickets that a query string asks for, out of those the agent may see.

    Args:
        params: The query string, from the address or from a saved view.
        agent: Who asks.
    """

    def __init__(self, params: QueryDict, *, agent: Agent) -> None:
        self.params = params
        self.agent = agent

    @cached_property
    def view(self) -> str:
        """One of ``VIEWS``, or ``ALL``."""
        asked = self.params.get("view", "mine")
        return asked if asked in VIEWS or asked == ALL else "mine"

    @cached_property
    def form(self) -> TicketFilterForm:
        """The filters, filled in; a wrong value is named and has no effect."""
        form = TicketFilterForm(self.params, agent=self.agent)
        form.is_valid()
        return form

    @property
    def stage_choices(self) -> list[tuple[Any, Any]]:
        """The stages to filter by, with labels, in groups by pipeline."""
        field: Any = self.form.fields["stage"]
        return list(field.choices)

    @property
    def text(self) -> str:
        """What is searched for, or an empty text."""
        return str(self._value("q") or "")

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the view and the order narrows the list."""
        names = set(self.form.fields) - {"sort"}
        return any(self._value(name) for name in names)

    @property
    def hidden_filters(self) -> int:
        """How many of the filters that are folded away are in use."""
        names = ("tag", "created_from", "created_to")
        return sum(1 for name in names if self._value(name))

    @property
    def sort(self) -> str:
        """One of ``SORTS``."""
        return str(self._value("sort") or "activity")

    @property
    def ordering(self) -> tuple[str, ...]:
        """The columns for ``KeysetPage``."""
        return SORTS[self.sort][1]

    def _value(self, name: str) -> Any:
        return self.form.cleaned_data.get(name)

    def in_view(self, view: str) -> TicketQuerySet:
        """The tickets of a built-in view, without search and filters."""
        tickets = Ticket.objects.visible_to_agent(self.agent)
        if view == "mine":
            return tickets.open().filter(owner=self.agent)
        if view == "unassigned":
            return tickets.open().filter(owner=None)
        if view == "open":
            return tickets.open()
        if view == "closed":
            return tickets.closed()
        return tickets

    def count(self, view: str) -> BoundedCount:
        """How many tickets a built-in view has, counted up to 1,000."""
        return bounded_count(self.in_view(view))

    def queryset(self) -> TicketQuerySet:
        """The tickets asked for, in no order."""
        tickets = self.in_view(self.view)
        if inbox := self._value("inbox"):
            tickets = tickets.filter(inbox=inbox)
        if stage := self._value("stage"):
            tickets = tickets.filter(stage=stage)
        if priority := self._value("priority"):
            tickets = tickets.filter(priority=priority)
        owner = self._value("owner")
        if owner == "me":
            tickets = tickets.filter(owner=self.agent)
        elif owner == "none":
            tickets = tickets.filter(owner=None)
        elif owner:
            tickets = tickets.filter(owner=owner)
        if tag := self._value("tag"):
            tickets = tickets.filter(tags=tag)
        if first := self._value("created_from"):
            tickets = tickets.filter(created_at__gte=_midnight(first))
        if last := self._value("created_to"):
            after = last + datetime.timedelta(days=1)
            tickets = tickets.filter(created_at__lt=_midnight(after))
        return (
            tickets.search_with_notes(self.text, self.agent) if self.text else tickets
        )

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


def _midnight(day: datetime.date) -> datetime.datetime:
    """The start of a day in the agent's time zone."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
