"""The banner above every page of the site while an agent looks as a contact.

It is put into the finished page, so that no page of the site can be without it.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

#: The start tag of the body, whatever stands in its attributes (HTML, section 13.1.2).
_BODY = re.compile(rb"""<body(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?>""", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)


def put_banner(request: HttpRequest, response: Any, viewing: Any) -> None:
    """Make the banner the first thing in a page; answers of other kinds stay as is.

    Args:
        request: The request that is answered.
        response: Its answer, rendered.
        viewing: Whom the agent looks as.
    """
    kind = response.get("Content-Type", "").partition(";")[0].strip().lower()
    if (
        not isinstance(response, HttpResponse)
        or kind != "text/html"
        or response.get("Content-Encoding")
    ):
        return
    found = _body_of(response.content)
    if found is None:
        return
    html = render_to_string(
        "wagtail_helpdesk/view_as/banner.html",
        {
            "contact": viewing.contact,
            "minutes_left": viewing.minutes_left,
            "why_url": _why_url(request, response, viewing.contact),
        },
        request=request,
    )
    content = response.content
    banner = html.encode(response.charset)
    response.content = content[:found] + banner + content[found:]
    if "Content-Length" in response:
        response["Content-Length"] = str(len(response.content))


def _why_url(request: HttpRequest, response: Any, contact: Any) -> str:
    """Where the agent reads why a page is closed to the contact; empty if it is open.

    In the banner, not in the page: that is the contact's, to the letter, who never
    reads which group or provider is missing.
    """
    is_read = request.method in {"GET", "HEAD"}  # Else it is closed to the agent.
    if response.status_code != HTTPStatus.FORBIDDEN or not is_read:
        return ""
    return reverse("wagtail_helpdesk_admin:contact_sees", args=[contact.public_id])


def _body_of(content: bytes) -> int | None:
    """Where the body begins, if this is a whole page; not inside a comment."""
    blank = _COMMENT.sub(lambda match: b" " * len(match.group()), content)
    found = _BODY.search(blank)
    return found.end() if found else None
