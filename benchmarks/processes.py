"""The programs a run starts and ends: gunicorn, and PostgreSQL where none answers."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from glob import glob
from pathlib import Path
from typing import Any

from benchmarks import procfs

TREE = Path(__file__).resolve().parent.parent
_PATIENCE = 60


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Gunicorn:
    """One site under gunicorn with synchronous workers.

    Args:
        name: The site's name; its settings are ``benchmarks.sites.<name>.settings``.
        python: The interpreter of its virtual environment.
        environment: What its settings read beside what this process has.
        log: Where its output goes.
        workers: How many worker processes.
    """

    def __init__(
        self,
        name: str,
        *,
        python: Path,
        environment: Mapping[str, str],
        log: Path,
        workers: int = 2,
    ) -> None:
        self.name = name
        self.port = free_port()
        self.workers = workers
        self._log = log
        self._command = [
            str(python),
            *("-m", "gunicorn", "django.core.wsgi:get_wsgi_application()"),
            *("--bind", f"127.0.0.1:{self.port}"),
            *("--workers", str(workers), "--worker-class", "sync"),
            *("--timeout", "300", "--graceful-timeout", "5"),
            *("--no-control-socket",) * _has_control_socket(python),
        ]
        self._environment = {
            **os.environ,
            **environment,
            "DJANGO_SETTINGS_MODULE": f"benchmarks.sites.{name}.settings",
            "PYTHONPATH": str(TREE),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until all its workers are there.

        Raises:
            RuntimeError: It ended, or its workers did not come.
        """
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=TREE,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        patience = time.monotonic() + _PATIENCE
        while time.monotonic() < patience:
            if self._process.poll() is not None:
                break
            if len(self.worker_pids()) == self.workers and _answers(self.port):
                return
            time.sleep(0.1)
        self.stop()
        tail = self._log.read_text("utf-8", "replace")[-2000:]
        raise RuntimeError(f"The site {self.name} does not start:\n{tail}")

    def worker_pids(self) -> list[int]:
        """Ids of the worker processes."""
        return procfs.children(self._process.pid) if self._process else []

    def stop(self) -> None:
        """End it."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def _has_control_socket(python: Path) -> int:
    """Whether this gunicorn opens a socket to control it by, which is not needed."""
    shown = subprocess.run(
        [str(python), "-m", "gunicorn", "--help"],
        capture_output=True,
        check=False,
        text=True,
    )
    return int("--no-control-socket" in shown.stdout)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Postgres:
    """A PostgreSQL server on loopback: the one that answers, or one of our own.

    Args:
        work: Folder for a cluster of our own, should one be needed.

    Attributes:
        is_own: Whether it was started here, with nobody else on it.
        environment: ``PGHOST`` and so on, for sites and loaders.
        can_read_cpu: Whether the kernel lets us read its processes.
    """

    def __init__(self, work: Path) -> None:
        self.is_own = False
        self.can_read_cpu = False
        self.version = ""
        self._work = work
        self._stop: list[str] | None = None
        self._connection: Any = None
        self.environment = {
            "PGHOST": os.environ.get("PGHOST", "127.0.0.1"),
            "PGPORT": os.environ.get("PGPORT", "5432"),
            "PGUSER": os.environ.get("PGUSER", "postgres"),
            "PGPASSWORD": os.environ.get("PGPASSWORD", ""),
        }

    def start(self) -> None:
        """Find the server or start one.

        Raises:
            RuntimeError: None answers and none can be started.
        """
        import psycopg

        try:
            self._connect()
        except psycopg.OperationalError as error:
            self._start_own(str(error).strip())
            self._connect()
        row = self._connection.execute("SHOW server_version").fetchone()
        self.version = str(row[0])
        own = self._connection.execute("SELECT pg_backend_pid()").fetchone()[0]
        name = procfs.PROC / str(own) / "comm"
        # The same id elsewhere (a container, another machine) is another program.
        is_here = name.exists() and "postgres" in name.read_text()
        self.can_read_cpu = is_here and procfs.cpu_seconds(own) is not None

    def _connect(self) -> None:
        import psycopg

        self._connection = psycopg.connect(
            host=self.environment["PGHOST"],
            port=self.environment["PGPORT"],
            user=self.environment["PGUSER"],
            password=self.environment["PGPASSWORD"],
            dbname=os.environ.get("PGDATABASE", "postgres"),
            autocommit=True,
            connect_timeout=5,
        )

    def _start_own(self, why: str) -> None:
        places = sorted(glob("/usr/lib/postgresql/*/bin"), reverse=True)
        initdb = shutil.which("initdb", path=os.pathsep.join(places)) or shutil.which(
            "initdb"
        )
        if initdb is None:
            raise RuntimeError(
                f"No PostgreSQL answers ({why}) and no initdb is there to make one. "
                "Install PostgreSQL, name a server in PGHOST, or use DB=sqlite."
            )
        data, port = self._work / "cluster", free_port()
        self._work.mkdir(parents=True, exist_ok=True)
        prefix: list[str] = []
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            prefix = ["runuser", "-u", "postgres", "--"]
            shutil.chown(self._work, "postgres")
        control = [*prefix, str(Path(initdb).with_name("pg_ctl")), "-D", str(data)]
        if not (data / "PG_VERSION").exists():
            new = [*prefix, initdb, "-D", str(data), "-U", "postgres", "-A", "trust"]
            _run([*new, "--locale=C.UTF-8", "-E", "UTF8"])
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= "
            "-c shared_buffers=512MB -c max_wal_size=4GB"
        )
        log = str(data / "server.log")
        _run([*control, "-w", "-l", log, "-o", options, "start"])
        self._stop = [*control, "-m", "fast", "-w", "stop"]
        self.is_own = True
        self.environment.update(
            PGHOST="127.0.0.1", PGPORT=str(port), PGUSER="postgres", PGPASSWORD=""
        )

    def stop(self) -> None:
        """Let go of it; end it if it was started here."""
        if self._connection is not None:
            self._connection.close()
        if self._stop is not None:
            _run(self._stop)

    def exists(self, database: str) -> bool:
        """Whether there is a database of this name."""
        found = self._connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [database]
        )
        return found.fetchone() is not None

    def databases(self, prefix: str) -> list[str]:
        """Names of the databases that begin with ``prefix``."""
        found = self._connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
        )
        return [row[0] for row in found]

    def drop(self, database: str) -> None:
        """Drop a database if it is there."""
        self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def create(self, database: str, template: str = "template0") -> None:
        """Create a database: empty, or a copy of one that nobody uses."""
        self._do("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'", database, template)

    def rename(self, database: str, name: str) -> None:
        """Give a database another name."""
        self._do("ALTER DATABASE {} RENAME TO {}", database, name)

    def size(self, database: str) -> int:
        """Bytes of a database."""
        found = self._connection.execute("SELECT pg_database_size(%s)", [database])
        return int(found.fetchone()[0])

    def _do(self, statement: str, *names: str) -> None:
        from psycopg import sql

        identifiers = map(sql.Identifier, names)
        self._connection.execute(sql.SQL(statement).format(*identifiers))

    def backends(self, database: str) -> list[int]:
        """Process ids of the server that work for a database at this moment."""
        found = self._connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s "
            "AND pid <> pg_backend_pid()",
            [database],
        )
        return [row[0] for row in found]


def _run(command: Sequence[str]) -> None:
    """Run a command quietly.

    Raises:
        RuntimeError: It failed; what it said.
    """
    done = subprocess.run(
        command,
        check=False,
        # A server that stays must not hold a pipe of ours open.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if "start" not in command else subprocess.DEVNULL,
    )
    if done.returncode:
        said = (done.stderr or b"").decode(errors="replace").strip()
        raise RuntimeError(f"{' '.join(command)}: {said or done.returncode}")


@contextlib.contextmanager
def running(servers: Sequence[Gunicorn]) -> Iterator[None]:
    """All servers, while it lasts."""
    try:
        for server in servers:
            server.start()
        yield
    finally:
        for server in servers:
            server.stop()
