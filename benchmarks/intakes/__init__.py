"""How each system takes mails in: programs that run in its own environment.

``python -m benchmarks.intakes.<system> --size 10000 --db postgres --count 1000`` takes
that many mails in, the way its site would, and prints as its last line JSON: for each
kind of work ``messages``, ``seconds``, ``cpu_seconds`` and ``statements``. The mails
are made before the clock starts.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from benchmarks import manifest
from benchmarks.dataset import Dataset
from benchmarks.mails import mails
from benchmarks.probe import Counter


def prepare(system: str) -> tuple[list[bytes], dict[str, Any]]:
    """Read the command line, set Django up, and make the mails.

    Returns:
        The raw mails, and the manifest of the loaded system.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--db", choices=["postgres", "sqlite"], required=True)
    parser.add_argument("--count", type=int, required=True)
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = f"benchmarks.sites.{system}.settings"
    import django

    django.setup()
    content = manifest.read(db=options.db, size=options.size, system=system)
    data = Dataset(options.size, content["seed"])
    # A database is used for more than one run, and no mail may come twice.
    turn = int(time.time())
    threads = content.get("mail_threads", [])
    return list(mails(data, options.count, threads, turn=turn)), content


@contextmanager
def measured(into: dict[str, float], messages: Callable[[], int]) -> Iterator[None]:
    """Note what the block costs.

    Args:
        into: Filled when the block ends.
        messages: Counts what was taken in, once the block has ended.
    """
    from django.db import connections

    counter = Counter()
    with ExitStack() as stack:
        for connection in connections.all():
            connection.ensure_connection()
            stack.enter_context(connection.execute_wrapper(counter))
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        into["seconds"] = time.perf_counter() - wall
        into["cpu_seconds"] = time.process_time() - cpu
    into["statements"] = counter.count
    into["messages"] = messages()
