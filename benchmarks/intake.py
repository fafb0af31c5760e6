"""How many mails a system takes in each second, measured by a program of its own.

A system that can is ``benchmarks/sites/<system>/intake.py``: run as a module with
``--count``, it takes that many mails in, the same way its site would, and prints as its
last line JSON with ``messages``, ``seconds``, ``cpu_seconds`` and ``statements``. Mails
are made and read from a disk before the clock starts.
"""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

from benchmarks.catalog import INTAKE
from benchmarks.loading import Loaded
from benchmarks.processes import TREE

#: A slow system takes in fewer; the figure is for each message.
COUNTS = {"helpdesk": 1000, "peer": 200}
_PATIENCE = 300


def measure(
    entry: Loaded,
    *,
    figures: dict[str, dict[str, Any]],
    absent: dict[str, str],
    failed: dict[str, str],
) -> None:
    """Run a system's intake and put its figures where those of requests are."""
    key = f"{entry.system}:{INTAKE}"
    if entry.system not in COUNTS:
        return
    folder = TREE / "benchmarks" / "sites" / entry.system
    if INTAKE in entry.manifest.get("absent", {}):
        absent[key] = entry.manifest["absent"][INTAKE]
        return
    if not (folder / "intake.py").exists():
        absent[key] = "taking in mails is not built yet"
        return
    command = [str(entry.python), "-m", f"benchmarks.sites.{entry.system}.intake"]
    command += ["--count", str(COUNTS[entry.system])]
    settings = f"benchmarks.sites.{entry.system}.settings"
    try:
        done = subprocess.run(
            command,
            cwd=TREE,
            env={
                **os.environ,
                **entry.environment,
                "PYTHONPATH": str(TREE),
                "DJANGO_SETTINGS_MODULE": settings,
            },
            capture_output=True,
            check=False,
            text=True,
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired:
        failed[key] = f"not done in {_PATIENCE} s"
        return
    if done.returncode:
        failed[key] = (done.stderr or done.stdout).strip()[-500:]
        return
    figures[key] = figures_of(json.loads(done.stdout.strip().splitlines()[-1]))


def figures_of(said: dict[str, float]) -> dict[str, Any]:
    """Figures for each message, named as those of a request are.

    Args:
        said: The totals that an intake prints.
    """
    messages = said["messages"]
    each = said["seconds"] / messages * 1e3
    cpu = said["cpu_seconds"] / messages * 1e3 if "cpu_seconds" in said else None
    return {
        "median_ms": each,
        "p95_ms": None,
        "cpu_web_ms": cpu,
        "cpu_db_ms": None,
        "cpu_ms": cpu,
        "queries": said["statements"] / messages,
        "bytes": None,
        "count": messages,
    }
