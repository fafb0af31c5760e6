"""Template tags of the workspace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from wagtail_helpdesk.who_can_see import who_can_see

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


@register.simple_tag(takes_context=True)
def hdw_who_can_see(context: Context) -> SafeString:
    """Who can see the page that is edited, for the status panel of Wagtail's admin.

    Args:
        context: The panel's context: ``page``, ``request`` and ``panel``, which knows
            the parent of a page that is not saved yet.
    """
    page, request = context.get("page"), context.get("request")
    parent = getattr(context.get("panel"), "parent_page", None)
    if page is None or request is None or not (page.pk or parent):
        return SafeString("")
    shown = who_can_see(page, request, parent=parent)
    return render_to_string(
        "wagtail_helpdesk/admin/includes/who_can_see.html", {"shown": shown}
    )
