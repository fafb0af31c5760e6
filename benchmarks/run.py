"""The benchmark as one command: ``python -m benchmarks`` (``make bench``)."""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks import intake, procfs, report, results
from benchmarks.catalog import INTAKE, SYSTEMS
from benchmarks.loading import Loaded, load
from benchmarks.manifest import WORK
from benchmarks.measure import System, Workload, measure
from benchmarks.processes import TREE, Gunicorn, Postgres, running
from benchmarks.targets import complaint, judge_all
from benchmarks.workloads import absent_of, chosen, is_wanted, workloads_of

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
#: Minutes of a run, load included; what a round began is ended.
_MINUTES = {1_000: 8, 10_000: 9, 100_000: 27, 1_000_000: 240}
_SEED = 7
#: Share of the processors that others may use before the report warns of it.
_BUSY = 0.15


def main(arguments: Sequence[str] | None = None) -> int:
    """Load, measure, report; returns the exit status."""
    options = _options(arguments)
    began = time.monotonic()
    deadline = began + 60 * (options.minutes or _MINUTES[options.size])
    # What a run that was broken off would leave behind is ended by the handlers of
    # ``with`` blocks; ^C and TERM both arrive as exceptions.
    postgres = None
    if options.db == "postgres":
        postgres = Postgres(WORK / "postgres-cluster")
        postgres.start()
    try:
        loaded = load(
            options.systems,
            size=options.size,
            seed=_SEED,
            db=options.db,
            postgres=postgres,
            fresh=options.fresh,
            say=_say,
        )
        run = _run(options, loaded, postgres, deadline)
    finally:
        if postgres is not None:
            postgres.stop()
    run["seconds"] = round(time.monotonic() - began)
    path = results.write(run)
    at_sizes = results.at_sizes(options.db)
    judged = judge_all(
        run["figures"],
        absent=run["absent"],
        failed=run["failed"],
        at_sizes=at_sizes,
        is_wanted=_is_asked_for(options.only),
        by_cpu=options.by == "cpu",
    )
    text = report.markdown(run, judged)
    results.write_text(options.db, path.stem, text)
    print(text)
    _say(f"{run['seconds']} s; {path.relative_to(TREE)}")
    said = complaint(judged)
    if options.check and said:
        print(said)
        return 1
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", type=_size, default=10_000, help=", ".join(SIZES))
    parser.add_argument("--db", choices=["postgres", "sqlite"], default="postgres")
    parser.add_argument("--only", default="", help="topics, such as inbox_*,ticket")
    parser.add_argument(
        "--systems", type=lambda text: text.split(","), default=list(SYSTEMS)
    )
    parser.add_argument(
        "--by", choices=["time", "cpu"], default="time", help="what targets are held to"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--fresh", action="store_true", help="load the data again")
    parser.add_argument("--check", action="store_true", help="1 if a target is missed")
    options = parser.parse_args(arguments)
    unknown = set(options.systems) - set(SYSTEMS)
    if unknown:
        parser.error(f"--systems knows {', '.join(SYSTEMS)}")
    return options


def _size(text: str) -> int:
    if text.lower() in SIZES:
        return SIZES[text.lower()]
    raise argparse.ArgumentTypeError(f"choose one of {', '.join(SIZES)}")


def _say(text: str) -> None:
    clock = datetime.datetime.now().strftime("%H:%M:%S")
    print(f"{clock} {text}", file=sys.stderr, flush=True)


def _is_asked_for(only: str) -> Callable[[str], bool]:
    """Whether a ``<system>:<topic>`` was asked for."""
    return lambda key: is_wanted(key.partition(":")[2], only)


def _run(
    options: argparse.Namespace,
    loaded: list[Loaded],
    postgres: Postgres | None,
    deadline: float,
) -> dict[str, Any]:
    """Serve all systems, measure, and return what the JSON holds."""
    servers = [
        Gunicorn(
            entry.system,
            python=entry.python,
            environment=entry.environment,
            log=WORK / "logs" / f"{entry.system}.log",
            workers=options.workers,
        )
        for entry in loaded
    ]
    notes = _busy_notes()
    figures: dict[str, dict[str, Any]] = {}
    absent: dict[str, str] = {}
    failed: dict[str, str] = {}
    with running(servers):
        systems = [
            _system(entry, server, postgres)
            for entry, server in zip(loaded, servers, strict=True)
        ]
        workloads = _workloads(loaded, systems, options.only, absent)
        # Writes come last: they move other tickets to the top of the lists that are
        # read, and what proves a page right would no longer be on it.
        reads = [workload for workload in workloads if not workload.writes]
        writes = [workload for workload in workloads if workload.writes]
        left = deadline - time.monotonic()
        outcomes = measure(reads, deadline=deadline - left / 5, say=_say)
        outcomes |= measure(writes, deadline=deadline, say=_say)
        for key, outcome in outcomes.items():
            if outcome.error or not outcome.seconds:
                failed[key] = outcome.error or "no time was left for it"
            else:
                figures[key] = outcome.figures()
        for system in systems:
            memory = system.memory()
            if memory is not None:
                figures[f"{system.name}:memory"] = memory
    if is_wanted(INTAKE, options.only):
        _say("taking in mails")
        for entry in loaded:
            intake.measure(
                entry, size=options.size, db=options.db, figures=figures, failed=failed
            )
    if postgres is not None:
        notes += _database_notes(postgres)
    notes += [
        f"{entry.system}: {_counts(entry)}"
        + (
            f", {postgres.size(entry.database) / 2**20:,.0f} MB"
            if postgres is not None
            else ""
        )
        + f", loaded in {entry.manifest['load_seconds']:,.0f} s"
        + (" for an earlier run" if entry.was_cached else "")
        for entry in loaded
    ]
    return {
        "size": options.size,
        "db": options.db,
        "only": options.only or ",".join(sorted(set(SYSTEMS) - set(options.systems))),
        "database": _database(postgres),
        "workers": options.workers,
        "machine": _machine(),
        "versions": _versions(loaded),
        "notes": notes,
        "figures": figures,
        "absent": absent,
        "failed": failed,
    }


def _system(entry: Loaded, server: Gunicorn, postgres: Postgres | None) -> System:
    backends = None
    if postgres is not None and postgres.can_read_cpu:
        backends = _backends(postgres, entry.database)
    system = System(entry.system, server, backends)
    system.connect()
    return system


def _backends(postgres: Postgres, database: str) -> Any:
    return lambda: postgres.backends(database)


def _workloads(
    loaded: list[Loaded],
    systems: list[System],
    only: str,
    absent: dict[str, str],
) -> list[Workload]:
    """What was asked for, one topic after the other with its systems side by side."""
    made = {}
    names: set[str] = set()
    for entry, system in zip(loaded, systems, strict=True):
        made[entry.system] = workloads_of(system, entry.manifest)
        names |= set(made[entry.system])
        for name, reason in absent_of(entry.manifest).items():
            if is_wanted(name, only):
                absent[f"{entry.system}:{name}"] = reason
    return [
        made[entry.system][name]
        for name in chosen(names, only)
        for entry in loaded
        if name in made[entry.system]
    ]


def _counts(entry: Loaded) -> str:
    counts = entry.manifest.get("counts", {})
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


def _database(postgres: Postgres | None) -> str:
    if postgres is None:
        import sqlite3

        return f"SQLite {sqlite3.sqlite_version}"
    return f"PostgreSQL {postgres.version.split()[0]}"


def _busy_notes() -> list[str]:
    """Say so where the machine was at work before anything was measured."""
    time.sleep(5)
    load, processors = procfs.busy_share(seconds=3), os.cpu_count() or 1
    if load < _BUSY:
        return []
    return [
        f"The machine did other things: {load:.0%} of its {processors} processors were "
        "busy before the first request. Look at CPU, not at time."
    ]


def _database_notes(postgres: Postgres) -> list[str]:
    notes = []
    if not postgres.can_read_cpu:
        notes.append(
            "The processes of this PostgreSQL server cannot be read from here: CPU is "
            "that of the web processes only."
        )
    if not postgres.is_own:
        notes.append(
            "A PostgreSQL server that answered already: what else it does disturbs the "
            "figures."
        )
    return notes


def _machine() -> str:
    name = ""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                name = f" ({line.partition(':')[2].strip()})"
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} processors{name}, {memory:.0f} GB, {platform.system()}"


def _versions(loaded: list[Loaded]) -> str:
    names = ("Django", "wagtail", "wagtail-helpdesk", "gunicorn", "psycopg")
    found = [f"{name} {metadata.version(name)}" for name in names]
    python = f"Python {platform.python_version()}"
    for entry in loaded:
        if entry.python != Path(sys.executable):
            script = (
                "from importlib.metadata import version as v;"
                "print(', '.join(f'{n} {v(n)}' for n in ('django-helpdesk', 'Django')))"
            )
            said = subprocess.run(
                [str(entry.python), "-c", script],
                capture_output=True,
                check=False,
                text=True,
            )
            found.append(f"the peer {said.stdout.strip()}")
    return ", ".join([python, *found])
