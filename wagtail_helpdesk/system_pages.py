"""Answers that are no content: access denied, too many tries."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.response import TemplateResponse

from wagtail_helpdesk.frontend import frame_context


def access_denied(request: HttpRequest) -> TemplateResponse:
    """Answer a signed-in visitor who may not open a page: 403 and what to do next.

    Never a redirect to the sign-in page: that would send a signed-in visitor back here,
    for ever.

    Args:
        request: The request that is answered.
    """
    response = TemplateResponse(
        request,
        "wagtail_helpdesk/access_denied.html",
        frame_context(request),
        status=403,
    )
    response["Cache-Control"] = "private, no-store"
    return response


def too_many_requests(request: HttpRequest, *, wait: int) -> TemplateResponse:
    """Answer somebody who tried something too often: 429 and when to try again.

    Args:
        request: The request that is answered.
        wait: Seconds until it is taken again.
    """
    response = TemplateResponse(
        request,
        "wagtail_helpdesk/too_many_requests.html",
        {**frame_context(request), "minutes": max(1, -(-wait // 60))},
        status=429,
    )
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "private, no-store"
    return response
