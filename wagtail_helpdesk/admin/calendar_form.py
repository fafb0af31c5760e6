"""The form for business hours: a line for each weekday, holidays one a line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from wagtail_helpdesk.business_hours_text import parse_spans, spans_text
from wagtail_helpdesk.models import BusinessCalendar
from wagtail_helpdesk.time_zones import UTC, area_names, zones_by_area

_DAYS = tuple(f"day_{number}" for number in range(7))
MOST_CHARACTERS = 20_000


class CalendarForm(forms.ModelForm):
    """Opening times, typed as ``09:00-13:00, 14:00-18:00``."""

    class Meta:
        model = BusinessCalendar
        fields = ["name", "time_zone", "holidays"]
        widgets = {"holidays": forms.Textarea(attrs={"rows": 8, "dir": "auto"})}

    field_order = ["name", "time_zone", *_DAYS, "holidays"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = self.instance.time_zone
        if self.instance.pk is None:
            present = timezone.get_default_timezone_name()
            self.initial["time_zone"] = present
        self.fields["time_zone"] = forms.ChoiceField(
            label=self.fields["time_zone"].label, choices=_zones(present)
        )
        self.fields["holidays"].validators.append(MaxLengthValidator(MOST_CHARACTERS))
        for number, (name, spans) in enumerate(
            zip(_DAYS, self.instance.week, strict=False)
        ):
            self.fields[name] = forms.CharField(
                label=WEEKDAYS[number],
                required=False,
                max_length=200,
                initial=spans_text(spans),
                help_text=_("Such as 09:00-13:00, 14:00-18:00. Empty: closed.")
                if number == 0
                else "",
                widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
            )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        week = []
        for name in _DAYS:
            try:
                week.append([list(span) for span in parse_spans(values.get(name, ""))])
            except ValidationError as error:
                self.add_error(name, error)
        if len(week) == len(_DAYS):
            self.instance.week = week
        return values


def _zones(present: str) -> list[tuple[Any, Any]]:
    """Places by continent; a zone that the system has lost stays to be kept."""
    areas = area_names()
    choices: list[tuple[Any, Any]] = [(UTC, UTC)]
    known = {UTC}
    for area, places in zones_by_area():
        choices.append((areas.get(area, area), list(places)))
        known.update(name for name, _place in places)
    if present not in known:
        choices.insert(0, (present, present))
    return choices
