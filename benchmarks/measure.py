"""Rounds of requests to several systems in turn, and what they cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks import probe, procfs
from benchmarks.client import Client, Unit, WrongAnswer
from benchmarks.processes import Gunicorn
from benchmarks.statistics import median, percentile

#: Seconds of requests that one turn of a workload aims at.
TURN = 0.3
MOST_IN_A_TURN = 25
#: Writes change the data for good, so they are few.
MOST_WRITES_IN_A_TURN = 8
ROUNDS = 6
#: Turns of a workload whose unit takes longer than this many seconds.
_FEWER_TURNS = ((10.0, 1), (1.5, 3))
#: Units that warm up, for what takes less than so many seconds.
_WARMING = ((0.5, 5), (1.5, 2), (10.0, 1))
#: What takes longer is asked once: that one answer is its figure.
HOPELESS = 30.0
#: Reads before a turn of several that are not counted: another site has just had the
#: processor's caches, which a site at work keeps.
_GREETINGS = 4
#: Lets a worker come to rest before its processor time is read.
_REST = 0.004


@dataclass
class System:
    """A site that runs.

    Attributes:
        name: Its name in the catalog.
        server: Its gunicorn.
        backends: Lists the database's processes that work for it; ``None`` where they
            cannot be read, or where the database is a library (SQLite).
    """

    name: str
    server: Gunicorn
    backends: Callable[[], list[int]] | None = None
    client: Client = field(init=False)

    def connect(self) -> None:
        """Make the client, once the server's port is known."""
        self.client = Client(self.server.port)

    def reading(self) -> tuple[dict[int, float], dict[int, float]]:
        """Processor seconds so far: of the web processes, of the database's."""
        backends = self.backends() if self.backends else []
        return procfs.cpu_of(self.server.worker_pids()), procfs.cpu_of(backends)

    def memory(self) -> dict[str, float] | None:
        """Bytes of a worker, as the mean of all; ``None`` where it cannot be read."""
        read = [procfs.memory(pid) for pid in self.server.worker_pids()]
        found = [memory for memory in read if memory is not None]
        if not found:
            return None
        return {
            "pss": sum(memory.pss for memory in found) / len(found),
            "rss": sum(memory.rss for memory in found) / len(found),
        }


@dataclass
class Workload:
    """A topic of one system.

    Attributes:
        topic: Its name in the catalog.
        system: Who is asked.
        units: Makes that many units, each with fresh tokens; not timed.
        writes: Whether it changes data.
    """

    topic: str
    system: System
    units: Callable[[int], list[Unit]]
    writes: bool = False

    @property
    def key(self) -> str:
        """``<system>:<topic>``."""
        return f"{self.system.name}:{self.topic}"


@dataclass
class Outcome:
    """What was measured of a workload.

    Attributes:
        seconds: Wall time of each unit.
        web: Processor seconds of the web processes for a unit, one figure a turn.
        database: The same of the database.
        queries: Statements of a unit.
        size: Bytes of a unit's answers.
        error: Why it was given up, if it was.
    """

    seconds: list[float] = field(default_factory=list)
    web: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    queries: int | None = None
    size: int | None = None
    error: str = ""

    def figures(self) -> dict[str, Any]:
        """As in the JSON: times in milliseconds; what is not known is ``None``."""
        web = median(self.web) * 1e3 if self.web else None
        database = median(self.database) * 1e3 if self.database else None
        cpu = None if web is None else web + (database or 0)
        return {
            "median_ms": median(self.seconds) * 1e3,
            "p95_ms": percentile(self.seconds, 0.95) * 1e3,
            "cpu_web_ms": web,
            "cpu_db_ms": database,
            "cpu_ms": cpu,
            "queries": self.queries,
            "bytes": self.size,
            "count": len(self.seconds),
        }


def first_look(workload: Workload, outcome: Outcome) -> float:
    """Warm up, count queries and bytes; returns the seconds a unit takes.

    Each worker has its own caches, so that more than one unit is needed.
    """
    web, database = workload.system.reading()
    began = time.perf_counter()
    answers = workload.system.client.expect(workload.units(1)[0])
    seconds = time.perf_counter() - began
    if seconds > HOPELESS:
        outcome.size = sum(len(response.body) for response in answers)
        _note(outcome, workload, [seconds], web, database)
        return seconds
    warm = next((count for limit, count in _WARMING if seconds < limit), 0)
    for unit in workload.units(min(warm, 1) if workload.writes else warm):
        answers = workload.system.client.expect(unit)
        seconds = sum(response.seconds for response in answers)
    unit = workload.units(1)[0]
    asking = [
        replace(request, headers={**request.headers, probe.ASK: "1"})
        for request in unit.requests
    ]
    responses = workload.system.client.expect(Unit(tuple(asking), unit.has))
    found = [response.headers.get(probe.QUERIES.lower()) for response in responses]
    if None not in found:
        outcome.queries = sum(int(count or 0) for count in found)
    outcome.size = sum(len(response.body) for response in responses)
    return seconds


def turn(workload: Workload, count: int, outcome: Outcome) -> None:
    """Send ``count`` units one after the other and note what they cost."""
    client = workload.system.client
    if count > 1 and not workload.writes:
        for unit in workload.units(_GREETINGS):
            client.expect(unit)
    units = workload.units(count)
    web, database = workload.system.reading()
    seconds = []
    for unit in units:
        answers = client.expect(unit)
        seconds.append(sum(response.seconds for response in answers))
    _note(outcome, workload, seconds, web, database)


def _note(
    outcome: Outcome,
    workload: Workload,
    seconds: list[float],
    web: dict[int, float],
    database: dict[int, float],
) -> None:
    """Note what units took since the processor time was read."""
    time.sleep(_REST)
    outcome.seconds += seconds
    web_after, database_after = workload.system.reading()
    if web_after:
        outcome.web.append(procfs.spent(web, web_after) / len(seconds))
    if workload.system.backends is not None:
        spent = procfs.spent(database, database_after)
        outcome.database.append(spent / len(seconds))


def plan(seconds: float, *, writes: bool) -> tuple[int, int]:
    """How many units a turn has, and how many turns there are.

    Args:
        seconds: What a unit takes.
        writes: Whether it changes data.

    Returns:
        Both 0 for what ``first_look`` has measured already.
    """
    most = MOST_WRITES_IN_A_TURN if writes else MOST_IN_A_TURN
    if seconds > HOPELESS:
        return 0, 0
    count = max(1, min(most, int(TURN / max(seconds, 1e-6))))
    rounds = next((n for limit, n in _FEWER_TURNS if seconds > limit), ROUNDS)
    return count, rounds


def measure(
    workloads: Sequence[Workload],
    *,
    deadline: float,
    say: Callable[[str], None],
) -> dict[str, Outcome]:
    """Measure all workloads in rounds: each takes a turn before any takes the next.

    What answers wrongly is given up with its reason; the others go on. After the
    deadline no further round begins, except that two are always made.

    Args:
        workloads: In the order in which they take turns.
        deadline: ``time.monotonic()`` after which no round begins.
        say: Tells a person how far it is.
    """
    outcomes = {workload.key: Outcome() for workload in workloads}
    plans: dict[str, tuple[int, int]] = {}
    if not workloads:
        return outcomes
    say(f"warming up {len(workloads)} workloads")
    for workload in workloads:
        outcome = outcomes[workload.key]
        try:
            seconds = first_look(workload, outcome)
            plans[workload.key] = plan(seconds, writes=workload.writes)
        except WrongAnswer as error:
            outcome.error = str(error)
            say(f"given up: {workload.key}: {error}")
    for number in range(ROUNDS):
        if number >= 2 and time.monotonic() > deadline:
            say(f"out of time after {number} rounds")
            break
        say(f"round {number + 1} of {ROUNDS}")
        for workload in _in_turn(workloads, number):
            outcome = outcomes[workload.key]
            count, rounds = plans.get(workload.key, (0, 0))
            if number >= rounds or outcome.error:
                continue
            try:
                turn(workload, count, outcome)
            except WrongAnswer as error:
                outcome.error = str(error)
                say(f"given up: {workload.key}: {error}")
    return outcomes


def _in_turn(workloads: Sequence[Workload], number: int) -> Iterator[Workload]:
    """Forwards, then backwards, so that nobody always comes after the same one."""
    return iter(workloads) if number % 2 == 0 else reversed(workloads)
