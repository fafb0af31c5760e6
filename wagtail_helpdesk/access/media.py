"""Guards the files of images and documents that lie under ``MEDIA_URL``.

Wagtail asks for a collection's privacy when a document is served by its view. The file
of an image, and that of a document, has an address of its own besides, which the web
server answers for everyone. These views stand at that address instead: a file is sent
to whoever passes the restrictions of its collection, and to the others it never was.

A file that belongs to no image and no document is not sent: what is not known is not
known to be public.
"""

from __future__ import annotations

import mimetypes
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import get_resolver
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.utils import verify_signature
from wagtail.images.views.serve import ServeView

from wagtail_helpdesk.access.collections import CollectionVisibility
from wagtail_helpdesk.access.sending import keep_no_copy, send_file
from wagtail_helpdesk.compat import file_permission_policy

#: Seconds a public file may be kept by caches, as in Wagtail's own view of images.
PUBLIC_MAX_AGE = 3600
#: What Python 3.11 knows only where the operating system tells it.
_NEW_TYPES = {".webp": "image/webp", ".avif": "image/avif", ".heic": "image/heic"}
#: A browser that opens a file by itself runs nothing in the site's name.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_HAVE = ("add", "change", "delete", "choose")


@cache
def _types() -> mimetypes.MimeTypes:
    types = mimetypes.MimeTypes()
    for ending, name in _NEW_TYPES.items():
        types.add_type(name, ending)
    return types


def _rows(kind: str, name: str) -> list[Any]:
    """The rows whose file this is, each with its collection."""
    if kind == "rendition":
        model = get_image_model().get_rendition_model()
        rows = model._default_manager.select_related("image__collection")
    else:
        model = get_image_model() if kind == "original" else get_document_model()
        rows = model._default_manager.select_related("collection")
    # MariaDB finds names in another spelling; the storage would not open those.
    return [row for row in rows.filter(file=name) if row.file.name == name]


def _owner(row: Any) -> Any:
    """The image or document whose collection decides."""
    return getattr(row, "image", row)


def _works_with(user: Any, item: Any) -> bool:
    """Whether the admin shows this image or document to somebody who works there."""
    if user is None or not user.has_perm("wagtailadmin.access_admin"):
        return False
    policy = file_permission_policy(type(item))
    return bool(policy.user_has_any_permission_for_instance(user, _HAVE, item))


def may_read(request: HttpRequest, item: Any) -> bool:
    """Whether the visitor may have the file of an image or a document.

    Args:
        request: The request.
        item: The image or document. Who may choose or change it in the admin sees it
            there, whatever its collection asks of visitors.
    """
    visibility = CollectionVisibility.of(request)
    return visibility.can_view(item.collection.path) or _works_with(
        visibility.user, item
    )


def is_private(request: HttpRequest, item: Any) -> bool:
    """Whether somebody else may not have the file of an image or a document."""
    return CollectionVisibility.of(request).is_private(item.collection.path)


def missing(request: HttpRequest) -> HttpResponseBase:
    """Answer as to any address that there is not, and let no cache keep the answer.

    Args:
        request: The request. A member gets the file at the same address, so the answer
            is nobody else's, whether there is a file or not.
    """
    handler: Any = get_resolver().resolve_error_handler(404)
    response: HttpResponseBase = handler(request, exception=Http404())
    keep_no_copy(response)
    patch_vary_headers(response, ["Cookie"])
    return response


@require_safe
def guarded_file(request: HttpRequest, name: str, folder: str, kind: str) -> Any:
    """Serve the file of an image, of one of its sizes, or of a document.

    Args:
        request: The request.
        name: The file's name in its folder.
        folder: The folder below ``MEDIA_ROOT``, with a slash at the end.
        kind: ``"rendition"``, ``"original"`` or ``"document"``.
    """
    # PostgreSQL takes no NUL in a text, so it is in no name either.
    rows = [] if "\x00" in name else _rows(kind, folder + name)
    items = [_owner(row) for row in rows]
    if not rows or not all(may_read(request, item) for item in items):
        return missing(request)
    file = rows[0].file
    if not file.storage.exists(file.name):
        return missing(request)
    private = any(is_private(request, item) for item in items)
    if private:
        # No copy is kept (``no-store``), so none is ever fresh enough.
        request.META.pop("HTTP_IF_MODIFIED_SINCE", None)
    content_type = _types().guess_type(name)[0] or "application/octet-stream"
    response = send_file(request, file, content_type=content_type)
    # Only pictures are shown in place; an HTML file is no page of this site.
    in_place = content_type.startswith("image/")
    disposition = content_disposition_header(not in_place, name.rpartition("/")[2])
    response["Content-Disposition"] = disposition or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _POLICY
    return _for_caches(response, private=private)


def _for_caches(response: HttpResponseBase, *, private: bool) -> HttpResponseBase:
    """Say who may keep the answer."""
    if private:
        keep_no_copy(response)
        patch_vary_headers(response, ["Cookie"])
    else:
        patch_cache_control(response, public=True, max_age=PUBLIC_MAX_AGE)
    return response


class GuardedServeView(ServeView):
    """Wagtail's view of images by signed address, for those who may see the image.

    Use it as ``ServeView`` is used: ``GuardedServeView.as_view()``.
    """

    def get(
        self,
        request: HttpRequest,
        signature: str,
        image_id: str,
        filter_spec: str,
        filename: str | None = None,
    ) -> HttpResponseBase:
        """Serve one size of an image.

        Args:
            request: The request.
            signature: Proof that this site made the address.
            image_id: The image's key.
            filter_spec: The size.
            filename: For people who read the address; it decides nothing.

        Raises:
            PermissionDenied: This site did not make the address.
        """
        if not verify_signature(
            signature.encode(), image_id, filter_spec, key=self.key
        ):
            raise PermissionDenied
        images = self.model._default_manager.select_related("collection")
        image = images.filter(pk=image_id).first()
        if image is None or not may_read(request, image):
            return missing(request)
        response: HttpResponseBase = super().get(
            request, signature, image_id, filter_spec, filename
        )
        if is_private(request, image):
            _for_caches(response, private=True)
        return response
