"""A real streaming replica that lags on purpose: who sees what, and when.

``python -m benchmarks.scale.replica``: makes two PostgreSQL clusters in a temporary
folder (``initdb``, ``pg_basebackup``), the second one ``DELAY`` seconds behind.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from glob import glob
from pathlib import Path
from typing import Any

from benchmarks.scale.database import fresh_database

DELAY = 4


class Cluster:
    """A PostgreSQL server of our own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.data, self.port = folder, port
        self.bin = Path(sorted(glob("/usr/lib/postgresql/*/bin"))[-1])

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs; never as root."""
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*prefix, str(self.bin / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
        )

    @contextmanager
    def running(self, *options: str) -> Iterator[None]:
        """Start it, and stop it in the end."""
        settings = [
            f"-p {self.port}",
            "-c listen_addresses=127.0.0.1 -c unix_socket_directories=",
            *(f"-c {option}" for option in options),
        ]
        data = ("-D", str(self.data))
        log = ("-l", str(self.data / "server.log"))
        self.run("pg_ctl", *data, "-w", *log, "-o", " ".join(settings), "start")
        try:
            yield
        finally:
            self.run("pg_ctl", *data, "-m", "immediate", "-w", "stop")


def main() -> int:
    """Print what each person saw; 1 if somebody missed what they wrote."""
    from tests.smtp import free_port

    place = Path(tempfile.mkdtemp(prefix="helpdesk-replica-"))
    if os.geteuid() == 0:
        shutil.chown(place, "postgres")
    primary = Cluster(place / "primary", free_port())
    replica = Cluster(place / "replica", free_port())
    os.environ.update(
        PGHOST="127.0.0.1",
        PGPORT=str(primary.port),
        PGUSER="postgres",
        SCALE_REPLICA_PORT=str(replica.port),
    )
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, place, ignore_errors=True)
        options = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        primary.run("initdb", "-D", str(primary.data), *options)
        stack.enter_context(primary.running("wal_level=replica"))
        database = fresh_database("scale_replica")
        stack.enter_context(database)
        primary.run(
            "pg_basebackup",
            *("-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres"),
            *("-D", str(replica.data), "-R", "-c", "fast"),
        )
        stack.enter_context(replica.running(f"recovery_min_apply_delay={DELAY}s"))
        return try_it()


def try_it() -> int:
    """An agent writes a note; they and a colleague look at the ticket."""
    from django.db import connections
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.permissions.world import make_world

    world = make_world()
    time.sleep(DELAY + 2)
    url = f"/admin/helpdesk/tickets/{world.acme.ticket.public_id}/"
    compose = f"{url}compose/"
    text = "canarynew: the fuse was blown"
    wrong = 0

    def look(who: str, browser: Client, sees: bool, reads: str) -> None:
        nonlocal wrong
        with ExitStack() as stack:
            captured = {
                alias: stack.enter_context(CaptureQueriesContext(connections[alias]))
                for alias in connections
            }
            response: Any = browser.get(url)
        asked = Counter({alias: len(sent) for alias, sent in captured.items()})
        seen = text in response.content.decode()
        is_right = response.status_code == 200 and seen == sees
        is_right = is_right and asked.most_common(1)[0][0] == reads
        wrong += not is_right
        print(
            f"{who}: {'sees' if seen else 'does not see'} the note; statements "
            f"{dict(asked)}{'' if is_right else '  <- NOT RIGHT'}"
        )

    author, colleague = world.client("agent"), world.client("admin")
    look("author before", author, False, "replica")
    answer = author.post(compose, {"do": "note", "mode": "note", "text": text})
    assert answer.status_code in {200, 302, 303}, answer.status_code
    look("author at once", author, True, "default")
    look("author again", author, True, "default")
    look("colleague at once", colleague, False, "replica")
    time.sleep(DELAY + 2)
    look("author later", author, True, "replica")
    look("colleague later", colleague, True, "replica")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
