"""What a reader of the table takes from a figure has to be true of it."""

import pytest

from benchmarks.measure import ROUNDS, Outcome, plan
from benchmarks.statistics import exponent, median, percentile, ratio


def test_one_slow_answer_does_not_move_the_median_but_shows_in_p95():
    times = [0.010] * 18 + [0.011, 2.0]
    assert median(times) == 0.010
    assert percentile(times, 0.95) == 0.011
    assert percentile([*times, 2.0], 0.95) == 2.0


def test_p95_of_few_measurements_is_the_slowest_of_them():
    assert percentile([3.0, 1.0, 2.0], 0.95) == 3.0


def test_the_median_of_an_even_number_lies_between_the_middle_ones():
    assert median([4.0, 1.0, 2.0, 3.0]) == 2.5


def test_nothing_measured_is_no_figure():
    with pytest.raises(ValueError, match="no values"):
        median([])
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.95)


def test_a_ratio_to_what_is_missing_or_zero_is_no_ratio():
    assert ratio(3.0, 2.0) == 1.5
    assert ratio(3.0, None) is None
    assert ratio(None, 2.0) is None
    assert ratio(3.0, 0.0) is None


def test_the_exponent_says_flat_and_in_proportion():
    assert exponent(10.0, 10.0, 10_000, 100_000) == 0
    assert exponent(10.0, 100.0, 10_000, 100_000) == pytest.approx(1)
    assert exponent(10.0, 1000.0, 10_000, 100_000) == pytest.approx(2)


def test_the_exponent_of_equal_sizes_is_refused():
    with pytest.raises(ValueError, match="two sizes"):
        exponent(10.0, 20.0, 1000, 1000)


def test_figures_are_milliseconds_and_add_web_and_database():
    outcome = Outcome(
        seconds=[0.020, 0.022, 0.080],
        web=[0.010, 0.012],
        database=[0.001, 0.003],
        queries=7,
        size=2048,
    )
    figures = outcome.figures()
    assert figures["median_ms"] == pytest.approx(22)
    assert figures["p95_ms"] == pytest.approx(80)
    assert figures["cpu_web_ms"] == pytest.approx(11)
    assert figures["cpu_ms"] == pytest.approx(13)
    assert figures["count"] == 3


def test_what_cannot_be_read_is_unknown_not_zero():
    figures = Outcome(seconds=[0.02], web=[], database=[]).figures()
    assert figures["cpu_ms"] is None
    assert figures["cpu_db_ms"] is None
    assert figures["queries"] is None


def test_a_page_of_seconds_is_asked_few_times_and_a_fast_one_often():
    fast, slow, very_slow = (plan(s, writes=False) for s in (0.005, 4.5, 15))
    assert fast[0] > 10
    assert fast[1] == ROUNDS
    assert slow == (1, 3)
    assert very_slow == (1, 1)


def test_what_takes_half_a_minute_is_not_asked_again():
    assert plan(45, writes=False) == (0, 0)


def test_writes_are_fewer_than_reads():
    assert plan(0.005, writes=True)[0] < plan(0.005, writes=False)[0]
