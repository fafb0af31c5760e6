"""Answers that are no content, such as the sign-in: in the words of editors if any.

The portal app registers a provider that knows the pages editors have written. Without
it, or where no page fits, every template has words of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache

from wagtail_helpdesk.frontend import frame_context
from wagtail_helpdesk.models.system_page_kinds import SystemPageKind
from wagtail_helpdesk.preferences import safe_next

_CURRENT = "_helpdesk_system_page"

#: What ``LOGIN_URL`` and ``WAGTAIL_FRONTEND_LOGIN_URL`` best are.
SIGN_IN_VIEW = "wagtail_helpdesk:sign_in"

#: Which system page speaks around which view of django-allauth.
KIND_OF_VIEW = {
    "account_login": SystemPageKind.SIGN_IN,
    "account_signup": SystemPageKind.REGISTER,
    "account_email_verification_sent": SystemPageKind.CONFIRM,
    "account_confirm_email": SystemPageKind.CONFIRM,
    "account_logout": SystemPageKind.SIGN_OUT,
    "account_reset_password": SystemPageKind.RESET_REQUEST,
    "account_complete_password_reset": SystemPageKind.RESET_SET,
    "account_reset_password_from_key": SystemPageKind.RESET_SET,
    "account_password_reset_completed": SystemPageKind.RESET_DONE,
    "account_reset_password_from_key_done": SystemPageKind.RESET_DONE,
}
#: How the names of the sign-in's views begin.
_ENTRANCES = ("account_", "mfa_", "socialaccount_")


class SystemPages(Protocol):
    """What knows the pages that editors have written.

    A page has ``kind``, ``title``, ``intro`` and ``after_text``, the last two as
    Wagtail's rich text.
    """

    def find(self, request: HttpRequest, kind: str) -> Any | None:
        """The page of a kind that speaks to this visitor, or ``None``."""

    def sign_in_url(self, request: HttpRequest, back: str) -> str:
        """The sign-in page for who wants to go to ``back``; empty if there is none."""

    def home_url(self, request: HttpRequest) -> str:
        """The portal whose system page this visitor has used; empty if none."""


_providers: list[SystemPages] = []


def register_system_pages(provider: SystemPages) -> SystemPages:
    """Say who knows the pages that editors have written.

    Args:
        provider: Asked in the order of registration, until one has an answer.

    Returns:
        The provider.
    """
    if provider not in _providers:
        _providers.append(provider)
    return provider


def serve_as(request: HttpRequest, page: Any) -> None:
    """Note which system page answers a request.

    Args:
        request: The request that is answered.
        page: The page at whose own address it came in.
    """
    setattr(request, _CURRENT, page)


def current_system_page(request: HttpRequest) -> Any | None:
    """The system page at whose own address the request came in, or ``None``."""
    return getattr(request, _CURRENT, None)


def system_page(request: HttpRequest, kind: str) -> Any | None:
    """The page that editors have written for this visitor, or ``None``.

    Args:
        request: The request that is answered.
        kind: One of ``SystemPageKind``.
    """
    current = current_system_page(request)
    if current is not None and current.kind == kind:
        return current
    for provider in _providers:
        if (found := provider.find(request, kind)) is not None:
            return found
    return None


def system_page_of_view(request: HttpRequest) -> Any | None:
    """The same for the view that answers, if it is one of the sign-in's."""
    current = current_system_page(request)
    if current is not None:
        return current
    match = getattr(request, "resolver_match", None)
    kind = KIND_OF_VIEW.get(match.view_name) if match is not None else None
    return system_page(request, kind) if kind else None


def is_entrance(request: HttpRequest) -> bool:
    """Whether a visitor is on their way in: nobody is signed in, and this asks them to.

    Args:
        request: The request that is answered.
    """
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return False
    match = getattr(request, "resolver_match", None)
    name = match.view_name if match is not None else ""
    return current_system_page(request) is not None or name.startswith(_ENTRANCES)


def account_view(kind: str) -> tuple[str, Callable[..., HttpResponseBase]] | None:
    """The view that does what a system page speaks of, and its address.

    Args:
        kind: One of ``SystemPageKind``.

    Returns:
        Nothing where the page only says something, or the site has no such view.
    """
    for name, view_kind in KIND_OF_VIEW.items():
        if view_kind != kind:
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue  # Not on this site, or it needs the key from a mail.
        return url, resolve(url).func
    return None


def sign_in_url(request: HttpRequest, back: str) -> str:
    """Where a visitor signs in: on the page that editors have written, if any.

    Args:
        request: The request of a visitor who is not signed in.
        back: Where they want to go.

    Returns:
        An address; empty if there is no such page and the site's settings name another
        sign-in than the view ``sign_in``.
    """
    for provider in _providers:
        if url := provider.sign_in_url(request, back):
            return url
    named = getattr(settings, "WAGTAIL_FRONTEND_LOGIN_URL", settings.LOGIN_URL)
    # Straight to where the view would lead.
    return _plain_sign_in_url() if named == SIGN_IN_VIEW else ""


def _plain_sign_in_url() -> str:
    """The sign-in of the site without a page of editors."""
    try:
        return reverse("account_login")
    except NoReverseMatch:
        # Never the view ``sign_in`` itself: a site without allauth has Wagtail's.
        return reverse("wagtailcore_login")


def home_after_sign_in(request: HttpRequest) -> str:
    """The portal whose sign-in page a visitor has used; empty if none.

    Args:
        request: The request that signed in.
    """
    for provider in _providers:
        if url := provider.home_url(request):
            return url
    return ""


@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the right sign-in page, for ``LOGIN_URL``.

    Who is signed in already has been sent here by what refused them: they get 403, for
    a sign-in page would send them back, for ever.

    Args:
        request: Any request; ``next`` says where the visitor wants to go.
    """
    back = safe_next(request, fallback="")
    if request.user.is_authenticated:
        if back:
            return access_denied(request)
        return HttpResponseRedirect(
            home_after_sign_in(request) or resolve_url(settings.LOGIN_REDIRECT_URL)
        )
    url = sign_in_url(request, back) or _plain_sign_in_url()
    response = redirect_to_login(back, url) if back else HttpResponseRedirect(url)
    patch_cache_control(response, private=True, no_store=True)
    return response


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
        {
            **frame_context(request, page=current_system_page(request)),
            "system_page": system_page(request, SystemPageKind.DENIED),
        },
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
