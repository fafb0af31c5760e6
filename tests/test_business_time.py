"""Business minutes: monotone, within the opening times, and as many as asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_helpdesk.business_hours_text import (
    Holiday,
    holidays_text,
    parse_holidays,
    parse_spans,
    spans_text,
)
from wagtail_helpdesk.business_time import OpeningHours, instant_of

MADRID, SAO_PAULO = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Sao_Paulo")
OFFICE = (((9 * 60, 13 * 60), (14 * 60, 18 * 60)),) * 5 + ((), ())

zones = st.sampled_from(
    [MADRID, SAO_PAULO, ZoneInfo("Pacific/Apia"), ZoneInfo("Australia/Lord_Howe")]
)
#: Around days on which clocks are changed: in Madrid in March and October, in São Paulo
#: at midnight, in Apia over a whole day, on Lord Howe Island by half an hour.
changes = st.sampled_from(
    [
        datetime(2026, 3, 29, tzinfo=UTC),
        datetime(2026, 10, 25, tzinfo=UTC),
        datetime(2018, 11, 4, tzinfo=UTC),
        datetime(2018, 2, 18, tzinfo=UTC),
        datetime(2011, 12, 30, tzinfo=UTC),
        datetime(2026, 4, 5, tzinfo=UTC),
    ]
)
instants = st.builds(
    lambda day, minutes: day + timedelta(minutes=minutes),
    changes,
    st.integers(-4 * 1440, 4 * 1440),
)


@st.composite
def days(draw):
    """The opening times of a day, apart from each other."""
    edges = draw(st.lists(st.integers(0, 1440), max_size=8, unique=True).map(sorted))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw):
    return OpeningHours(
        zone=draw(zones),
        week=tuple(draw(days()) for _day in range(7)),
        closed_dates=frozenset(
            draw(st.lists(st.dates(date(2026, 3, 20), date(2026, 4, 10)), max_size=4))
        ),
        closed_yearly=frozenset(
            draw(st.lists(st.sampled_from([(3, 29), (10, 25), (11, 4)]), max_size=2))
        ),
    )


@given(calendars(), instants, st.integers(0, 3000))
@settings(deadline=None)
def test_as_many_business_minutes_pass_as_were_asked_for(hours, start, minutes):
    due = hours.add(start, minutes)
    if due is None:
        return
    assert due >= start
    assert hours.between(start, due) == timedelta(minutes=minutes)


@given(calendars(), instants, st.integers(1, 3000))
@settings(deadline=None)
def test_the_last_of_them_lies_within_the_opening_times(hours, start, minutes):
    due = hours.add(start, minutes)
    if due is not None:
        assert hours.state(due - timedelta(seconds=1)).is_open


@given(calendars(), instants, st.integers(0, 3000), st.integers(0, 600))
@settings(deadline=None)
def test_later_or_longer_is_never_earlier(hours, start, minutes, more):
    due = hours.add(start, minutes)
    for other in (
        hours.add(start + timedelta(minutes=more), minutes),
        hours.add(start, minutes + more),
    ):
        assert due is None or other is None or other >= due


@given(calendars(), instants)
@settings(deadline=None)
def test_the_state_holds_until_it_changes(hours, now):
    state = hours.state(now)
    if state.until is None:
        return
    assert state.until > now
    assert hours.state(state.until - timedelta(seconds=1)).is_open == state.is_open
    assert hours.state(state.until).is_open != state.is_open


@given(zones, instants)
@settings(deadline=None)
def test_the_order_of_the_clock_is_the_order_of_instants(zone, around):
    day = around.astimezone(zone).date()
    seen = [instant_of(day, minute, zone) for minute in range(0, 1441, 15)]
    assert seen == sorted(seen)


def madrid(*args):
    return datetime(*args, tzinfo=MADRID)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        # Within the morning; over lunch; over the weekend; sent at night.
        (madrid(2026, 11, 30, 9, 0), 120, madrid(2026, 11, 30, 11, 0)),
        (madrid(2026, 11, 30, 12, 0), 120, madrid(2026, 11, 30, 15, 0)),
        (madrid(2026, 11, 27, 17, 0), 120, madrid(2026, 11, 30, 10, 0)),
        (madrid(2026, 11, 30, 3, 0), 60, madrid(2026, 11, 30, 10, 0)),
        (madrid(2026, 11, 30, 9, 0), 240, madrid(2026, 11, 30, 13, 0)),
    ],
)
def test_an_office_with_a_lunch_break(start, minutes, due):
    assert OpeningHours(MADRID, OFFICE).add(start, minutes) == due


@pytest.mark.parametrize(
    ("day", "hours_long"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)]
)
def test_a_day_has_as_many_hours_as_it_has(day, hours_long):
    always = OpeningHours(MADRID, (((0, 1440),),) * 7)
    begin = instant_of(day, 0, MADRID)
    tomorrow = instant_of(day + timedelta(days=1), 0, MADRID)
    assert always.add(begin, hours_long * 60) == tomorrow
    assert always.state(begin).until is None


def test_a_time_that_is_left_out_is_the_moment_the_clock_jumps():
    jump = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert instant_of(date(2026, 3, 29), 150, MADRID) == jump
    # In São Paulo the clock was put forward at midnight.
    midnight = datetime(2018, 11, 4, 3, 0, tzinfo=UTC)
    assert instant_of(date(2018, 11, 4), 0, SAO_PAULO) == midnight
    assert instant_of(date(2018, 11, 3), 1440, SAO_PAULO) == midnight


def test_holidays_are_closed_once_or_every_year():
    hours = OpeningHours(
        MADRID,
        OFFICE,
        closed_dates=frozenset({date(2026, 12, 7)}),
        closed_yearly=frozenset({(12, 8)}),
    )
    assert hours.add(madrid(2026, 12, 4, 18), 60) == madrid(2026, 12, 9, 10)
    assert hours.add(madrid(2027, 12, 7, 18), 60) == madrid(2027, 12, 9, 10)


def test_what_never_opens_or_takes_too_long_has_no_answer():
    never = OpeningHours(MADRID, ((),) * 7)
    now = madrid(2026, 11, 30, 9)
    assert never.add(now, 1) is None
    assert (never.state(now).is_open, never.state(now).until) == (False, None)
    seldom = OpeningHours(MADRID, (((0, 60),),) + ((),) * 6)
    assert seldom.add(now, 60 * 60) is None
    last = datetime(9999, 12, 30, tzinfo=UTC)
    assert OpeningHours(MADRID, OFFICE).add(last, 40_000) is None


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", ()),
        (" ", ()),
        ("09:00-13:00, 14:00-18:00", ((540, 780), (840, 1080))),
        ("14:00 – 18:00; 9-13", ((540, 780), (840, 1080))),
        ("9.30-12h", ((570, 720),)),
        ("\u200e09:00-13:00\u060c \u200e14:00-18:00", ((540, 780), (840, 1080))),
        ("0:00-24:00", ((0, 1440),)),
        ("09:00-12:00, 12:00-15:00", ((540, 900),)),
    ],
)
def test_opening_times_as_people_type_them(text, spans):
    assert parse_spans(text) == spans
    assert parse_spans(spans_text(spans)) == spans


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("mornings", "“mornings” is no opening time"),
        ("09:00-13:00, 14-", "“14-” is no opening time"),
        ("09:00-25:00", "“09:00-25:00” has a time that no clock shows"),
        ("09:61-10:00", "“09:61-10:00” has a time"),
        ("22:00-06:00", "“22:00-06:00” ends before it begins"),
        ("09:00-12:00, 11:00-14:00", "“09:00-12:00” and “11:00-14:00” overlap"),
        ("٩:٠٠-١٠:٠٠", "is no opening time"),
        ("\x00", "is no opening time"),
        (", ".join(f"{n}:00-{n}:30" for n in range(20)), "12 at most"),
    ],
)
def test_a_wrong_opening_time_is_quoted(text, quoted):
    with pytest.raises(ValidationError) as caught:
        parse_spans(text)
    assert quoted in caught.value.messages[0]


def test_holidays_as_people_type_them():
    found = parse_holidays("2026-12-25 Christmas Day\n\n 1-1\n2026-12-25 Again\n")
    assert found == (Holiday(12, 25, 2026, "Christmas Day"), Holiday(1, 1))
    assert holidays_text(found) == "2026-12-25 Christmas Day\n01-01"
    assert found[1].next_on(date(2026, 11, 30)) == date(2027, 1, 1)
    assert found[0].next_on(date(2026, 12, 26)) is None
    leap = parse_holidays("02-29 Leap day")[0]
    assert leap.next_on(date(2097, 1, 1)) == date(2104, 2, 29)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Christmas", "“Christmas” is no holiday"),
        ("2026-02-30 Never", "“2026-02-30 Never” has a date that no calendar has"),
        ("0000-01-01", "“0000-01-01” has a date"),
        ("2026-12-25" + " x" * 100, "is too long"),
        ("\n".join(["1-1 New Year"] * 501), "500 at most"),
    ],
)
def test_a_wrong_holiday_is_quoted(text, quoted):
    with pytest.raises(ValidationError) as caught:
        parse_holidays(text)
    assert quoted in caught.value.messages[0]
