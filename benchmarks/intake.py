"""How many mails a system takes in each second: see ``benchmarks.intakes``."""

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
    size: int,
    db: str,
    figures: dict[str, dict[str, Any]],
    failed: dict[str, str],
) -> None:
    """Run a system's intake and put its figures where those of requests are."""
    if entry.system not in COUNTS:
        return
    key = f"{entry.system}:{INTAKE}"
    command = [str(entry.python), "-m", f"benchmarks.intakes.{entry.system}"]
    command += ["--size", str(size), "--db", db, "--count", str(COUNTS[entry.system])]
    try:
        done = subprocess.run(
            command,
            cwd=TREE,
            env={**os.environ, **entry.environment, "PYTHONPATH": str(TREE)},
            capture_output=True,
            check=False,
            text=True,
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired:
        failed[key] = f"not done in {_PATIENCE} s"
        return
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        failed[key] = said[-1] if said else f"ended with {done.returncode}"
        return
    for name, totals in json.loads(done.stdout.strip().splitlines()[-1]).items():
        figures[f"{entry.system}:{name}"] = figures_of(totals)


def figures_of(totals: dict[str, float]) -> dict[str, Any]:
    """Figures for each message, named as those of a request are.

    Args:
        totals: What an intake prints for a kind of work.
    """
    messages = totals["messages"]
    cpu = totals["cpu_seconds"] / messages * 1e3
    return {
        "median_ms": totals["seconds"] / messages * 1e3,
        "p95_ms": None,
        "cpu_web_ms": cpu,
        "cpu_db_ms": None,
        "cpu_ms": cpu,
        "queries": totals["statements"] / messages,
        "bytes": None,
        "count": messages,
    }
