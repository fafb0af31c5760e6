"""The database of a measured site, as ``BENCH_DB`` names it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from benchmarks.manifest import WORK

#: A path ends in ``.sqlite3``; everything else is the name of a PostgreSQL database.
NAME = os.environ["BENCH_DB"]
IS_SQLITE = NAME.endswith(".sqlite3")
#: Attachments and media of this database; replaced when it is loaded again.
FILES = WORK / "files" / Path(NAME).stem
#: A loader runs: what a power cut takes away is loaded again.
IS_LOADING = bool(os.environ.get("BENCH_LOADING"))


def databases() -> dict[str, dict[str, Any]]:
    """The setting ``DATABASES``: connections are kept, as in production."""
    if IS_SQLITE:
        synchronous = "OFF" if IS_LOADING else "NORMAL"
        pragmas = f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous};"
        options = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": pragmas,
        }
        return {
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": NAME,
                "CONN_MAX_AGE": 600,
                "OPTIONS": options,
            }
        }
    # As docs/how-to/databases.md advises, and the same for all systems.
    options = {"options": "-c jit=off"}
    if IS_LOADING:
        options["options"] += " -c synchronous_commit=off"
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": NAME,
            "HOST": os.environ.get("PGHOST", "127.0.0.1"),
            "PORT": os.environ.get("PGPORT", "5432"),
            "USER": os.environ.get("PGUSER", "postgres"),
            "PASSWORD": os.environ.get("PGPASSWORD", ""),
            "CONN_MAX_AGE": 600,
            "OPTIONS": options,
        }
    }
