"""The figures of a run as Markdown, for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.catalog import FLOOR, OURS, PEER, SYSTEMS, TITLES, TOPICS, topic
from benchmarks.statistics import ratio
from benchmarks.targets import Figures, Judged, number

_HEAD = (
    "| What | System | Median ms | p95 ms | CPU web + db ms | Queries | KB "
    "| × floor | × floor (CPU) | peer ÷ ours | peer ÷ ours (CPU) |"
)
_RULE = "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
_NONE = "–"


def markdown(run: Mapping[str, Any], judged: Sequence[Judged]) -> str:
    """The whole report.

    Args:
        run: As in the JSON.
        judged: The targets with their verdicts.
    """
    parts = [
        f"# {run['size']:,} tickets on {run['database']}",
        _about(run),
        *_tables(run["figures"]),
        _memory(run["figures"]),
        _targets(judged),
        _not_measured(run["absent"], run["failed"]),
    ]
    return "\n\n".join(part for part in parts if part)


def _about(run: Mapping[str, Any]) -> str:
    lines = [
        f"{run['machine']}. {run['workers']} synchronous gunicorn workers for each "
        "system, one client on loopback, interleaved rounds. Versions: "
        f"{run['versions']}.",
        "",
        *(f"- {note}" for note in run["notes"]),
    ]
    return "\n".join(lines).strip()


def _tables(figures: Figures) -> list[str]:
    """One table for each group of topics."""
    names = [entry.name for entry in TOPICS]
    found = {key.partition(":")[2] for key in figures} - {"memory"}
    ordered = [n for n in names if n in found] + sorted(found - set(names))
    groups: dict[str, list[str]] = {}
    for name in ordered:
        for system in SYSTEMS:
            if f"{system}:{name}" in figures:
                row = _row(name, system, figures)
                groups.setdefault(topic(name).group, []).append(row)
    return [
        "\n".join([f"## {group}", "", _HEAD, _RULE, *rows])
        for group, rows in groups.items()
    ]


def _row(name: str, system: str, figures: Figures) -> str:
    own = figures[f"{system}:{name}"]
    floor = figures.get(f"{FLOOR}:{topic(name).floor}", {}) if topic(name).floor else {}
    ours = figures.get(f"{OURS}:{name}", {}) if system == PEER else {}
    cells = [
        topic(name).title,
        TITLES.get(system, system),
        _ms(own.get("median_ms")),
        _ms(own.get("p95_ms")),
        _cpu(own),
        _whole(own.get("queries")),
        _kilobytes(own.get("bytes")),
        _times(own.get("median_ms"), floor.get("median_ms")),
        _times(own.get("cpu_ms"), floor.get("cpu_ms")),
        _times(own.get("median_ms"), ours.get("median_ms")),
        _times(own.get("cpu_ms"), ours.get("cpu_ms")),
    ]
    return f"| {' | '.join(cells)} |"


def _memory(figures: Figures) -> str:
    rows = []
    for system in SYSTEMS:
        own = figures.get(f"{system}:memory")
        if own:
            pss, rss = own["pss"] / 2**20, own["rss"] / 2**20
            rows.append(f"| {TITLES[system]} | {pss:.0f} | {rss:.0f} |")
    if not rows:
        return ""
    head = ["## Memory of a worker after the run", ""]
    head += ["| System | PSS MB | RSS MB |", "|---|---:|---:|"]
    return "\n".join([*head, *rows])


def _targets(judged: Sequence[Judged]) -> str:
    if not judged:
        return ""
    counts = [
        f"{sum(j.verdict == verdict for j in judged)} {verdict}"
        for verdict in ("met", "missed", "absent")
    ]
    lines = [
        f"## Targets: {', '.join(counts)}",
        "",
        "| Target | Measured | By CPU | Verdict |",
        "|---|---:|---:|---|",
    ]
    for entry in judged:
        value = _NONE if entry.value is None else number(entry.value)
        cpu = _NONE if entry.cpu is None else number(entry.cpu)
        verdict = str(entry.verdict)
        if verdict == "missed":
            verdict = "**missed**"
        if entry.reason:
            verdict += f": {_cell(entry.reason)}"
        lines.append(f"| {entry.target.text} | {value} | {cpu} | {verdict} |")
    return "\n".join(lines)


def _not_measured(absent: Mapping[str, str], failed: Mapping[str, str]) -> str:
    lines = []
    for heading, rows in (("Absent", absent), ("Given up", failed)):
        if rows:
            lines += [f"## {heading}", "", "| What | System | Why |", "|---|---|---|"]
            for key, reason in rows.items():
                system, _colon, name = key.partition(":")
                title = TITLES.get(system, system)
                lines.append(f"| {topic(name).title} | {title} | {_cell(reason)} |")
            lines.append("")
    return "\n".join(lines).strip()


def _cell(text: str) -> str:
    """Text that cannot break a table."""
    return " ".join(text.replace("|", "\\|").split())


def _ms(value: float | None) -> str:
    if value is None:
        return _NONE
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def _cpu(figures: Mapping[str, Any]) -> str:
    web, database = figures.get("cpu_web_ms"), figures.get("cpu_db_ms")
    if web is None:
        return _NONE
    return _ms(web) if database is None else f"{_ms(web)} + {_ms(database)}"


def _whole(value: float | None) -> str:
    return _NONE if value is None else f"{value:,.4g}" if value % 1 else f"{value:,.0f}"


def _kilobytes(value: int | None) -> str:
    return _NONE if value is None else f"{value / 1024:,.1f}"


def _times(value: float | None, base: float | None) -> str:
    found = ratio(value, base)
    return "" if found is None else number(found)
