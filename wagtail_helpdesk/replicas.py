"""Reads from copies of the database, where a person sees what they have just written.

For sites with streaming replicas of PostgreSQL: ``ReplicaRouter`` among the
``DATABASE_ROUTERS`` and ``ReplicaMiddleware`` first among the ``MIDDLEWARE``; the
setting ``REPLICAS`` names the databases.

A replica answers only while a visitor's page is being read. Everything else asks the
primary: requests that may write (POST), commands and workers, every transaction, and a
request from its first write on. Who has written carries the position of the primary's
log in a cookie; a replica answers them again once it has replayed the log that far,
however long that takes.
"""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase

from wagtail_helpdesk.conf import helpdesk_settings

logger = logging.getLogger("wagtail_helpdesk.replicas")

COOKIE = "helpdesk_written"
#: Seconds the cookie is kept; a replica that is further behind serves nobody anyway.
COOKIE_SECONDS = 3_600
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_POSITION = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}", re.ASCII)


@dataclass(slots=True)
class _Request:
    """Where the request that is being answered reads.

    Attributes:
        reads: The database alias.
        has_written: Whether it may have written to the primary.
    """

    reads: str = DEFAULT_DB_ALIAS
    has_written: bool = False


_current: ContextVar[_Request | None] = ContextVar("helpdesk_replica", default=None)


class ReplicaRouter:
    """Sends reads of a page to the replica that the middleware has chosen for it."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """The replica, unless something may have been written here before."""
        current = _current.get()
        if current is None or current.has_written:
            return DEFAULT_DB_ALIAS
        if connections[DEFAULT_DB_ALIAS].in_atomic_block:
            # Its own rows are on the primary only, and so are the locks it holds.
            return DEFAULT_DB_ALIAS
        return current.reads

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """The primary; also for ``select_for_update`` and ``get_or_create``."""
        current = _current.get()
        if current is not None:
            current.has_written = True
        return DEFAULT_DB_ALIAS

    def allow_relation(self, obj1: Model, obj2: Model, **hints: Any) -> bool | None:
        """Rows of the primary and of its replicas are the same rows."""
        known = {DEFAULT_DB_ALIAS, *helpdesk_settings.REPLICAS}
        return True if {obj1._state.db, obj2._state.db} <= known else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """A replica gets its tables from the primary."""
        return False if db in helpdesk_settings.REPLICAS else None


class ReplicaMiddleware:
    """Chooses a replica for a request, and remembers what its visitor has written.

    Raises:
        MiddlewareNotUsed: The setting ``REPLICAS`` is empty.
    """

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        if not helpdesk_settings.REPLICAS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer it, reading where that is safe."""
        current = _Request()
        written = request.COOKIES.get(COOKIE, "")
        if request.method in _SAFE:
            current.reads, written = _choose(written)
        else:
            current.has_written = True
        token = _current.set(current)
        try:
            response: HttpResponseBase = self.get_response(request)
            if current.has_written:
                response.set_cookie(
                    COOKIE,
                    _position_of_primary(),
                    max_age=COOKIE_SECONDS,
                    secure=request.is_secure(),
                    httponly=True,
                    samesite="Lax",
                )
            elif COOKIE in request.COOKIES and not written:
                response.delete_cookie(COOKIE, samesite="Lax")
        finally:
            _current.reset(token)
        return response


def _choose(written: str) -> tuple[str, str]:
    """A database that has all a visitor wrote, and what is still to be waited for.

    Args:
        written: The position in the visitor's cookie, or anything they made of it.
    """
    alias = random.choice([*helpdesk_settings.REPLICAS])  # noqa: S311
    if not _POSITION.fullmatch(written):
        written = ""
    try:
        with connections[alias].cursor() as cursor:
            # A database that is no replica (any more) has everything there is.
            cursor.execute(
                "SELECT NOT pg_is_in_recovery()"
                " OR pg_last_wal_replay_lsn() >= %s::pg_lsn",
                [written or "0/0"],
            )
            (has_all,) = cursor.fetchone()
    except Error:
        logger.exception("The replica %s does not answer; the primary does", alias)
        return DEFAULT_DB_ALIAS, written
    return (alias, "") if has_all else (DEFAULT_DB_ALIAS, written)


def _position_of_primary() -> str:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
        (position,) = cursor.fetchone()
    return str(position)
