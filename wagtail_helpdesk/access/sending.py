"""Sends the bytes of a file, once somebody else has decided that it may be read."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers
from wagtail.utils import sendfile_streaming_backend
from wagtail.utils.sendfile import sendfile

_MARK = "_helpdesk_private_answer"


def send_file(request: HttpRequest, file: Any, *, content_type: str) -> Any:
    """Answer with a file: from the disk through the site's sendfile, or its storage.

    Args:
        request: The request that is answered.
        file: A model's file.
        content_type: What the answer says it is.
    """
    try:
        path = file.path
    except NotImplementedError:  # A storage without a disk, such as an object store.
        return FileResponse(file.open("rb"), content_type=content_type)
    backend = None
    if not getattr(settings, "SENDFILE_BACKEND", None):
        backend = sendfile_streaming_backend.sendfile
    response = sendfile(
        request, os.fspath(path), mimetype=content_type, backend=backend
    )
    if response.get("Content-Encoding") == "None":
        # What Wagtail's sendfile writes for a file that is not packed.
        del response["Content-Encoding"]
    return response


def keep_no_copy(response: HttpResponseBase) -> None:
    """Let neither a browser nor a cache on the way keep what is private.

    Args:
        response: The answer; what a kept copy could be compared with goes as well.
    """
    response["Cache-Control"] = "private, no-store"
    for header in ("Content-Encoding", "ETag", "Last-Modified"):
        if header in response:
            del response[header]


def mark_private(request: HttpRequest) -> None:
    """Remember that the answer to a request is for this visitor alone.

    For an answer that somebody else makes: ``HeadersMiddleware`` sees the mark.

    Args:
        request: The request. No copy is kept, so none is ever fresh enough.
    """
    setattr(request, _MARK, True)
    for header in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"):
        request.META.pop(header, None)


def finish_private(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let nobody keep the answer to a request that was marked.

    Args:
        request: The request.
        response: Its answer.
    """
    if getattr(request, _MARK, False):
        keep_no_copy(response)
        patch_vary_headers(response, ["Cookie"])
