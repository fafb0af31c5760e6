"""What the kernel says about a process: processor time and memory.

Processor time comes from ``schedstat`` (nanoseconds) where the kernel keeps it, else
from ``stat`` (ticks of usually 10 ms), summed over a process's threads.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of a process.

    Attributes:
        pss: Its own pages and its share of those it has in common with others.
        rss: All pages that are in memory, shared ones in full.
    """

    pss: int
    rss: int


def parse_stat(text: str, ticks: int = TICKS) -> tuple[float, float]:
    """Seconds of a process, and of its children that have ended.

    Args:
        text: ``/proc/<pid>/stat``. The name in it may hold spaces and brackets.
        ticks: Clock ticks a second.
    """
    fields = text.rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / ticks
    children = (int(fields[13]) + int(fields[14])) / ticks
    return own, children


def parse_schedstat(text: str) -> float:
    """Seconds on a processor, from ``/proc/<pid>/task/<tid>/schedstat``."""
    return int(text.split()[0]) / 1e9


def parse_smaps(text: str) -> Memory:
    """Bytes from ``/proc/<pid>/smaps_rollup``."""
    found = {"Pss": 0, "Rss": 0}
    for line in text.splitlines():
        name, _colon, rest = line.partition(":")
        if name in found:
            found[name] = int(rest.split()[0]) * 1024
    return Memory(pss=found["Pss"], rss=found["Rss"])


def cpu_seconds(pid: int) -> float | None:
    """Processor seconds of a process so far; ``None`` once it is gone or hidden."""
    try:
        threads = list((PROC / str(pid) / "task").iterdir())
        try:
            return sum(parse_schedstat((t / "schedstat").read_text()) for t in threads)
        except (FileNotFoundError, ValueError, IndexError):
            return parse_stat((PROC / str(pid) / "stat").read_text())[0]
    except (OSError, ValueError, IndexError):
        return None


def cpu_of(pids: Iterable[int]) -> dict[int, float]:
    """Processor seconds of each process that can be read."""
    read = {pid: cpu_seconds(pid) for pid in pids}
    return {pid: seconds for pid, seconds in read.items() if seconds is not None}


def spent(before: dict[int, float], after: dict[int, float]) -> float:
    """Seconds used between two readings; a process that began between counts whole."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def busy(text: str) -> tuple[float, float]:
    """Ticks in which the processors worked, and all ticks, from ``/proc/stat``."""
    ticks = [int(word) for word in text.splitlines()[0].split()[1:9]]
    idle = ticks[3] + ticks[4]
    return sum(ticks) - idle, sum(ticks)


def busy_share(seconds: float) -> float:
    """The share of all processors that is in use, over so many seconds; 0 to 1."""
    try:
        worked, total = busy((PROC / "stat").read_text())
        time.sleep(seconds)
        worked_then, total_then = busy((PROC / "stat").read_text())
    except (OSError, ValueError, IndexError):
        return 0.0
    return (worked_then - worked) / max(1, total_then - total)


def children(pid: int) -> list[int]:
    """Ids of a process's children."""
    try:
        return [
            int(word)
            for thread in (PROC / str(pid) / "task").iterdir()
            for word in (thread / "children").read_text().split()
        ]
    except OSError:
        return []


def memory(pid: int) -> Memory | None:
    """Memory of a process; ``None`` where it cannot be read."""
    try:
        return parse_smaps((PROC / str(pid) / "smaps_rollup").read_text())
    except OSError:
        return None
