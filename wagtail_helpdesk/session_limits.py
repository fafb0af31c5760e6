"""Signs customers out whose time is over, and tells them so; see ``access.sessions``.

``SessionLimitMiddleware`` stands among the ``MIDDLEWARE`` after those of sessions,
users and messages.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.middleware.csrf import CSRF_SESSION_KEY
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from wagtail_helpdesk.access import sessions
from wagtail_helpdesk.access.sessions import Reason


class SessionLimitMiddleware:
    """Ends the sessions of customers at their limits, at the next request.

    From there on the request is a visitor's: a private page asks to sign in and keeps
    what was sent (UX27), a public page is shown. A script gets 401 instead.
    """

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Look before the request is answered, and note that it came after that."""
        reason = sessions.over(request)
        if reason is not None:
            _sign_out(request)
            messages.warning(request, _told(reason), fail_silently=True)
            if _is_from_a_script(request):
                return signed_out(reason)
        response: HttpResponseBase = self.get_response(request)
        sessions.follow(request)
        return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def session_state(request: HttpRequest) -> JsonResponse:
    """Say how long the session lasts; a POST makes it last the whole time again.

    Args:
        request: A GET of a page that waits, or the POST of somebody who is still there.

    Returns:
        ``seconds`` until the session ends if nothing happens, 0 if it has no time-out;
        401 to whoever is not signed in.
    """
    sessions.leave_no_trace(request)
    if not request.user.is_authenticated:
        return signed_out(None)
    if request.method == "POST":
        return JsonResponse({"seconds": sessions.extend(request)})
    return JsonResponse({"seconds": sessions.seconds_left(request)})


def signed_out(reason: Reason | None) -> JsonResponse:
    """The answer to a script of a page whose session is over: 401.

    Args:
        reason: Why, or ``None`` if nobody was signed in to begin with.
    """
    login_url = getattr(settings, "WAGTAIL_FRONTEND_LOGIN_URL", settings.LOGIN_URL)
    response = JsonResponse(
        {
            "error": "signed_out",
            "reason": str(reason or ""),
            "message": _told(reason),
            "sign_in": resolve_url(login_url),
        },
        status=HTTPStatus.UNAUTHORIZED,
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _sign_out(request: HttpRequest) -> None:
    """End the session, so that the form on the open page can still be sent.

    With ``CSRF_USE_SESSIONS`` Django would refuse it, and what was written were lost
    (UX27). The cookie that has the secret otherwise outlives the session too.
    """
    secret = request.session.get(CSRF_SESSION_KEY)
    logout(request)
    if secret is not None:
        request.session[CSRF_SESSION_KEY] = secret


def _told(reason: Reason | None) -> str:
    if reason is Reason.IDLE:
        return _(
            "You were signed out because nothing happened here for a while. "
            "Sign in to go on."
        )
    if reason is Reason.ABSOLUTE:
        return _(
            "You were signed out because your last sign-in was long ago. "
            "Sign in to go on."
        )
    if reason is Reason.PROVIDER:
        return _(
            "You were signed out because your company's sign-in no longer lets you in "
            "here. Sign in another way to go on."
        )
    return _("Sign in to go on.")


def _is_from_a_script(request: HttpRequest) -> bool:
    """Whether a script asked, which could do nothing with a page."""
    headers = request.headers
    accept = headers.get("Accept", "")
    return (
        headers.get("Sec-Fetch-Dest") == "empty"
        or headers.get("X-Requested-With") == "XMLHttpRequest"
        or ("application/json" in accept and "text/html" not in accept)
    )
