"""Processor time and memory as the kernel writes them."""

import os

import pytest

from benchmarks import procfs


def test_a_process_name_with_brackets_and_spaces_does_not_shift_the_columns():
    text = (
        "123 (postgres: a) b (c) R 1 123 123 0 -1 4194304 100 0 0 0 "
        "250 50 700 300 20 0 1 0 12345 1000000 2000"
    )
    own, children = procfs.parse_stat(text, ticks=100)
    assert own == pytest.approx(3.0)
    assert children == pytest.approx(10.0)


def test_schedstat_is_in_nanoseconds():
    assert procfs.parse_schedstat("1500000000 64014 2\n") == pytest.approx(1.5)


def test_memory_counts_the_sum_of_all_mappings_in_bytes():
    text = "5624-7ffe ---p 0 00:00 0 [rollup]\nRss:   2048 kB\nPss:   1024 kB\n"
    text += "Pss_Dirty:   9999 kB\nPss_Anon:   9999 kB\n"
    assert procfs.parse_smaps(text) == procfs.Memory(pss=1024**2, rss=2 * 1024**2)


def test_a_worker_that_began_in_between_counts_whole_and_one_that_ended_not_less():
    before = {1: 10.0, 2: 5.0}
    assert procfs.spent(before, {1: 10.5, 3: 0.25}) == pytest.approx(0.75)


def test_a_process_that_is_gone_has_no_figure():
    assert procfs.cpu_seconds(2**22 + 1) is None
    assert procfs.cpu_of([os.getpid(), 2**22 + 1]).keys() == {os.getpid()}
    assert procfs.memory(2**22 + 1) is None


def test_waiting_for_a_disk_is_not_work():
    text = "cpu  100 0 50 800 40 5 5 0 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n"
    assert procfs.busy(text) == (160, 1000)
