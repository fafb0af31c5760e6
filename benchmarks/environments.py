"""The peer's own virtual environment: its packages must not meet ours."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

from benchmarks.manifest import WORK

PEER_VERSION = "2.6.1"
FOLDER = WORK / "venvs" / "peer"


def requirements() -> list[str]:
    """What is installed: the peer, and the versions of all else that our site has."""
    same = ("Django", "gunicorn", "djangorestframework")
    found = [f"django-helpdesk=={PEER_VERSION}"]
    for name in same:
        try:
            found.append(f"{name}=={metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return [*found, f"psycopg[binary]=={metadata.version('psycopg')}"]


def peer() -> Path:
    """The interpreter, with everything installed; made if it is missing.

    Raises:
        RuntimeError: pip could not install it; what it said.
    """
    python, stamp = FOLDER / "bin" / "python", FOLDER / "requirements.txt"
    wanted = "\n".join(requirements())
    if python.exists() and stamp.exists() and stamp.read_text("utf-8") == wanted:
        return python
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    _run([sys.executable, "-m", "venv", str(FOLDER)])
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    _run([*pip, *requirements()])
    stamp.write_text(wanted, "utf-8")
    return python


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-1500:]
        raise RuntimeError(f"{' '.join(command[1:4])} failed:\n{said}")
