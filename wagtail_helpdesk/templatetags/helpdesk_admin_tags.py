"""Template tags of the workspace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format

register = template.Library()


@register.filter
def hdw_when(value: datetime | None) -> str:
    """A short absolute time: the clock today, the day this year, else the date.

    Args:
        value: An aware time; shown in the agent's zone.
    """
    return short_times()(value) if value is not None else ""


def short_times() -> Callable[[datetime], str]:
    """``hdw_when`` for many times of one page: days of which are written out once."""
    now = timezone.localtime()
    days: dict[date, str] = {}

    def short(value: datetime) -> str:
        local = timezone.localtime(value)
        day = local.date()
        if day == now.date():
            return date_format(local, "TIME_FORMAT")
        if day not in days:
            this_year = day.year == now.year
            days[day] = date_format(day, "j M" if this_year else "j M Y")
        return days[day]

    return short
