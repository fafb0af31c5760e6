"""The filters of the list of tickets: fields, choices, and what they ask for."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import (
    BigAutoField,
    DateTimeField,
    Field,
    PositiveSmallIntegerField,
)
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.admin.choices import MOST_CHOICES, Choices
from wagtail_helpdesk.admin.widgets import (
    LeanDateInput,
    LeanSearchInput,
    LeanSelect,
    LeanTextInput,
)

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

#: Filters that stand under "More".
FOLDED = ("tag", "created_from", "created_to")

#: What each filter of ``asked`` looks up, and what its value is.
LOOKUPS: dict[str, tuple[str, Field[Any, Any]]] = {
    "inbox": ("inbox", BigAutoField()),
    "stage": ("stage", BigAutoField()),
    "priority": ("priority", PositiveSmallIntegerField()),
    "owner": ("owner", BigAutoField()),
    "tag": ("tags", BigAutoField()),
    "created_from": ("created_at__gte", DateTimeField()),
    "created_to": ("created_at__lt", DateTimeField()),
}


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

    def asked(self) -> dict[str, Any]:
        """The values that the filters in use look up, by name; see ``LOOKUPS``.

        Nobody as the owner is ``None``.
        """
        used = {name: self.cleaned_data.get(name) for name in LOOKUPS}
        return {name: self._asked(name, value) for name, value in used.items() if value}

    def _asked(self, name: str, value: Any) -> Any:
        if name == "inbox":
            return {inbox[1]: inbox[0] for inbox in self._choices.inboxes}[value]
        if name == "owner" and value in ("me", "none"):
            return self._choices.agent.pk if value == "me" else None
        if name == "tag":
            return value[0]
        if name == "created_from":
            return _midnight(value)
        if name == "created_to":
            return _midnight(value + datetime.timedelta(days=1))
        return int(value)


def _midnight(day: datetime.date) -> datetime.datetime:
    """The start of a day in the agent's time zone."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
