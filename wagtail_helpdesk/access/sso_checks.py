"""Looks for identity providers whose domains name no company."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from wagtail_helpdesk.access.public_domains import PUBLIC_DOMAINS
from wagtail_helpdesk.models import IdentityProvider


@register(Tags.database)
def check_provider_domains(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W016: providers that vouch for nobody, or for whoever has a free address.

    The form refuses both; a shell, a fixture or a migration gets past it.

    Args:
        app_configs: Not used; the check is about the whole site.
        databases: Those that may be asked (``check --database default``).
        kwargs: Not used.
    """
    manager = IdentityProvider._default_manager
    if not databases or manager.db not in databases:
        return []
    try:
        rows = list(manager.filter(is_active=True))
    except DatabaseError:
        # No tables yet: the migrations have not been run.
        return []
    return [
        Warning(
            message,
            hint="Open Help desk, Settings, Identity providers, and write the domains "
            "in which only the company's people have addresses.",
            obj=row,
            id="wagtail_helpdesk.W016",
        )
        for row in rows
        if (message := _what_is_wrong(row))
    ]


def _what_is_wrong(row: IdentityProvider) -> str:
    domains = row.own_domains
    if not domains:
        return f"The identity provider '{row}' has no domains, so it signs in nobody."
    public = ", ".join(sorted(domains & PUBLIC_DOMAINS))
    if public:
        return (
            f"The identity provider '{row}' vouches for addresses that anybody can "
            f"have: {public}. Whoever runs it can sign in as their owners."
        )
    return ""
