"""Opening hours as arithmetic: open now or not, and where business minutes lead to.

No database and no web. Edges of opening times are what a clock on the wall shows; all
arithmetic is done on instants, so that a day of 23 or 25 hours counts what it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

#: Minutes from midnight: when it opens, and when it closes; 1440 is the end of the day.
Span = tuple[int, int]
DAY = 24 * 60
#: How far anything is looked for; what lies beyond is answered with ``None``.
HORIZON_DAYS = 366


@dataclass(frozen=True, slots=True)
class State:
    """What a sign at the door would say.

    Attributes:
        is_open: Whether it is open.
        until: When that changes; ``None``: not within a year.
    """

    is_open: bool
    until: datetime | None


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A week of opening times, and the days on which they do not hold.

    Attributes:
        zone: Where the clock hangs.
        week: The spans of each weekday from Monday, in order and apart.
        closed_dates: Days on which it stays closed.
        closed_yearly: Month and day of those that come again every year.
    """

    zone: tzinfo
    week: tuple[tuple[Span, ...], ...]
    closed_dates: frozenset[date] = frozenset()
    closed_yearly: frozenset[tuple[int, int]] = frozenset()

    def is_closed_on(self, day: date) -> bool:
        """Whether this day is a holiday."""
        return day in self.closed_dates or (day.month, day.day) in self.closed_yearly

    def spans_of(self, day: date) -> tuple[Span, ...]:
        """The opening times of one day; none on a holiday."""
        return () if self.is_closed_on(day) else self.week[day.weekday()]

    def open_spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The times it is open, as pairs of instants in UTC, in order and apart.

        Spans that touch, as over midnight, come as one. The first one may have begun
        already; the last one begins within ``HORIZON_DAYS``.

        Args:
            since: An aware time; no span ends before or at it.
        """
        since = since.astimezone(UTC)
        held: tuple[datetime, datetime] | None = None
        for opens, closes in self._single_spans(since):
            if held is not None and opens <= held[1]:
                held = (held[0], max(held[1], closes))
                continue
            if held is not None and held[1] > since:
                yield held
            held = (opens, closes)
        if held is not None and held[1] > since:
            yield held

    def _single_spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        if not any(self.week):
            return
        try:
            # From the day before: a span may reach over midnight.
            first = since.astimezone(self.zone).date() - timedelta(days=1)
            for number in range(HORIZON_DAYS + 2):
                day = first + timedelta(days=number)
                for begin, end in self.spans_of(day):
                    opens = instant_of(day, begin, self.zone)
                    closes = instant_of(day, end, self.zone)
                    # None of it may be left where the clock is put forward.
                    if opens < closes:
                        yield opens, closes
        except OverflowError:
            # The calendar of Python ends.
            return

    def state(self, now: datetime) -> State:
        """Whether it is open, and until when; a closed one, when it opens.

        Args:
            now: An aware time.
        """
        for opens, closes in self.open_spans(now):
            if opens <= now:
                # A span longer than the horizon never closes as far as we can see.
                is_endless = closes - now > timedelta(days=HORIZON_DAYS - 1)
                return State(True, None if is_endless else closes)
            return State(False, opens)
        return State(False, None)

    def add(self, start: datetime, minutes: int) -> datetime | None:
        """The instant at which so many minutes of opening time have passed.

        Args:
            start: An aware time, within the opening times or not.
            minutes: Zero or more; zero leads to the next open instant.

        Returns:
            The instant in UTC, or ``None`` if that takes longer than a year.
        """
        if minutes > HORIZON_DAYS * DAY:
            return None
        start = start.astimezone(UTC)
        left = timedelta(minutes=minutes)
        for opens, closes in self._single_spans(start):
            if closes <= start:
                continue
            begin = max(opens, start)
            if left <= closes - begin:
                return begin + left
            left -= closes - begin
        return None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much opening time lies between two instants, at most a year's."""
        passed = timedelta()
        for opens, closes in self.open_spans(start):
            if opens >= end:
                break
            passed += min(closes, end) - max(opens, start)
        return passed


def instant_of(day: date, minute: int, zone: tzinfo) -> datetime:
    """The first instant at which a clock in ``zone`` shows this time, or a later one.

    A time that comes twice is its first time; one that is left out because the clock is
    put forward is the moment it is put forward. So the order of times is the order of
    instants.

    Args:
        day: The day.
        minute: Minutes from midnight, up to 1440.
        zone: The time zone.

    Returns:
        The instant, in UTC.
    """
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    # Left out: with the offset of afterwards it is before the change, with the one of
    # before it is after it. Between them the clock jumps over ``wall``.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = first
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            before = middle
        else:
            after = middle
    return after
