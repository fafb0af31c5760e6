"""Fills the systems with the data set, once for each version of data and models."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import environments, manifest
from benchmarks.catalog import FLOOR, OURS, PEER
from benchmarks.processes import TREE, Postgres

#: What decides how a loaded database looks, beside the size and the seed.
_SOURCES = {
    OURS: (
        "benchmarks/sites/helpdesk",
        "benchmarks/mails.py",
        "benchmarks/sinks.py",
        "wagtail_helpdesk/demo",
        "wagtail_helpdesk/migrations",
        "wagtail_helpdesk/knowledge_base/migrations",
        "wagtail_helpdesk/portal/migrations",
        "example_site/home/migrations",
    ),
    PEER: ("benchmarks/sites/peer", "benchmarks/sinks.py"),
    FLOOR: ("benchmarks/sites/floor",),
}
_COMMON = ("benchmarks/dataset",)
#: These change nothing in the database: read while a site is served, or after loading.
_SERVED = {"settings.py", "urls.py", "views.py", "wsgi.py", "contents.py"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A system's database, filled.

    Attributes:
        system: Its name.
        python: The interpreter that serves it.
        database: The name, or the path of the file.
        environment: What its settings read.
        manifest: What it says about itself.
        was_cached: Whether it was there already.
    """

    system: str
    python: Path
    database: str
    environment: dict[str, str]
    manifest: dict[str, Any]
    was_cached: bool


def fingerprint(system: str, tree: Path = TREE) -> str:
    """Eight letters that change when the data or the tables would.

    Args:
        system: The system's name.
        tree: The folder with the code.
    """
    digest = hashlib.sha256()
    for name in sorted((*_COMMON, *_SOURCES[system])):
        place = tree / name
        files = [place] if place.is_file() else sorted(place.rglob("*.py"))
        for path in files:
            if path.name not in _SERVED:
                digest.update(f"{path.relative_to(tree)}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def python_of(system: str) -> Path:
    """The interpreter of a system's virtual environment, made if it is missing."""
    return environments.peer() if system == PEER else Path(sys.executable)


def load(
    systems: Iterable[str],
    *,
    size: int,
    seed: int,
    db: str,
    postgres: Postgres | None,
    fresh: bool,
    say: Callable[[str], None],
) -> list[Loaded]:
    """Load all systems, each by a process of its own.

    Args:
        systems: Their names.
        size: How many tickets.
        seed: Which data.
        db: ``postgres`` or ``sqlite``.
        postgres: The server, for ``postgres``.
        fresh: Load again what is there.
        say: Tells a person how far it is.

    Raises:
        RuntimeError: A loader failed; what it said.
    """

    def one(system: str) -> Loaded:
        return _load_one(
            system, size=size, seed=seed, db=db, postgres=postgres, fresh=fresh, say=say
        )

    names = list(systems)
    # Not more at once than there are processors.
    with ThreadPoolExecutor(max(1, min(len(names), os.cpu_count() or 1))) as pool:
        return list(pool.map(one, names))


def _load_one(
    system: str,
    *,
    size: int,
    seed: int,
    db: str,
    postgres: Postgres | None,
    fresh: bool,
    say: Callable[[str], None],
) -> Loaded:
    python = python_of(system)
    folder = manifest.folder(db=db, size=size, system=system)
    key = f"{system}_{size}_{seed}_{fingerprint(system)}"
    marker = folder / "loaded.json"
    if postgres is not None:
        database = f"helpdesk_bench_{key}"
        is_there = postgres.exists(database)
        environment = dict(postgres.environment)
    else:
        database = str(folder / f"{key}.sqlite3")
        is_there = Path(database).exists()
        environment = {}
    environment["BENCH_DB"] = database
    said = json.loads(marker.read_text("utf-8")) if marker.exists() else {}
    was_cached = is_there and not fresh and said.get("key") == key
    command = [str(python), "-m", f"benchmarks.sites.{system}.load"]
    command += ["--size", str(size), "--seed", str(seed), "--db", db]
    if not was_cached:
        marker.unlink(missing_ok=True)
        _make_room(database, system, size, seed, folder, postgres)
        if postgres is not None:
            _make_database(database, system, python, environment, postgres, say)
        say(f"loading {system} with {size:,} tickets")
        began = time.monotonic()
        _run(command, environment)
        seconds = round(time.monotonic() - began)
        marker.write_text(json.dumps({"key": key, "seconds": seconds}), "utf-8")
        say(f"loaded {system} in {seconds} s")
    else:
        seconds = said["seconds"]
        if system != FLOOR:
            # What earlier runs wrote has moved other tickets to the top.
            _run([*command, "--manifest-only"], environment)
    content = manifest.read(db=db, size=size, system=system)
    content["load_seconds"] = seconds
    return Loaded(system, python, database, environment, content, was_cached)


def _run(command: list[str], environment: dict[str, str]) -> None:
    """Run a loader.

    Raises:
        RuntimeError: It failed; what it said.
    """
    done = subprocess.run(
        command,
        cwd=TREE,
        env={**os.environ, **environment, "PYTHONPATH": str(TREE)},
        capture_output=True,
        check=False,
        text=True,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-3000:]
        raise RuntimeError(f"{' '.join(command[1:])} failed:\n{said}")


def _make_database(
    database: str,
    system: str,
    python: Path,
    environment: dict[str, str],
    postgres: Postgres,
    say: Callable[[str], None],
) -> None:
    """Make a system's database with all tables: a copy, since migrations take long.

    The loader migrates in any case, so a copy that lacks something gets it.
    """
    prefix = f"helpdesk_bench_template_{system}_"
    template = f"{prefix}{fingerprint(system)}_{_versions(python)}"
    if not postgres.exists(template):
        for old in postgres.databases(prefix):
            # Not what another run is making at this moment.
            if not old.startswith(template):
                postgres.drop(old)
        say(f"migrating {system}")
        unfinished = f"{template}_{os.getpid()}"
        postgres.create(unfinished)
        settings = f"benchmarks.sites.{system}.settings"
        _run(
            [str(python), "-m", "django", "migrate", "-v0", "--settings", settings],
            {**environment, "BENCH_DB": unfinished, "BENCH_LOADING": "1"},
        )
        if postgres.exists(template):
            postgres.drop(unfinished)
        else:
            postgres.rename(unfinished, template)
    postgres.create(database, template)


#: Prints what is installed.
_INSTALLED = (
    "from importlib.metadata import distributions;"
    "print(*sorted(f'{one.name} {one.version}' for one in distributions()))"
)


def _versions(python: Path) -> str:
    """Eight letters that change with the packages of an interpreter."""
    found = subprocess.run(
        [str(python), "-c", _INSTALLED], capture_output=True, check=True
    )
    return hashlib.sha256(found.stdout).hexdigest()[:8]


def _make_room(
    database: str,
    system: str,
    size: int,
    seed: int,
    folder: Path,
    postgres: Postgres | None,
) -> None:
    """Drop what earlier versions left."""
    if postgres is not None:
        for old in postgres.databases(f"helpdesk_bench_{system}_{size}_{seed}_"):
            postgres.drop(old)
            shutil.rmtree(manifest.WORK / "files" / old, ignore_errors=True)
        return
    for path in folder.glob("*.sqlite3*"):
        path.unlink()
        shutil.rmtree(manifest.WORK / "files" / path.stem, ignore_errors=True)
