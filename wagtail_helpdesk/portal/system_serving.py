"""A system page answers: the view of the sign-in does the work, inside its words."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control, patch_vary_headers

from wagtail_helpdesk.frontend import frame_context
from wagtail_helpdesk.models.system_page_kinds import SystemPageKind
from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.portal.system_pages import remember_place
from wagtail_helpdesk.preferences import safe_next
from wagtail_helpdesk.system_pages import (
    access_denied,
    account_view,
    serve_as,
    system_page,
)

#: Links of allauth's templates from one page of the sign-in to another.
_LINKS = {
    "login_url": SystemPageKind.SIGN_IN,
    "signup_url": SystemPageKind.REGISTER,
}


def answer(page: Any, request: HttpRequest) -> HttpResponseBase:
    """Answer at the address of a system page.

    Args:
        page: The system page.
        request: The request.
    """
    serve_as(request, page)
    if request.method == "POST":
        # The next steps, such as the code from a mail, have addresses of their own.
        remember_place(request, page)
    response = _respond(page, request)
    patch_cache_control(response, private=True, no_store=True)
    patch_vary_headers(response, ["Cookie"])
    response["X-Robots-Tag"] = "noindex"
    return response


def text_only(page: Any, request: HttpRequest) -> TemplateResponse:
    """The page's words, where there is nothing to do.

    Args:
        page: The system page.
        request: The request.
    """
    return TemplateResponse(
        request,
        "wagtail_helpdesk/portal/system_page.html",
        {**frame_context(request, page=page), "page": page},
    )


def around(response: HttpResponseBase, page: Any, request: HttpRequest) -> None:
    """Put the page's frame and links around what a view of the sign-in shows.

    Args:
        response: The view's answer, not yet rendered.
        page: The system page.
        request: The request.
    """
    context = response.context_data if isinstance(response, TemplateResponse) else None
    if context is None:
        return
    context.update(frame_context(request, page=page), page=page)
    back = safe_next(request, fallback="")
    query = f"?{urlencode({'next': back})}" if back else ""
    urls = PageUrls.of(request)
    for name, kind in _LINKS.items():
        other = system_page(request, kind) if name in context else None
        if other is not None and (url := urls.of_page(other)):
            context[name] = f"{url}{query}"


def _respond(page: Any, request: HttpRequest) -> HttpResponseBase:
    if page.kind == SystemPageKind.DENIED:
        return access_denied(request)
    found = account_view(page.kind)
    if found is None:
        return text_only(page, request)
    response = found[1](request)
    around(response, page, request)
    return response
