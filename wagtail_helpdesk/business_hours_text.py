"""Opening times and holidays as people type them, and back.

``09:00-13:00, 14:00-18:00`` is one day; ``2026-12-25 Christmas Day`` one holiday, and
without the year one of every year.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_helpdesk.business_time import DAY, Span

#: Marks of direction, which come along when one copies an example in Arabic.
_MARKS = re.compile("[\u200e\u200f\u061c]")
MOST_SPANS = 12
MOST_HOLIDAYS = 500
#: A leap year: the 29th of February is a day to be closed on.
LEAP_YEAR = 2000
_SPAN = re.compile(
    r"([0-9]{1,2})(?:[:.h]([0-9]{2}))?h?\s*[-–—]\s*([0-9]{1,2})(?:[:.h]([0-9]{2}))?h?"
)
_HOLIDAY = re.compile(
    r"(?:([0-9]{4})-)?([0-9]{1,2})-([0-9]{1,2})(?:\s+(.*))?", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which nobody works.

    Attributes:
        month: Its month.
        day: Its day.
        year: Its year; ``None``: every year.
        name: What it is called; may be empty.
    """

    month: int
    day: int
    year: int | None = None
    name: str = ""

    @property
    def text(self) -> str:
        """As it is typed."""
        year = f"{self.year:04}-" if self.year is not None else ""
        return f"{year}{self.month:02}-{self.day:02} {self.name}".strip()

    @property
    def date(self) -> datetime.date | None:
        """Its day, unless it comes every year."""
        if self.year is None:
            return None
        return datetime.date(self.year, self.month, self.day)

    def next_on(self, today: datetime.date) -> datetime.date | None:
        """Its next day, today or later; ``None`` if it is over."""
        if (once := self.date) is not None:
            return once if once >= today else None
        # Eight years hold a 29th of February, also around 2100.
        for year in range(today.year, min(today.year + 9, datetime.MAXYEAR + 1)):
            try:
                found = datetime.date(year, self.month, self.day)
            except ValueError:
                continue
            if found >= today:
                return found
        return None


def parse_spans(text: str) -> tuple[Span, ...]:
    """Read the opening times of a day; an empty text is a closed day.

    Args:
        text: Such as ``09:00-13:00, 14:00-18:00``.

    Returns:
        Spans in order and apart, those that touch made one.

    Raises:
        ValidationError: It cannot be read; the message quotes what.
    """
    # The Arabic comma and semicolon too.
    pieces = re.split("[,;\u060c\u061b\n]", _MARKS.sub("", text))
    parts = [part.strip() for part in pieces]
    spans = sorted(_span(part) for part in parts if part)
    if len(spans) > MOST_SPANS:
        raise ValidationError(
            _("These are too many opening times for a day: %(number)d at most."),
            params={"number": MOST_SPANS},
        )
    joined: list[Span] = []
    for span in spans:
        if joined and span[0] < joined[-1][1]:
            raise ValidationError(
                _("“%(first)s” and “%(second)s” overlap."),
                params={
                    "first": spans_text([joined[-1]]),
                    "second": spans_text([span]),
                },
            )
        if joined and span[0] == joined[-1][1]:
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
    return tuple(joined)


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValidationError(
            _(
                "“%(value)s” is no opening time. Write it as 09:00-17:00, several "
                "with a comma between them."
            ),
            params={"value": text[:100]},
        )
    begin_hour, begin_minute, end_hour, end_minute = (
        int(n or 0) for n in found.groups()
    )
    begin, end = begin_hour * 60 + begin_minute, end_hour * 60 + end_minute
    for time, minute in ((begin, begin_minute), (end, end_minute)):
        if minute > 59 or time > DAY:
            raise ValidationError(
                _("“%(value)s” has a time that no clock shows: 00:00 to 24:00."),
                params={"value": text[:100]},
            )
    if end <= begin:
        raise ValidationError(
            _(
                "“%(value)s” ends before it begins. For a night, write until 24:00 "
                "here and from 00:00 on the next day."
            ),
            params={"value": text[:100]},
        )
    return begin, end


def spans_text(spans: Iterable[Iterable[int]]) -> str:
    """The opening times of a day as they are typed."""
    return ", ".join(f"{clock_text(begin)}-{clock_text(end)}" for begin, end in spans)


def clock_text(minute: int) -> str:
    """``09:00`` for 540 minutes from midnight."""
    return f"{minute // 60:02}:{minute % 60:02}"


def parse_holidays(text: str) -> tuple[Holiday, ...]:
    """Read holidays, one a line.

    Args:
        text: Lines such as ``2026-12-25 Christmas Day`` or ``12-25 Christmas Day``.

    Returns:
        Each once, in the order they were typed.

    Raises:
        ValidationError: Lines cannot be read; the messages quote which.
    """
    lines = [line.strip() for line in _MARKS.sub("", text).splitlines() if line.strip()]
    if len(lines) > MOST_HOLIDAYS:
        raise ValidationError(
            _("These are too many holidays: %(number)d at most."),
            params={"number": MOST_HOLIDAYS},
        )
    found: dict[tuple[int | None, int, int], Holiday] = {}
    problems: list[ValidationError] = []
    for line in lines:
        try:
            holiday = _holiday(line)
        except ValidationError as error:
            problems.append(error)
        else:
            found.setdefault((holiday.year, holiday.month, holiday.day), holiday)
    if problems:
        raise ValidationError(problems[:5])
    return tuple(found.values())


def _holiday(line: str) -> Holiday:
    match = _HOLIDAY.fullmatch(line)
    if match is None:
        raise ValidationError(
            _(
                "“%(value)s” is no holiday. Write the date first, as 2026-12-25 "
                "Christmas Day, or as 12-25 Christmas Day for every year."
            ),
            params={"value": line[:100]},
        )
    year = int(match[1]) if match[1] else None
    name = (match[4] or "").strip()
    try:
        datetime.date(LEAP_YEAR if year is None else year, int(match[2]), int(match[3]))
    except ValueError:
        raise ValidationError(
            _("“%(value)s” has a date that no calendar has."),
            params={"value": line[:100]},
        ) from None
    if len(name) > 100:
        raise ValidationError(
            _("The name of “%(value)s…” is too long: 100 characters at most."),
            params={"value": line[:60]},
        )
    return Holiday(int(match[2]), int(match[3]), year, name)


def holidays_text(holidays: Iterable[Holiday]) -> str:
    """Holidays as they are typed, one a line."""
    return "\n".join(holiday.text for holiday in holidays)
