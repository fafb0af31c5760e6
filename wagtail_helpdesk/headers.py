"""Headers that an answer needs and that its view could not put there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

from wagtail_helpdesk.access.sending import finish_private
from wagtail_helpdesk.conf import helpdesk_settings

_PAGE_MARK = "_helpdesk_page"
_VARIES_MARK = "_helpdesk_varies"
_POLICY = "Content-Security-Policy"
#: Where videos of articles are played (knowledge_base/video.py).
_PLAYERS = "https://www.youtube-nocookie.com https://player.vimeo.com"


def mark_page(request: HttpRequest) -> None:
    """Remember that the answer to a request is a page of the help desk.

    Args:
        request: The request, which ``HeadersMiddleware`` sees again.
    """
    setattr(request, _PAGE_MARK, True)


def vary_by_cookie(request: HttpRequest) -> None:
    """Remember that the answer to a request shows what a cookie says.

    Args:
        request: The request, which ``HeadersMiddleware`` sees again.
    """
    setattr(request, _VARIES_MARK, True)


def content_security_policy() -> str:
    """What pages of the help desk may load; empty where the site has its own policy.

    There is no ``form-action``: a browser holds it against the redirect to another
    site's sign-in. Who may frame a page says ``X-Frame-Options``, which is Django's.
    """
    # Django's own, and django-csp's: the site knows what its base template loads.
    if getattr(settings, "SECURE_CSP", None) or hasattr(
        settings, "CONTENT_SECURITY_POLICY"
    ):
        return ""
    chosen = helpdesk_settings.CONTENT_SECURITY_POLICY
    if chosen is not None:
        return chosen
    static, media = _host(settings.STATIC_URL), _host(settings.MEDIA_URL)
    return "; ".join(
        (
            f"default-src 'self'{static}",
            f"img-src 'self' data:{static}{media}",
            f"media-src 'self'{media}",
            f"frame-src 'self' {_PLAYERS}",
            "object-src 'none'",
            "base-uri 'none'",
        )
    )


def _host(address: str | None) -> str:
    """A space and the host of an address, or nothing when it is this one."""
    parts = urlsplit(address or "")
    if not parts.netloc:
        return ""
    return f" {parts.scheme}://{parts.netloc}" if parts.scheme else f" {parts.netloc}"


class HeadersMiddleware:
    """Gives the help desk's pages a policy, and keeps private documents out of caches.

    A policy that a view has set stays. The preview of the admin has none: Wagtail puts
    things of its own into it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and complete the headers."""
        response: HttpResponseBase = self.get_response(request)
        finish_private(request, response)
        if getattr(request, _VARIES_MARK, False):
            # Or a cache would show one visitor's colours to all.
            patch_vary_headers(cast(HttpResponse, response), ["Cookie"])
        is_page = getattr(request, _PAGE_MARK, False)
        if is_page and not getattr(request, "is_preview", False):
            policy = content_security_policy()
            if policy and _POLICY not in response:
                response[_POLICY] = policy
        return response
