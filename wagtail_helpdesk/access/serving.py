"""Who is let in when a page is served, and what the others are told.

Wagtail decides by the restrictions on the page and above it. That leaves two holes:
a translation or an alias of a private page may stand where nothing restricts it, and a
signed-in visitor without the group is sent to a sign-in page that sends them back, for
ever. This hook stands outside Wagtail's own check and closes both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import swapper
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import resolve_url
from django.utils.cache import patch_cache_control
from wagtail.models import PageViewRestriction
from wagtail.url_routing import RouteResult

from wagtail_helpdesk.access.visibility import Visibility

swapper.set_app_prefix("wagtailcore", "wagtail")

ServePage = Callable[[Any, HttpRequest, Any, Any], HttpResponseBase]
SignInProvider = Callable[[HttpRequest, str], str]

_sign_in: list[SignInProvider] = []


def register_sign_in(provider: SignInProvider) -> SignInProvider:
    """Say which sign-in page a visitor is sent to.

    Args:
        provider: Called with a request and where the visitor wants to go; returns an
            address, or an empty text.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    if provider not in _sign_in:
        _sign_in.append(provider)
    return provider


def guard_private_pages(
    serve: ServePage, *, refuse: Callable[[HttpRequest], HttpResponse]
) -> ServePage:
    """Wrap the serving of a page; see the ``on_serve_page`` hook of Wagtail.

    Whoever may not see the page is asked to sign in if they are not; signed in, they
    get 403. A page behind a shared password asks for it, as in Wagtail.

    A page type with ``is_always_open`` is for those who may not get in, such as the
    sign-in of a private portal: it is served whatever restricts the pages above it.

    Args:
        serve: The next link of the chain.
        refuse: Makes the answer for somebody who is signed in.
    """

    def serve_page(
        page: Any, request: HttpRequest, args: Any, kwargs: Any
    ) -> HttpResponseBase:
        if getattr(page, "is_always_open", False):
            return serve(page, request, args, kwargs)
        visibility = Visibility.of(request)
        if visibility.can_view(page):
            if not visibility.is_private(page):
                _note_as_public(page)
            return serve(page, request, args, kwargs)
        if _asks_for_password(page, request):
            return serve(page, request, args, kwargs)
        if request.user.is_authenticated:
            return refuse(request)
        return sign_in_first(request)

    return serve_page


def route_or_hide(
    page: Any, request: HttpRequest, route: Callable[[], RouteResult]
) -> RouteResult:
    """Answer alike for what is below a closed page and for what is not.

    Whoever may not see the page would learn from a 404 which addresses below it exist.
    So the page itself stands for a missing one, and whoever is refused at that address
    is refused as for a real one.

    Args:
        page: The page whose ``route`` it is.
        request: The request that is routed.
        route: What Wagtail would do.

    Returns:
        The page that answers.

    Raises:
        Http404: There is no such page, to those who may know.
    """
    try:
        return route()
    except Http404:
        if page.live and not Visibility.of(request).can_view(page):
            return RouteResult(page)
        raise


def sign_in_first(request: HttpRequest, *, back: str = "") -> HttpResponse:
    """Send an anonymous visitor to the site's sign-in page.

    Args:
        request: The request that is answered.
        back: Where they go on afterwards; empty: to the same address.
    """
    response = _to_sign_in(request, back or request.get_full_path())
    patch_cache_control(response, private=True, no_store=True)
    return response


def sign_in_url(request: HttpRequest) -> str:
    """Where a link leads that lets a visitor sign in and come back to where they are.

    Args:
        request: The request that is answered.
    """
    return _to_sign_in(request, request.get_full_path()).url


def _to_sign_in(request: HttpRequest, back: str) -> HttpResponseRedirect:
    url = next(
        (found for provider in _sign_in if (found := provider(request, back))), ""
    )
    if not url:
        url = getattr(settings, "WAGTAIL_FRONTEND_LOGIN_URL", settings.LOGIN_URL)
    return redirect_to_login(back, resolve_url(url))


def _no_restrictions() -> QuerySet[PageViewRestriction]:
    return PageViewRestriction.objects.none()


def _note_as_public(page: Any) -> None:
    """Spare Wagtail's own check two queries that can only find nothing.

    No restriction stands on the page, above it or on what it is an alias of. A page
    type that has restrictions of another kind is still asked.
    """
    base = swapper.load_model("wagtailcore", "Page")
    if type(page).get_view_restrictions is base.get_view_restrictions:
        page.get_view_restrictions = _no_restrictions


def _asks_for_password(page: Any, request: HttpRequest) -> bool:
    """Whether Wagtail would show the page's own password form to this visitor."""
    return any(
        restriction.restriction_type == PageViewRestriction.PASSWORD
        and not restriction.accept_request(request)
        for restriction in page.get_view_restrictions()
    )
