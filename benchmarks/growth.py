"""How figures grow with the number of tickets: ``python -m benchmarks.growth``."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks import results
from benchmarks.catalog import OURS, TITLES, TOPICS, topic
from benchmarks.statistics import exponent
from benchmarks.targets import Figures

#: Two runs of the same thing differ by so much; growth below it is none.
NOISE = 1.15

#: Why something of ours grows faster than the logarithm, where that is known.
REASONS: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Growth:
    """A workload at several sizes.

    Attributes:
        key: ``<system>:<topic>``.
        times: Median milliseconds by number of tickets.
        exponents: The power of the size it grows with, between neighbouring sizes.
        grows: Whether it grows faster than the logarithm of the size.
    """

    key: str
    times: dict[int, float]
    exponents: list[float]
    grows: bool


def growth(key: str, times: Mapping[int, float]) -> Growth:
    """Judge one workload.

    Args:
        key: ``<system>:<topic>``.
        times: Figures above zero by number of tickets; at least two sizes.
    """
    sizes = sorted(times)
    exponents = [exponent(times[a], times[b], a, b) for a, b in pairwise(sizes)]
    grows = any(
        times[b] / times[a] > NOISE * math.log(b) / math.log(a)
        for a, b in pairwise(sizes)
    )
    return Growth(key, {size: times[size] for size in sizes}, exponents, grows)


def all_growth(
    at_sizes: Mapping[int, Figures], *, measure: str = "median_ms"
) -> list[Growth]:
    """Every workload that was measured at two sizes or more."""
    found = []
    keys = sorted({key for figures in at_sizes.values() for key in figures})
    for key in keys:
        times = {
            size: figures[key][measure]
            for size, figures in at_sizes.items()
            if figures.get(key, {}).get(measure)
        }
        if len(times) > 1:
            found.append(growth(key, times))
    order = {entry.name: place for place, entry in enumerate(TOPICS)}
    return sorted(
        found, key=lambda g: (g.key.split(":")[0], order.get(g.key.split(":")[1], 999))
    )


def report(at_sizes: Mapping[int, Figures], db: str) -> str:
    """The table as Markdown, and what grows."""
    sizes = sorted(at_sizes)
    if len(sizes) < 2:
        return "Growth needs runs at two sizes: make bench SIZE=10k, 100k, 1m."
    names = [f"{size:,}" for size in sizes]
    spans = [f"{a} to {b}" for a, b in pairwise(names)]
    lines = [
        f"# Growth on {db}",
        "",
        "Median milliseconds by number of tickets, and the exponent between sizes: "
        "0 is flat, 1 grows in proportion.",
        "",
        f"| System | What | {' | '.join([*names, *spans])} | Faster than log n |",
        f"|---|---|{'---:|' * (len(names) + len(spans))}---|",
    ]
    rows = all_growth(at_sizes)
    for row in rows:
        system, _colon, name = row.key.partition(":")
        if name == "memory":
            continue
        times = [f"{row.times[s]:.1f}" if s in row.times else "" for s in sizes]
        between = dict(zip(pairwise(row.times), row.exponents, strict=True))
        powers = [
            f"{between[pair]:.2f}" if pair in between else ""
            for pair in pairwise(sizes)
        ]
        mark = "yes" if row.grows else ""
        cells = " | ".join([*times, *powers])
        title = TITLES.get(system, system)
        lines.append(f"| {title} | {topic(name).title} | {cells} | {mark} |")
    lines += ["", *growing(rows)]
    return "\n".join(lines)


def growing(rows: Sequence[Growth]) -> list[str]:
    """What of ours grows faster than the logarithm, with the reason."""
    ours = [row for row in rows if row.grows and row.key.startswith(f"{OURS}:")]
    if not ours:
        return ["Nothing of wagtail-helpdesk grows faster than log n."]
    lines = ["Faster than log n in wagtail-helpdesk:", ""]
    for row in ours:
        name = row.key.partition(":")[2]
        reason = REASONS.get(name, "the reason is not known yet")
        lines.append(f"- {topic(name).title}: {reason}.")
    return lines


def main() -> int:
    """Print the table of the runs that are there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", choices=["postgres", "sqlite"], default="postgres")
    options = parser.parse_args()
    text = report(results.at_sizes(options.db), options.db)
    results.write_text(options.db, "growth", text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
