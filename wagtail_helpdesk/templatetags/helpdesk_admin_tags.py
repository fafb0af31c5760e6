"""Template tags of the workspace."""

from __future__ import annotations

from datetime import datetime

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
    if value is None:
        return ""
    local, now = timezone.localtime(value), timezone.localtime()
    if local.date() == now.date():
        return date_format(local, "TIME_FORMAT")
    if local.year == now.year:
        return date_format(local, "j M")
    return date_format(local, "j M Y")
