"""System check: is the database set up for searches?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections


@register(Tags.database)
def check_jit(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W205: PostgreSQL compiles statements (``check --database default``).

    A search over 100,000 tickets is expected to be expensive and takes a few
    milliseconds; compiling it takes 150, each time.

    Args:
        app_configs: Not used; the check is about the whole site.
        databases: The aliases to look at.
        kwargs: Not used.
    """
    return [
        Warning(
            f"PostgreSQL compiles expensive statements on the database '{alias}'.",
            hint='Write "OPTIONS": {"options": "-c jit=off"} in DATABASES, or set it '
            "for the role: ALTER ROLE … SET jit = off.",
            id="wagtail_helpdesk.W205",
        )
        for alias in databases or ()
        if connections[alias].vendor == "postgresql" and _is_on(alias)
    ]


def _is_on(alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_setting('jit', true)")
        (value,) = cursor.fetchone()
    return value == "on"
