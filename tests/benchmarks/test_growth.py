"""What grows faster than the logarithm of the number of tickets is named."""

import pytest

from benchmarks.growth import all_growth, growing, growth, report


def at(**medians):
    return {f"helpdesk:{name}": {"median_ms": value} for name, value in medians.items()}


def test_a_flat_page_does_not_grow():
    found = growth("helpdesk:inbox_open", {10_000: 20.0, 100_000: 20.5, 1_000_000: 21})
    assert not found.grows
    assert found.exponents[0] == pytest.approx(0.01, abs=0.005)


def test_the_logarithm_itself_is_allowed():
    found = growth("helpdesk:inbox_open", {10_000: 20.0, 100_000: 25.0, 1_000_000: 30})
    assert not found.grows


def test_growth_between_the_last_two_sizes_alone_is_growth():
    found = growth("helpdesk:search_rare", {10_000: 20.0, 100_000: 20, 1_000_000: 60})
    assert found.grows
    assert found.exponents == pytest.approx([0, 0.477], abs=0.001)


def test_sizes_come_in_any_order():
    found = growth("helpdesk:x", {1_000_000: 100.0, 10_000: 1.0})
    assert found.exponents == pytest.approx([1])
    assert found.grows


def test_what_grows_is_named_with_its_reason_or_that_there_is_none_yet():
    lines = growing([growth("helpdesk:ticket", {10_000: 1.0, 100_000: 10.0})])
    assert any("Ticket with 50 messages: the reason is not known" in s for s in lines)


def test_a_peer_that_grows_is_in_the_table_but_not_among_ours():
    row = growth("peer:ticket", {10_000: 1.0, 100_000: 10.0})
    assert growing([row]) == ["Nothing of wagtail-helpdesk grows faster than log n."]
    sizes = {10_000: {"peer:ticket": {"median_ms": 1.0}}}
    sizes[100_000] = {"peer:ticket": {"median_ms": 10.0}}
    assert (
        "| django-helpdesk | Ticket with 50 messages | 1.0 | 10.0 | 1.00 | yes |"
        in (report(sizes, "postgres"))
    )


def test_a_workload_that_one_size_lacks_is_compared_where_it_is_known():
    sizes = {10_000: at(a=1.0, b=1.0), 100_000: at(b=1.0), 1_000_000: at(b=1.0)}
    assert [found.key for found in all_growth(sizes)] == ["helpdesk:b"]
    assert "| wagtail-helpdesk | b | 1.0 | 1.0 | 1.0 | 0.00 | 0.00 |" in (
        report(sizes, "postgres")
    )


def test_one_size_is_no_growth():
    assert "two sizes" in report({10_000: at(a=1.0)}, "postgres")
