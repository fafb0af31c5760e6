"""The side doors: sign-in pages of others, closed and led to the one sign-in."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from wagtail_helpdesk.preferences import safe_next
from wagtail_helpdesk.system_pages import access_denied


def may_enter(user: AbstractUser | AnonymousUser, door: str) -> bool:
    """Whether a door opens for a user who is signed in already.

    Args:
        user: The signed-in user.
        door: ``"wagtail"``, ``"django"``, or ``"page"`` for a private page's sign-in.

    Returns:
        Whether what lies behind the door would let them in. Behind ``"page"`` lies only
        what has already refused them.
    """
    if door == "wagtail":
        return user.has_perm("wagtailadmin.access_admin")
    if door == "django":
        return user.is_active and user.is_staff
    return False


HOME = {"wagtail": "wagtailadmin_home", "django": "admin:index"}


@never_cache
def side_door(request: HttpRequest, door: str) -> HttpResponse:
    """Lead to the site's sign-in instead of a form without its protections.

    The sign-in pages of Wagtail and of Django's admin know no second factor, no
    confirmed address and no rate limit (security.md 0.6). Who is signed in but may not
    enter gets a clear answer rather than an endless redirect (security.md 0.3).

    Args:
        request: Any request; credentials in a POST are not looked at.
        door: Which door it is; see ``may_enter``.
    """
    home = reverse(HOME[door]) if door in HOME else ""
    target = safe_next(request, fallback=home)
    if not request.user.is_authenticated:
        query = f"?{urlencode({'next': target})}" if target else ""
        return HttpResponseRedirect(reverse("account_login") + query)
    if not may_enter(request.user, door):
        return access_denied(request)
    return HttpResponseRedirect(target)
