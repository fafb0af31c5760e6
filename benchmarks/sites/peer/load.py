"""Loads the data set into django-helpdesk: ``python -m benchmarks.sites.peer.load``.

``BENCH_DB`` names the database, which exists and is empty.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from typing import Any

from benchmarks import manifest


def main() -> None:
    """Migrate, load, write the manifest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--db", choices=("postgres", "sqlite"), required=True)
    parser.add_argument(
        "--manifest-only", action="store_true", help="The database is loaded already."
    )
    options = parser.parse_args()
    os.environ["BENCH_LOADING"] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.sites.peer.settings"
    import django

    django.setup()
    from benchmarks.sites.databases import FILES, IS_SQLITE

    if (options.db == "sqlite") != IS_SQLITE:
        parser.error("BENCH_DB is not a database of this kind")
    started = time.monotonic()
    if not options.manifest_only:
        shutil.rmtree(FILES, ignore_errors=True)
        load(size=options.size, seed=options.seed)
    seconds = round(time.monotonic() - started, 1)
    content = describe(size=options.size, seed=options.seed)
    content.update(
        system="peer",
        size=options.size,
        seed=options.seed,
        db=options.db,
        load_seconds=None if options.manifest_only else seconds,
    )
    path = manifest.write(content)
    print(path.read_text("utf-8"))
    note(f"Loaded in {seconds} s: {path}")


def load(*, size: int, seed: int) -> None:
    """Fill the empty database of the active settings."""
    from django.core.management import call_command

    from benchmarks.dataset import Dataset
    from benchmarks.sinks import settle
    from benchmarks.sites.peer.filling import fill

    started = time.monotonic()
    call_command("migrate", verbosity=0)
    note(f"migrated after {time.monotonic() - started:.0f} s")
    fill(Dataset(size, seed), seed=seed, note=note)
    settle()


def describe(*, size: int, seed: int) -> dict[str, Any]:
    """The manifest of a loaded database."""
    from benchmarks.dataset import Dataset
    from benchmarks.sites.peer import contents

    return contents.describe(Dataset(size, seed))


def note(text: str) -> None:
    """Say how far it is."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
