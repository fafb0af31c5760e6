"""System checks: whether agents can look at the site as a contact, and safely."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

from wagtail_helpdesk.view_as.state import MIDDLEWARE

#: What has to have happened before, and the cookie of the banner's button after.
BEFORE = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
)


@register(Tags.security)
def check_view_as(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W028 and W029: whether the middleware is there, and in its place.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    names = list(settings.MIDDLEWARE)
    if MIDDLEWARE not in names:
        return [
            Warning(
                f"'{MIDDLEWARE}' is not in MIDDLEWARE.",
                hint="Add it after the middleware of sessions, languages, CSRF and "
                "users. Without it agents cannot view the site as a contact.",
                id="wagtail_helpdesk.W028",
            )
        ]
    return [
        Warning(
            f"'{MIDDLEWARE}' stands before '{name}' in MIDDLEWARE.",
            hint="Put it after that one. Until then the banner may be in another "
            "language, and its button may do nothing.",
            id="wagtail_helpdesk.W029",
        )
        for name in names[names.index(MIDDLEWARE) :]
        if name in BEFORE
    ]
