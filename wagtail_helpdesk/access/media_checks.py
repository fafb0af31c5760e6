"""Is what lies in private collections private? For the system checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError
from django.db.models import QuerySet
from django.urls import Resolver404, get_script_prefix, resolve
from wagtail.models import Collection

from wagtail_helpdesk.access.collections import private_collections

HEADERS_MIDDLEWARE = "wagtail_helpdesk.headers.HeadersMiddleware"


@register(Tags.database)
def check_private_files(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W011: private images or documents whose files everyone can open.

    Args:
        app_configs: Not used; the check is about the whole site.
        databases: Those that may be asked (``check --database default``).
        kwargs: Not used.
    """
    if not databases or Collection.objects.db not in databases:
        return []
    try:
        open_files = [
            (name, rows.count(), address)
            for name, rows, address in _private_files()
            if address and not _is_guarded(address)
        ]
    except DatabaseError:
        # No tables yet: the migrations have not been run.
        return []
    return [
        Warning(
            f"{count} {name} lie in private collections, but whoever knows the address "
            f"of a file can open it, such as {address}",
            hint='Put path("media/", include("wagtail_helpdesk.access.media_urls")) '
            "where MEDIA_URL leads, before other patterns, and have the web server "
            "hand these addresses to Django.",
            id="wagtail_helpdesk.W011",
        )
        for name, count, address in open_files
    ]


@register(Tags.security)
def check_headers_middleware(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W012: whether answers get the headers that views cannot put there.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    if HEADERS_MIDDLEWARE in settings.MIDDLEWARE:
        return []
    return [
        Warning(
            f"'{HEADERS_MIDDLEWARE}' is not in MIDDLEWARE.",
            hint="Add it, before SupportFormMiddleware. Without it a cache may keep "
            "private documents, and the help desk's pages have no content security "
            "policy of their own.",
            id="wagtail_helpdesk.W012",
        )
    ]


def _private_files() -> Iterator[tuple[str, QuerySet[Any], str]]:
    """Images and documents in private collections, with the address of one file."""
    condition = private_collections(Collection.objects.db)
    if condition is None:
        return
    private = Collection.objects.filter(condition)
    if apps.is_installed("wagtail.images"):
        from wagtail.images import get_image_model

        images = get_image_model()._default_manager.filter(collection__in=private)
        yield "images", images, _address(images)
        renditions = get_image_model().get_rendition_model()._default_manager
        sizes = renditions.filter(image__collection__in=private)
        yield "sizes of images", sizes, _address(sizes)
    if apps.is_installed("wagtail.documents"):
        from wagtail.documents import get_document_model

        documents = get_document_model()._default_manager.filter(collection__in=private)
        yield "documents", documents, _address(documents)


def _address(rows: QuerySet[Any]) -> str:
    """Where the first file is; empty when there is none, or it has no address."""
    row = rows.order_by("pk").first()
    try:
        return str(row.file.url) if row is not None else ""
    except (NotImplementedError, ValueError):  # A storage without addresses.
        return ""


def _is_guarded(address: str) -> bool:
    """Whether one of our views answers at an address.

    It may be on another host, where a cache in front of this site stands.
    """
    from wagtail_helpdesk.access.media import guarded_file

    path = unquote(urlsplit(address).path).removeprefix(get_script_prefix())
    try:
        return resolve(f"/{path.lstrip('/')}").func is guarded_file
    except Resolver404:
        return False
