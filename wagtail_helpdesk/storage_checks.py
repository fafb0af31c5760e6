"""System checks of where things are kept: what is counted, and private files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.checks import CheckMessage, Tags, Warning, register

from wagtail_helpdesk.models.files import private_storage


@register(Tags.security, deploy=True)
def check_shared_cache(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W014: rate limits that each process counts by itself, or nobody.

    With ``check --deploy`` only: one process of a developer needs no other cache.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    if not isinstance(caches[DEFAULT_CACHE_ALIAS], LocMemCache | DummyCache):
        return []
    backend = settings.CACHES[DEFAULT_CACHE_ALIAS]["BACKEND"]
    return [
        Warning(
            f"CACHES['default'] is '{backend}', which processes do not share.",
            hint="Choose Redis, Memcached, the database or files. Until then each "
            "process counts by itself how often passwords are tried and forms are "
            "sent, so that many more get through, or nothing is counted at all.",
            id="wagtail_helpdesk.W014",
        )
    ]


@register(Tags.security)
def check_private_storage(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W015: attachments where the web server hands out files.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    try:
        folder = Path(private_storage().path("")).resolve()
    except NotImplementedError:
        # Files elsewhere, such as in a bucket: who opens it is not said here.
        return []
    return [
        Warning(
            f"Attachments of tickets lie in {folder}, which is within {setting}.",
            hint="Choose another location for STORAGES['helpdesk_private'], outside "
            "MEDIA_ROOT and static files, and move its files there. Where it is, the "
            "web server may hand them to whoever knows an address.",
            id="wagtail_helpdesk.W015",
        )
        for setting, public in _public_folders()
        if folder.is_relative_to(public)
    ]


def _public_folders() -> Iterator[tuple[str, Path]]:
    """Where files for everyone lie, with the setting that says so."""
    named = [("MEDIA_ROOT", settings.MEDIA_ROOT), ("STATIC_ROOT", settings.STATIC_ROOT)]
    # Folders, or prefixes with a folder.
    entries: list[Any] = list(settings.STATICFILES_DIRS)
    for entry in entries:
        folder = entry[1] if isinstance(entry, list | tuple) else entry
        named.append(("STATICFILES_DIRS", folder))
    for setting, folder in named:
        if folder:
            yield setting, Path(folder).resolve()
