"""What has to be true of the figures, and whether it is.

A target is met, missed, or absent: not measured, with the reason. Absent never counts
as met.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from benchmarks.catalog import FLOOR, INTAKE, OURS, PEER, TITLES, topic
from benchmarks.statistics import ratio

Verdict = Literal["met", "missed", "absent"]
#: Figures by ``<system>:<topic>``, then by measure, as in the JSON.
Figures = Mapping[str, Mapping[str, Any]]

#: Numbers of tickets between which what has to stay flat is compared.
FLAT_FROM, FLAT_TO = 10_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that is at most a multiple of another one, or at most a number.

    Attributes:
        subject: What is measured: ``<system>:<topic>``.
        at_most: The limit: a factor of ``base``, a difference to it, or a number.
        base: What it is compared with; empty: the limit is a number.
        measure: Which figure: ``median_ms``, ``cpu_ms``, ``queries``, ``pss``.
        kind: ``times`` the base, ``more`` than the base, ``number``, or ``flat``:
            times the same figure at ``FLAT_FROM`` tickets, at ``FLAT_TO`` tickets.
    """

    subject: str
    at_most: float
    base: str = ""
    measure: str = "median_ms"
    kind: Literal["times", "more", "number", "flat"] = "times"

    @property
    def text(self) -> str:
        """What it demands, for a reader."""
        name = _title(self.subject)
        what = "" if self.measure == "median_ms" else f" ({_MEASURES[self.measure]})"
        if self.kind == "number":
            return f"{name}{what}: at most {self.at_most:g}"
        if self.kind == "more":
            base = _title(self.base)
            return f"{name}{what}: at most {self.at_most:g} more than {base}"
        if self.kind == "flat":
            return (
                f"{name}{what}: {FLAT_FROM:,} to {FLAT_TO:,} tickets at most "
                f"{self.at_most:g} times"
            )
        return f"{name}{what}: at most {_factor(self.at_most)} {_title(self.base)}"


_MEASURES = {
    "median_ms": "time",
    "cpu_ms": "CPU",
    "queries": "queries",
    "pss": "memory",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A target with what was measured.

    Attributes:
        target: The target.
        verdict: Whether it is met.
        value: The ratio, difference or number that was measured.
        cpu: The same ratio of processor time, where both are known: it holds better
            on a busy machine, and is shown beside the one that counts.
        reason: Why it is absent.
        is_excused: Whether it is absent because something is not built, or not yet
            measured at another size; not because a measurement failed.
    """

    target: Target
    verdict: Verdict
    value: float | None = None
    cpu: float | None = None
    reason: str = ""
    is_excused: bool = False


def _ours(name: str) -> str:
    return f"{OURS}:{name}"


def _floor(name: str) -> str:
    return f"{FLOOR}:{name}"


def _peer(name: str) -> str:
    return f"{PEER}:{name}"


def _title(key: str) -> str:
    system, _colon, name = key.partition(":")
    if name == "memory":
        return "Memory of a worker" if system == OURS else f"{TITLES[system]}'s"
    if system == PEER:
        return f"{TITLES[PEER]}'s"
    return topic(name).title if system == OURS else f"“{topic(name).title}”"


def _factor(value: float) -> str:
    if value < 1:
        return f"1/{round(1 / value)} of"
    return f"{value:g} times"


_VIEWS = ("open", "mine", "unassigned", "closed", "all", "filtered", "deep")
_SEARCHES = [
    (f"search_{word}{suffix}", f"shell_search_{word}_{order}", f"search_{word}")
    for suffix, order in (("", "newest"), ("_best", "best"))
    for word in ("rare", "medium", "common")
]

TARGETS: tuple[Target, ...] = (
    *(Target(_ours(f"inbox_{v}"), 1.5, _floor("shell_list")) for v in _VIEWS),
    *(Target(_ours(f"inbox_{v}"), 1 / 25, _peer(f"inbox_{v}")) for v in _VIEWS),
    Target(_ours("inbox_deep"), 1.2, _ours("inbox_all")),
    *(Target(_ours(f"inbox_{v}"), 1.25, kind="flat") for v in _VIEWS),
    Target(_ours("inbox_results"), 0.5, _ours("inbox_open")),
    *(Target(_ours(name), 3, _floor(floor)) for name, floor, _peers in _SEARCHES),
    *(Target(_ours(name), 1 / 40, _peer(peers)) for name, _floor_, peers in _SEARCHES),
    Target(_ours("ticket"), 2, _floor("shell")),
    Target(_ours("ticket"), 1 / 2, _peer("ticket")),
    *(
        Target(_ours(name), 1.5, _floor("post_form_page"))
        for name in ("post_reply", "post_note", "post_stage")
    ),
    *(
        Target(_ours(name), 1.4, _floor("bare_page_signed_in"))
        for name in ("portal_small", "portal_huge", "portal_huge_deep")
    ),
    Target(_ours("portal_huge"), 1 / 20, _peer("portal_huge")),
    Target(_ours("portal_ticket"), 1.5, _floor("bare_page_signed_in")),
    Target(_ours("post_form"), 1.5, _floor("post_form_page")),
    Target(_ours("post_form_signed_in"), 1.5, _floor("post_form_page")),
    Target(_ours("article"), 1.3, _floor("bare_page")),
    Target(_ours("article_signed_in"), 1.4, _floor("bare_page_signed_in")),
    Target(
        _ours("article_private"),
        5,
        _ours("article_signed_in"),
        measure="queries",
        kind="more",
    ),
    Target(_ours("inbox_poll"), 5, _floor("hello")),
    Target(_ours("api_list"), 6, _floor("orm_list")),
    Target(_ours("api_list"), 1.25, kind="flat"),
    Target(_ours("memory"), 1 / 2, _peer("memory"), measure="pss"),
    Target(_ours(INTAKE), 1 / 10, _peer(INTAKE)),
    Target(_ours(INTAKE), 8, measure="queries", kind="number"),
)


def judge(
    target: Target,
    figures: Figures,
    *,
    absent: Mapping[str, str],
    failed: Mapping[str, str],
    at_sizes: Mapping[int, Figures],
) -> Judged:
    """Hold a target against what was measured.

    Args:
        target: The target.
        figures: What was measured in this run.
        absent: What a system cannot do, with the reason, by ``<system>:<topic>``.
        failed: What was given up, with the reason.
        at_sizes: Figures of whole runs by number of tickets, for what has to be flat.
    """
    if target.kind == "flat":
        return _judge_flat(target, at_sizes)
    value = _figure(figures, target.subject, target.measure)
    if value is None:
        return _absent(target, target.subject, absent, failed)
    if target.kind == "number":
        return _verdict(target, value)
    base = _figure(figures, target.base, target.measure)
    if base is None:
        return _absent(target, target.base, absent, failed)
    if target.kind == "more":
        return _verdict(target, value - base)
    times = ratio(value, base)
    if times is None:
        return _absent(target, target.base, absent, failed)
    cpu = ratio(
        _figure(figures, target.subject, "cpu_ms"),
        _figure(figures, target.base, "cpu_ms"),
    )
    return _verdict(target, times, cpu)


def judge_all(
    figures: Figures,
    *,
    absent: Mapping[str, str],
    failed: Mapping[str, str],
    at_sizes: Mapping[int, Figures],
    is_wanted: Callable[[str], bool] = lambda _key: True,
    by_cpu: bool = False,
) -> list[Judged]:
    """All targets, in their order.

    Args:
        figures: What was measured in this run.
        absent: What a system cannot do, with the reason.
        failed: What was given up, with the reason.
        at_sizes: Figures of whole runs by number of tickets.
        is_wanted: Whether a subject was asked for in this run.
        by_cpu: Judge times by processor time, for a machine that does other things.
    """
    wanted = [target for target in TARGETS if is_wanted(target.subject)]
    if by_cpu:
        wanted = [
            replace(target, measure="cpu_ms")
            if target.measure == "median_ms"
            else target
            for target in wanted
        ]
    return [
        judge(target, figures, absent=absent, failed=failed, at_sizes=at_sizes)
        for target in wanted
    ]


def complaint(judged: list[Judged]) -> str:
    """One line that names what is missed, or could not be measured; else empty.

    What is not built is in the report, and does not fail a run.
    """
    parts = []
    missed = [j for j in judged if j.verdict == "missed"]
    unknown = [j for j in judged if j.verdict == "absent" and not j.is_excused]
    if missed:
        names = [f"{j.target.text}, it is {number(j.value or 0)}" for j in missed]
        parts.append(f"{len(missed)} missed: {'; '.join(names)}")
    if unknown:
        names = [f"{j.target.text} ({j.reason})" for j in unknown]
        parts.append(f"{len(unknown)} could not be measured: {'; '.join(names)}")
    return " | ".join(parts)


def number(value: float) -> str:
    """A ratio with the digits that say something."""
    if 0 < value < 0.5:
        return f"1/{1 / value:.3g}"
    return f"{value:.2f}".rstrip("0").rstrip(".") if value < 10 else f"{value:,.0f}"


def _judge_flat(target: Target, at_sizes: Mapping[int, Figures]) -> Judged:
    read = []
    for size in (FLAT_FROM, FLAT_TO):
        value = _figure(at_sizes.get(size, {}), target.subject, target.measure)
        if value is None:
            reason = f"not measured with {size:,} tickets yet"
            return Judged(target, "absent", reason=reason, is_excused=True)
        read.append(value)
    times = ratio(read[1], read[0])
    if times is None:
        return Judged(target, "absent", reason="nothing to compare with")
    cpus = [
        _figure(at_sizes[size], target.subject, "cpu_ms")
        for size in (FLAT_FROM, FLAT_TO)
    ]
    return _verdict(target, times, ratio(cpus[1], cpus[0]))


def _verdict(target: Target, value: float, cpu: float | None = None) -> Judged:
    verdict: Verdict = "met" if value <= target.at_most else "missed"
    return Judged(target, verdict, value, cpu)


def _absent(
    target: Target, key: str, absent: Mapping[str, str], failed: Mapping[str, str]
) -> Judged:
    reason = absent.get(key) or failed.get(key) or "not measured in this run"
    text = f"{_title(key)}: {reason}"
    return Judged(target, "absent", reason=text, is_excused=key in absent)


def _figure(figures: Figures, key: str, measure: str) -> float | None:
    value = figures.get(key, {}).get(measure)
    return None if value is None else float(value)
