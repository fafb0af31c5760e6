"""Who works the help desk signs in with a second factor, if the site says so.

allauth asks for a second factor at sign-in from everyone who has set one up. This makes
sure that those who can read customers' data have: put ``SecondFactorMiddleware`` among
the ``MIDDLEWARE``, after allauth's, and set ``REQUIRE_SECOND_FACTOR``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.permissions import works_the_desk

#: Where Wagtail's and Django's admin begin; below them, all is closed.
_ADMINS = ("wagtailadmin_home", "admin:index")
#: Names of what stays open even if an admin is mounted at the very top of a site.
_ALWAYS_OPEN = ("account_", "mfa_", "usersessions_", "wagtailadmin_logout")
_SET_UP_HERE = "helpdesk_second_factor"
#: Ours outside the admin that answer agents with what customers wrote.
_OURS = frozenset({"attachment", "inbox_poll"})


def has_second_factor(user: AbstractUser) -> bool:
    """Whether a user has an authenticator app or a security key.

    Recovery codes alone are none: they come with a factor and outlive it.

    Args:
        user: A user who is signed in.
    """
    from allauth.mfa.adapter import get_adapter as get_mfa_adapter
    from allauth.mfa.models import Authenticator

    types = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(get_mfa_adapter().is_mfa_enabled(user, types=types))


def showed_second_factor(request: HttpRequest) -> bool:
    """Whether the person showed a second factor in this session, or set one up in it.

    That the account has one is not enough: somebody else may have signed in with the
    password alone before it had.

    Args:
        request: A request with a user who is signed in.
    """
    user: Any = request.user
    if not has_second_factor(user):
        return False
    if request.session.get(_SET_UP_HERE) == str(user.pk):
        return True
    records = get_authentication_records(request, user)
    return any(record.get("method") == "mfa" for record in records)


def remember_set_up(request: HttpRequest, user: AbstractUser, **kwargs: Any) -> None:
    """Note in the session that its person set a factor up; for ``authenticator_added``.

    Args:
        request: The request that did.
        user: Whose it is.
        kwargs: Not used.
    """
    request.session[_SET_UP_HERE] = str(user.pk)


class SecondFactorMiddleware:
    """Leads who lacks the second factor to where they set it up, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; see ``process_view``."""
        response: HttpResponseBase = self.get_response(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Stop before a view of an admin, or of ours for agents.

        Args:
            request: The request.
            view: Not used.
            args: Not used.
            kwargs: Not used.
        """
        if not helpdesk_settings.REQUIRE_SECOND_FACTOR:
            return None
        if not _is_guarded(request) or not request.user.is_authenticated:
            return None
        if not apps.is_installed("allauth.mfa"):
            # The check E003 says so; nobody could set up what is asked for.
            return None
        if not works_the_desk(request.user) or showed_second_factor(request):
            return None
        response = _refusal(request)
        add_never_cache_headers(response)
        return response


def _is_guarded(request: HttpRequest) -> bool:
    match = request.resolver_match
    name = (match.url_name if match else None) or ""
    if _is_ours(request):
        return name in _OURS
    if match is not None and "admin" in match.app_names:
        return True  # Any of Django's admins; its names look like allauth's.
    if name.startswith(_ALWAYS_OPEN) and not (match and match.namespaces):
        return False
    return any(request.path.startswith(start) for start in _admin_paths())


def _is_ours(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.app_name == "wagtail_helpdesk"


def _admin_paths() -> list[str]:
    """The addresses below which everything belongs to an admin."""
    found: list[str] = []
    for name in _ADMINS:
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            continue
    return found


def _refusal(request: HttpRequest) -> HttpResponseBase:
    target = reverse("mfa_index")
    text = _(
        "Your work here needs a second factor at sign-in. Set up an authenticator app "
        "or a security key to go on."
    )
    user: Any = request.user
    if has_second_factor(user):
        text = _("Show your second factor to go on.")
        target = _where_to_show(request)
    if _wants_no_page(request):
        return JsonResponse(
            {"error": "second_factor_needed", "detail": text}, status=403
        )
    if not _is_ours(request):
        # Of files and polls there are many on one page, and nobody sees their answers.
        messages.warning(request, text, fail_silently=True)
    return redirect(target)


def _where_to_show(request: HttpRequest) -> str:
    methods = get_adapter().get_reauthentication_methods(request.user)
    urls = [m["url"] for m in methods if m["id"].startswith("mfa_reauthenticate")]
    url: str = urls[0] if urls else reverse("mfa_index")
    return f"{url}?{urlencode({'next': request.get_full_path()})}"


def _wants_no_page(request: HttpRequest) -> bool:
    """Whether a script asks: it would take the page it is led to for its answer."""
    return (
        request.headers.get("X-Requested-With") == "XMLHttpRequest"
        or request.headers.get("Sec-Fetch-Dest") == "empty"
        or not request.accepts("text/html")
    )


def middleware_is_missing() -> bool:
    """Whether the setting asks for a second factor and nothing enforces it."""
    own = f"{SecondFactorMiddleware.__module__}.{SecondFactorMiddleware.__name__}"
    return not apps.is_installed("allauth.mfa") or own not in settings.MIDDLEWARE
