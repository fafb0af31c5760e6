"""A sign-in by a signed token: there, back with the token, and in.

The token comes by a form that another site posts. The browser sends no session with it
(``SameSite=Lax``), so that what the token says waits in a session of its own, and the
sign-in ends at an address of ours that the browser opens by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.utils import respond_to_login_on_get
from allauth.socialaccount.sessions import LoginSession
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from wagtail_helpdesk.access.sso import APP_PREFIX, absolute
from wagtail_helpdesk.access.token_keys import keys_of
from wagtail_helpdesk.access.used_assertions import use_once
from wagtail_helpdesk.accounts.jwt.provider import SignedTokenProvider
from wagtail_helpdesk.accounts.jwt.token import (
    MAX_BYTES,
    SKEW,
    Claims,
    TokenRefusedError,
    check_not_expired,
    read_token,
)
from wagtail_helpdesk.accounts.sso_refusals import refusal
from wagtail_helpdesk.forms.spam import client_address
from wagtail_helpdesk.models import IdentityProvider
from wagtail_helpdesk.rate_limits import count_attempt
from wagtail_helpdesk.system_pages import too_many_requests

COOKIE = "helpdesk-jwt"
_WAITING = "helpdesk_jwt"
#: So many seconds what a token said waits for the browser to bring its session.
_WAITS = 300
#: So many wrong tokens from one address in so many seconds; right ones do not count.
WRONG = (30, 60)
#: A form with a token and some fields that are not ours.
_MAX_BODY = 8 * MAX_BYTES

Answer = Callable[[HttpRequest, IdentityProvider, SignedTokenProvider], HttpResponse]


class _SeeOther(HttpResponseRedirect):
    status_code = HTTPStatus.SEE_OTHER


def _of_provider(*methods: str) -> Callable[[Answer], Callable[..., HttpResponse]]:
    """Find the provider of an address; all that is none answers alike, with 404."""

    def decorate(answer: Answer) -> Callable[..., HttpResponse]:
        @never_cache
        @wraps(answer)
        def view(request: HttpRequest, slug: str) -> HttpResponse:
            try:
                provider = get_adapter().get_provider(
                    request, SignedTokenProvider.id, client_id=slug
                )
            except SocialApp.DoesNotExist:
                raise Http404("No such provider") from None
            rows = IdentityProvider.objects.active(slug.removeprefix(APP_PREFIX))
            row = rows.filter(protocol=IdentityProvider.Protocol.JWT).first()
            # A project may have set one of allauth's own up by mistake.
            if row is None or not slug.startswith(APP_PREFIX):
                raise Http404("No such provider")
            if request.method not in methods:
                return _no_method(request, row, methods)
            return answer(request, row, provider)

        # What Django 5.1 calls ``login_not_required``; a decorator of ours is outside.
        view.login_required = False  # type: ignore[attr-defined]
        return view

    return decorate


@_of_provider("GET", "HEAD", "POST")
def login(
    request: HttpRequest, row: IdentityProvider, provider: SignedTokenProvider
) -> HttpResponse:
    """Begin: a button, and what it does.

    Args:
        request: GET asks, POST leads to the company.
        row: The provider.
        provider: The same as allauth knows it.
    """
    if request.method == "HEAD":
        # It asks for what GET answers, and begins nothing.
        request.method = "GET"
    asked: HttpResponse | None = respond_to_login_on_get(request, provider)
    if asked is not None:
        return asked
    answer: HttpResponse = provider.redirect_from_request(request)
    return answer


@csrf_exempt
@sensitive_post_parameters("jwt")
@_of_provider("POST")
def take(
    request: HttpRequest, row: IdentityProvider, provider: SignedTokenProvider
) -> HttpResponse:
    """Take a token that the company's application posts through the browser.

    Args:
        request: With ``jwt``, and perhaps ``return_to``.
        row: The provider.
        provider: The same as allauth knows it.
    """
    attempt = count_attempt(WRONG, scope="signed token", who=client_address(request))
    if attempt.wait:
        return too_many_requests(request, wait=attempt.wait)
    try:
        claims = read_token(
            _posted(request),
            keys_of(row),
            issuer=row.options.get("issuer", ""),
            audiences=_audiences(request),
            now=time.time(),
        )
    except TokenRefusedError as error:
        return _refuse(request, row, error)
    attempt.take_back()
    response = _SeeOther(reverse("helpdesk_jwt_finish", args=[provider.app.client_id]))
    waiting = LoginSession(request, "helpdesk_jwt_session", COOKIE)
    waiting.store[_WAITING] = {
        "provider": row.public_id,
        "claims": claims.as_dict(),
        "return_to": request.POST.get("return_to", ""),
    }
    waiting.store.set_expiry(_WAITS)
    waiting.save(response)
    response.cookies[COOKIE]["httponly"] = True
    return response


@_of_provider("GET")
def finish(
    request: HttpRequest, row: IdentityProvider, provider: SignedTokenProvider
) -> HttpResponse:
    """Sign the person in, in the browser that began, once.

    Args:
        request: With the session that began.
        row: The provider.
        provider: The same as allauth knows it.
    """
    told = _waited(request)
    if told is None or told["provider"] != row.public_id:
        text = _("The sign-in took too long, or the browser keeps no cookies.")
        again = _("Begin again at our sign-in page.")
        return refusal(
            request, row, "nothing", f"{text} {again}", status=HTTPStatus.BAD_REQUEST
        )
    claims = Claims(**told["claims"])
    try:
        check_not_expired(claims.exp, time.time())
    except TokenRefusedError as error:
        return _refuse(request, row, error)
    try:
        state = provider.unstash_redirect_state(request, claims.state)
    except PermissionDenied:
        return refusal(
            request,
            row,
            "state",
            _(
                "The token answers no sign-in that was begun here, in this browser, "
                "within the last minutes. Begin again at our sign-in page. The claim "
                "“state” has to be what the company's sign-in page was sent."
            ),
        )
    until = datetime.fromtimestamp(claims.exp + 2 * SKEW, UTC)
    if not use_once(row, claims.jti, until):
        return refusal(
            request,
            row,
            "used",
            _("The token was used before: each sign-in needs a “jti” of its own."),
        )
    person = provider.sociallogin_from_response(request, claims)
    person.state = state
    if not state.get("next") and _is_ours(told["return_to"]):
        state["next"] = told["return_to"]
    answer: HttpResponse = complete_social_login(request, person)
    _speak(request, answer, claims.locale)
    return answer


def _posted(request: HttpRequest) -> str:
    """The token of a form.

    Raises:
        TokenRefusedError: There is none, or more than one.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > _MAX_BODY:
        raise TokenRefusedError("size", _("The form is too long."))
    tokens = request.POST.getlist("jwt")
    if len(tokens) != 1:
        raise TokenRefusedError(
            "field", _("The form has to have one field “jwt”, with the token.")
        )
    return tokens[0]


def _audiences(request: HttpRequest) -> list[str]:
    """How this address is called: as in our settings, and as the browser called it."""
    return [absolute(request.path), request.build_absolute_uri(request.path)]


def _waited(request: HttpRequest) -> dict[str, Any] | None:
    if not request.COOKIES.get(COOKIE, "").isprintable():
        return None
    waiting = LoginSession(request, "helpdesk_jwt_session", COOKIE)
    told: dict[str, Any] | None = waiting.store.get(_WAITING)
    if told is not None:
        waiting.delete()
    return told


def _is_ours(url: str) -> bool:
    return bool(url) and get_account_adapter().is_safe_url(url)


def _speak(request: HttpRequest, answer: HttpResponse, language: str) -> None:
    """Show the person the language that the company knows, unless they chose one."""
    name = settings.LANGUAGE_COOKIE_NAME
    if language in dict(settings.LANGUAGES) and name not in request.COOKIES:
        answer.set_cookie(
            name,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            path=settings.LANGUAGE_COOKIE_PATH,
            domain=settings.LANGUAGE_COOKIE_DOMAIN,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )


def _refuse(
    request: HttpRequest,
    row: IdentityProvider,
    error: TokenRefusedError,
    status: int = HTTPStatus.BAD_REQUEST,
) -> HttpResponse:
    told = _("For whoever runs the company's application: %(text)s") % {
        "text": error.text
    }
    return refusal(request, row, error.code, told, status=status)


def _no_method(
    request: HttpRequest, row: IdentityProvider, methods: tuple[str, ...]
) -> HttpResponse:
    if methods != ("POST",):
        return HttpResponseNotAllowed(methods)
    text = _(
        "The token has to be sent by a form with method “post”: an address stays in "
        "histories and logs."
    )
    error = TokenRefusedError("method", text)
    response = _refuse(request, row, error, HTTPStatus.METHOD_NOT_ALLOWED)
    response["Allow"] = "POST"
    return response
