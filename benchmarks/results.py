"""Where runs keep their figures: ``benchmarks/.work/results/<db>/<size>.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.manifest import WORK

FOLDER = WORK / "results"


def write(content: dict[str, Any]) -> Path:
    """Keep a run; a run of only some topics never replaces a whole one."""
    name = f"{content['size']}-part" if content["only"] else str(content["size"])
    path = FOLDER / content["db"] / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1), "utf-8")
    return path


def write_text(db: str, name: str, text: str) -> Path:
    """Keep a report as Markdown."""
    path = FOLDER / db / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", "utf-8")
    return path


def at_sizes(db: str) -> dict[int, dict[str, dict[str, Any]]]:
    """Figures of all whole runs on a database, by number of tickets."""
    found = {}
    for path in sorted((FOLDER / db).glob("*.json")):
        if path.stem.isdigit():
            content = json.loads(path.read_text("utf-8"))
            found[int(path.stem)] = content["figures"]
    return found
