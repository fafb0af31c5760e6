"""Opening times as a page shows them: the week, the coming holidays, open or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_helpdesk.business_time import DAY, OpeningHours, Span
from wagtail_helpdesk.models import BusinessCalendar
from wagtail_helpdesk.promises import moment_text
from wagtail_helpdesk.time_zones import UTC, place_of

MOST_HOLIDAYS = 5


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week.

    Attributes:
        name: Its name.
        times: When it is open, in words; empty: closed.
        is_today: Whether it is today, where the page says what holds now.
    """

    name: str
    times: tuple[str, ...]
    is_today: bool


@dataclass(frozen=True, slots=True)
class ShownHours:
    """What the block shows of a calendar.

    Attributes:
        days: The week from Monday.
        holidays: The next ones: day and name.
        zone: Where the clock hangs, in words.
        is_open: Whether it is open now; ``None`` where the page does not say.
        state: The same as a sentence.
    """

    days: tuple[Weekday, ...]
    holidays: tuple[tuple[date, str], ...]
    zone: str
    is_open: bool | None = None
    state: str = ""


def shown_hours(calendar: BusinessCalendar, *, with_now: bool) -> ShownHours | None:
    """What to show of a calendar; ``None`` if the system does not know its zone.

    Args:
        calendar: The calendar.
        with_now: Whether to say what holds at this moment.
    """
    hours = calendar.hours
    if hours is None:
        return None
    now = timezone.now().astimezone(hours.zone)
    today = now.date()
    days = tuple(
        Weekday(
            name=str(WEEKDAYS[number]),
            times=tuple(_span_text(span) for span in spans),
            is_today=with_now and number == today.weekday(),
        )
        for number, spans in enumerate(hours.week)
    )
    coming = ((one.next_on(today), one.name) for one in calendar.holiday_list)
    holidays = sorted((day, name) for day, name in coming if day is not None)
    place = place_of(calendar.time_zone)
    shown = ShownHours(
        days=days,
        holidays=_once(holidays)[:MOST_HOLIDAYS],
        zone=_("All times are UTC.")
        if calendar.time_zone == UTC
        else _("All times are local times in %(place)s.") % {"place": place},
    )
    if not with_now:
        return shown
    is_open, state = _state(hours, now)
    return ShownHours(shown.days, shown.holidays, shown.zone, is_open, state)


def _once(holidays: Iterable[tuple[date, str]]) -> tuple[tuple[date, str], ...]:
    """Each day once: one of this year may be one of every year too."""
    found: dict[date, str] = {}
    for day, name in holidays:
        found[day] = found.get(day) or name
    return tuple(found.items())


def _span_text(span: Span) -> str:
    if span == (0, DAY):
        return _("around the clock")
    opens, closes = (
        time_format(time(minute // 60 % 24, minute % 60), "TIME_FORMAT")
        for minute in span
    )
    # Translators: Opening times, such as 09:00–13:00.
    return _("%(opens)s–%(closes)s") % {"opens": opens, "closes": closes}


def _state(hours: OpeningHours, now: datetime) -> tuple[bool, str]:
    state = hours.state(now)
    if state.until is None:
        closed = pgettext("opening hours", "Closed")
        return state.is_open, _("Open now") if state.is_open else closed
    local = state.until.astimezone(hours.zone)
    if not state.is_open:
        return False, _("Closed, opens %(when)s") % {"when": moment_text(local)}
    # Midnight belongs to the day that it ends.
    is_today = (local - timedelta(minutes=1)).date() == now.date()
    when = date_format(local, "TIME_FORMAT") if is_today else moment_text(local)
    return True, _("Open now, until %(when)s") % {"when": when}
