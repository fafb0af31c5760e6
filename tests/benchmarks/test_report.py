"""The table: nothing planned is left out, nothing reads better than it is."""

from benchmarks.report import markdown
from benchmarks.targets import TARGETS, judge_all


def run(**changes):
    page = {
        "median_ms": 20.0,
        "p95_ms": 31.25,
        "cpu_web_ms": 15.0,
        "cpu_db_ms": 2.5,
        "cpu_ms": 17.5,
        "queries": 9,
        "bytes": 40960,
        "count": 100,
    }
    content = {
        "size": 10_000,
        "db": "postgres",
        "only": "",
        "database": "PostgreSQL 15",
        "workers": 2,
        "machine": "2 processors",
        "versions": "Python 3.11",
        "notes": ["CPU is that of the web processes only."],
        "figures": {
            "helpdesk:inbox_open": page,
            "peer:inbox_open": {**page, "median_ms": 800.0, "cpu_ms": 700.0},
            "floor:shell_list": {**page, "median_ms": 16.0, "cpu_ms": 14.0},
            "helpdesk:memory": {"pss": 100 * 2**20, "rss": 120 * 2**20},
        },
        "absent": {"helpdesk:api_list": "not built yet"},
        "failed": {"peer:ticket": "GET /x answered 500 | not 200"},
    }
    return {**content, **changes}


def report(content=None):
    content = content or run()
    judged = judge_all(
        content["figures"],
        absent=content["absent"],
        failed=content["failed"],
        at_sizes={},
    )
    return markdown(content, judged)


def row(text, *words):
    lines = [line for line in text.splitlines() if all(word in line for word in words)]
    assert len(lines) == 1, lines
    return [cell.strip() for cell in lines[0].strip("|").split("|")]


def test_a_row_has_all_figures_and_the_ratio_to_the_floor():
    cells = row(report(), "| Inbox: open, first page | wagtail-helpdesk |")
    assert cells[2:7] == ["20.0", "31.2", "15.0 + 2.5", "9", "40.0"]
    assert cells[7:9] == ["1.25", "1.25"]


def test_the_peer_says_how_many_times_ours_it_takes():
    cells = row(report(), "| Inbox: open, first page | django-helpdesk |")
    assert cells[9:11] == ["40", "40"]


def test_processor_time_that_is_not_known_is_not_a_zero():
    content = run()
    for figures in content["figures"].values():
        if "median_ms" in figures:
            figures.update(cpu_web_ms=None, cpu_db_ms=None, cpu_ms=None, queries=None)
    cells = row(report(content), "| Inbox: open, first page | wagtail-helpdesk |")
    assert cells[4:6] == ["–", "–"]
    assert cells[8] == ""


def test_without_the_floor_there_is_no_ratio_to_it():
    content = run()
    del content["figures"]["floor:shell_list"]
    cells = row(report(content), "| Inbox: open, first page | wagtail-helpdesk |")
    assert cells[7] == ""


def test_what_is_not_built_is_listed_with_its_reason():
    cells = row(report(), "| API: list of 25 | wagtail-helpdesk |")
    assert cells[2] == "not built yet"


def test_what_was_given_up_is_listed_and_cannot_break_the_table():
    text = report()
    assert "## Given up" in text
    assert r"answered 500 \| not 200" in text


def test_every_target_has_a_line_and_the_heading_counts_them():
    text = report()
    for target in TARGETS:
        assert f"| {target.text} |" in text
    assert "## Targets: 2 met, 0 missed, " in text


def test_memory_of_a_worker_is_in_megabytes():
    assert row(report(), "| wagtail-helpdesk | 100 |")[2] == "120"


def test_the_reader_is_told_what_limits_the_figures():
    text = report()
    assert "- CPU is that of the web processes only." in text
    assert "10,000 tickets on PostgreSQL 15" in text
