"""Answers the site as to the contact an agent looks as, and lets nothing be written.

Stands among the ``MIDDLEWARE`` after those of sessions, languages and users. It changes
``request.user`` for one request, just before the view, and never in the admin: there,
on the account pages and in the preview of a page that is edited, agents are themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

from wagtail_helpdesk.access.viewed import account_of
from wagtail_helpdesk.frontend import frame_context
from wagtail_helpdesk.view_as import state
from wagtail_helpdesk.view_as.banner import put_banner
from wagtail_helpdesk.view_as.places import is_back_office

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_VIEWING = "helpdesk_viewing"
#: What the help desk remembers for the length of a request begins with this.
_REMEMBERED = "_helpdesk_"


class ViewAsMiddleware:
    """Evaluates front-end requests as the contact, with a banner, read-only."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Complete the answer of a request that was evaluated as the contact."""
        response: HttpResponseBase = self.get_response(request)
        if not hasattr(request, _VIEWING):
            return response
        viewing, own = getattr(request, _VIEWING)
        put_banner(request, response, viewing)
        _keep_out_of_caches(response)
        if not response.streaming:  # What is still to be made is for the contact too.
            request.user = own
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Put the contact in the place of the agent, or refuse to write."""
        if not state.is_on(request) or is_back_office(request, view):
            return None
        viewing = state.current(request)
        if viewing is None:
            return _page(request, "ended.html")
        _become(request, viewing)
        if request.method not in SAFE_METHODS:
            return _page(request, "read_only.html", contact=viewing.contact)
        return None


def _become(request: HttpRequest, viewing: state.Viewing) -> None:
    """From here on, the request is evaluated as the contact."""
    account = account_of(viewing.contact)
    setattr(request, _VIEWING, (viewing, request.user))

    async def auser() -> Any:
        return account

    request.user = account
    request.auser = auser
    # What middleware before this one found out was about the agent.
    for name in [name for name in vars(request) if name.startswith(_REMEMBERED)]:
        delattr(request, name)
    # A copy the browser has may be the agent's own.
    for header in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"):
        request.META.pop(header, None)


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponseBase:
    response = TemplateResponse(
        request,
        f"wagtail_helpdesk/view_as/{template}",
        {**frame_context(request), **context},
        status=403,
    )
    _keep_out_of_caches(response)
    return response.render()


def _keep_out_of_caches(response: HttpResponseBase) -> None:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    for header in ("ETag", "Last-Modified", "Expires"):
        if header in response:
            del response[header]
