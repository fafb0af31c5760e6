"""A target that is missed, or not measured, must never read as met."""

import pytest

from benchmarks.catalog import BY_NAME, FLOOR, OURS, PEER
from benchmarks.targets import (
    TARGETS,
    Target,
    complaint,
    judge,
    judge_all,
    number,
)

LIST = Target(f"{OURS}:inbox_open", 1.5, f"{FLOOR}:shell_list")
PEERS = Target(f"{OURS}:inbox_open", 1 / 25, f"{PEER}:inbox_open")


def judged(target, figures, *, absent=None, failed=None, at_sizes=None):
    return judge(
        target,
        figures,
        absent=absent or {},
        failed=failed or {},
        at_sizes=at_sizes or {},
    )


def figures(**medians):
    keys = {"ours": f"{OURS}:inbox_open", "floor": f"{FLOOR}:shell_list"}
    keys["peer"] = f"{PEER}:inbox_open"
    return {
        keys[name]: {"median_ms": value, "cpu_ms": value / 2}
        for name, value in medians.items()
    }


def test_exactly_the_limit_is_met_and_a_little_more_is_missed():
    met = judged(LIST, figures(ours=30.0, floor=20.0))
    assert (met.verdict, met.value) == ("met", 1.5)
    missed = judged(LIST, figures(ours=30.2, floor=20.0))
    assert missed.verdict == "missed"


def test_a_fraction_of_the_peer():
    assert judged(PEERS, figures(ours=20.0, peer=600.0)).verdict == "met"
    assert judged(PEERS, figures(ours=20.0, peer=400.0)).verdict == "missed"


def test_the_ratio_of_processor_time_stands_beside_the_one_that_counts():
    found = figures(ours=30.0, floor=20.0)
    found[f"{OURS}:inbox_open"]["cpu_ms"] = 40.0
    entry = judged(LIST, found)
    assert entry.verdict == "met"
    assert entry.cpu == pytest.approx(4.0)


@pytest.mark.parametrize("known", [{"ours": 20.0}, {"floor": 20.0}, {}])
def test_without_one_of_the_two_it_is_absent(known):
    assert judged(LIST, figures(**known)).verdict == "absent"


def test_what_is_not_built_is_excused_with_its_reason():
    entry = judged(LIST, figures(floor=20.0), absent={LIST.subject: "not built yet"})
    assert entry.verdict == "absent"
    assert entry.is_excused
    assert "not built yet" in entry.reason
    assert complaint([entry]) == ""


def test_a_measurement_that_failed_is_no_excuse():
    entry = judged(LIST, figures(ours=20.0), failed={LIST.base: "answered 500"})
    assert entry.verdict == "absent"
    assert not entry.is_excused
    assert "answered 500" in complaint([entry])


def test_a_peer_that_was_not_measured_is_no_excuse():
    assert complaint([judged(PEERS, figures(ours=20.0))])


def test_the_last_line_names_what_is_missed_and_by_how_much():
    line = complaint([judged(LIST, figures(ours=50.0, floor=20.0))])
    assert "1 missed" in line
    assert "Inbox: open, first page: at most 1.5 times" in line
    assert "2.5" in line
    assert "\n" not in line


def test_all_met_says_nothing():
    assert complaint([judged(LIST, figures(ours=20.0, floor=20.0))]) == ""


def test_a_number_of_queries_is_a_limit_of_its_own():
    target = Target(f"{OURS}:intake", 8, measure="queries", kind="number")
    assert judged(target, {target.subject: {"queries": 7.5}}).verdict == "met"
    assert judged(target, {target.subject: {"queries": 8.5}}).verdict == "missed"


def test_so_many_more_queries_than_another_page():
    target = Target(
        f"{OURS}:article_private", 5, f"{OURS}:article", measure="queries", kind="more"
    )
    found = {target.subject: {"queries": 15}, target.base: {"queries": 10}}
    assert judged(target, found).verdict == "met"
    found[target.subject] = {"queries": 16}
    assert judged(target, found).value == 6
    assert judged(target, found).verdict == "missed"


def test_flat_compares_ten_thousand_tickets_with_a_million():
    target = Target(f"{OURS}:inbox_open", 1.25, kind="flat")
    small, large = figures(ours=20.0), figures(ours=26.0)
    entry = judged(target, small, at_sizes={10_000: small, 1_000_000: large})
    assert entry.verdict == "missed"
    assert entry.value == pytest.approx(1.3)
    missing = judged(target, small, at_sizes={10_000: small, 100_000: large})
    assert missing.verdict == "absent"
    assert "1,000,000" in missing.reason


def test_only_what_was_asked_for_is_judged():
    found = judge_all(
        {},
        absent={},
        failed={},
        at_sizes={},
        is_wanted=lambda key: key == f"{OURS}:ticket",
    )
    assert {entry.target.subject for entry in found} == {f"{OURS}:ticket"}


def test_every_target_speaks_of_a_workload_that_exists():
    for target in TARGETS:
        for key in (target.subject, target.base):
            name = key.partition(":")[2]
            assert name in BY_NAME or name in ("", "memory"), key


def test_no_two_targets_read_the_same():
    texts = [target.text for target in TARGETS]
    assert len(texts) == len(set(texts))


def test_small_ratios_are_written_as_fractions():
    assert number(0.02) == "1/50"
    assert number(0.06) == "1/16.7"
    assert number(0.3) == "1/3.33"
    assert number(1.5) == "1.5"
    assert number(0.5) == "0.5"
    assert number(123.4) == "123"
    assert number(0) == "0"


def test_by_processor_time_a_busy_machine_does_not_decide():
    found = figures(ours=90.0, floor=20.0)
    found[f"{OURS}:inbox_open"]["cpu_ms"] = 12.0
    (entry,) = [
        entry
        for entry in judge_all(found, absent={}, failed={}, at_sizes={}, by_cpu=True)
        if (entry.target.subject, entry.target.base) == (LIST.subject, LIST.base)
    ]
    assert entry.verdict == "met"
    assert entry.value == pytest.approx(1.2)
    assert "(CPU)" in entry.target.text
