"""Reads what is sent to the help desk within limits, before anything else reads it.

Django takes a request's files as soon as the CSRF check looks for its token, long
before a view can say how much is too much. So this stands among the ``MIDDLEWARE``
(anywhere after those of the session, the language and the user): it turns away what is
far too large by its ``Content-Length``, without reading it, and lets no more than the
limit reach the disk of the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponseBase, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.forms.live import FORM_PARAM
from wagtail_helpdesk.frontend import frame_context

#: Marks the address of any other form of the help desk that takes files.
UPLOAD_PARAM = "hd_upload"
#: Sent by the script that shows how far an upload is.
SCRIPT_HEADER = "X-Helpdesk-Upload"
#: Up to this many times the limit of all files, the rest of the form is still read, so
#: that what was typed can be shown again.
_READ_FACTOR = 4


class BoundedUploads(FileUploadHandler):
    """Lets files pass up to a number of bytes, and throws the rest away.

    It stands before the handlers that keep files. Having cut something off, it leaves
    the limit on the request, as ``helpdesk_uploads_cut``.
    """

    def __init__(self, request: HttpRequest, limit: int) -> None:
        super().__init__(request)
        self._bounded_request = request
        self._limit = limit
        self._seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass a chunk on, or nothing once the limit is reached."""
        self._seen += len(raw_data)
        if self._seen <= self._limit:
            return raw_data
        self._bounded_request.helpdesk_uploads_cut = filesizeformat(  # type: ignore[attr-defined]  # per request
            self._limit
        )
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Leave the file to the handlers after this one."""
        return None


class CountedBody:
    """How much of a request's body has been read, from when this is made.

    Where a server says nothing of whoever hangs up, the body just ends there, and
    Django takes what has come for the whole: half a text, or a text without its file.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._expected = _content_length(request)
        self._seen = 0
        for name in ("read", "readline"):
            setattr(request, name, self._counting(getattr(request, name)))

    @property
    def breaks_off(self) -> bool:
        """Whether it was read, and was shorter than announced."""
        return 0 < self._seen < self._expected

    def _counting(self, read: Callable[..., bytes]) -> Callable[..., bytes]:
        def counted(*args: Any, **kwargs: Any) -> bytes:
            data = read(*args, **kwargs)
            self._seen += len(data)
            return data

        return counted


class SupportFormMiddleware:
    """Answers 413 or 400 with a page that says what to do, never with a bare error."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Check a form that is sent to the help desk; let all else pass."""
        if request.method == "POST" and (
            FORM_PARAM in request.GET or UPLOAD_PARAM in request.GET
        ):
            refused = self._read(request)
            if refused is not None:
                return refused
            response: HttpResponseBase = self.get_response(request)
            return _for_script(request, response)
        return self.get_response(request)

    def _read(self, request: HttpRequest) -> HttpResponseBase | None:
        limit = helpdesk_settings.MAX_UPLOAD_TOTAL_BYTES
        text = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        if _content_length(request) > limit * _READ_FACTOR + text:
            return self._refuse(
                request,
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                _("The files are too large together: %(limit)s at most.")
                % {"limit": filesizeformat(limit)},
            )
        request.upload_handlers.insert(0, BoundedUploads(request, limit))
        body = CountedBody(request)
        try:
            request.POST  # noqa: B018  (reading it is the point)
            if body.breaks_off:
                raise UnreadablePostError("The body ends too early.")
        except RequestDataTooBig:
            return self._refuse(
                request,
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                _("The text is too long. Put the larger part of it into a file."),
            )
        except (TooManyFieldsSent, TooManyFilesSent):
            return self._refuse(
                request,
                HTTPStatus.BAD_REQUEST,
                _("The form has more entries or files than can be taken at once."),
            )
        except (BadRequest, MultiPartParserError, UnreadablePostError):
            return self._refuse(
                request,
                HTTPStatus.BAD_REQUEST,
                _("The form arrived damaged or incomplete."),
            )
        return None

    @staticmethod
    def _refuse(request: HttpRequest, status: int, reason: str) -> HttpResponseBase:
        response = TemplateResponse(
            request,
            "wagtail_helpdesk/forms/refused.html",
            {**frame_context(request), "reason": reason, "status": int(status)},
            status=status,
        )
        response["Cache-Control"] = "private, no-store"
        return response.render()


def _for_script(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Tell a script where to go, where a browser would be redirected.

    The script that sends a form (``js/upload.js``) cannot stop before a redirect. It
    would fetch the page after it, and with it the message that is shown once.
    """
    if response.has_header("Location") and SCRIPT_HEADER in request.headers:
        response["X-Helpdesk-Location"] = response["Location"]
        del response["Location"]
        response.status_code = HTTPStatus.OK
    return response


def _content_length(request: HttpRequest) -> int:
    """The length that the client announces; 0 when it says nothing sensible."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
