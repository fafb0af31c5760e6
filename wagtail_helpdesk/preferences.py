"""What a visitor prefers, kept in cookies: the colour scheme."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wagtail_helpdesk.frontend import COLOR_SCHEME_COOKIE, COLOR_SCHEMES

COOKIE_SECONDS = 365 * 24 * 60 * 60


def safe_next(request: HttpRequest, fallback: str = "/") -> str:
    """The address to return to, if it is on this host.

    Args:
        request: A request with ``next`` among its POST or GET data.
        fallback: Used when ``next`` is missing or leads elsewhere.

    Returns:
        An address that is safe to redirect to.
    """
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else fallback


# Exempt from the CSRF check: the switch stands on every page, where a token would set a
# cookie and keep public pages out of caches; a forged switch changes a colour only.
@csrf_exempt
@require_POST
def set_color_scheme(request: HttpRequest) -> HttpResponse:
    """Remember ``scheme`` (``light``, ``dark`` or ``system``) and return to ``next``.

    A plain form posts here, so the switch works without JavaScript, and the next page
    comes in the right colours at once, without an inline script.

    Args:
        request: The POST.
    """
    response = HttpResponseRedirect(safe_next(request))
    scheme = request.POST.get("scheme", "")
    if scheme in COLOR_SCHEMES:
        response.set_cookie(
            COLOR_SCHEME_COOKIE,
            scheme,
            max_age=COOKIE_SECONDS,
            path=settings.SESSION_COOKIE_PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    elif scheme == "system":
        response.delete_cookie(COLOR_SCHEME_COOKIE, path=settings.SESSION_COOKIE_PATH)
    return response
