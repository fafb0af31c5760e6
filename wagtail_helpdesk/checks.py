"""System checks: each names the setting, the value found and the cure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.template import TemplateDoesNotExist, TemplateSyntaxError

from wagtail_helpdesk.base_template import read_base_template
from wagtail_helpdesk.conf import SETTING, helpdesk_settings, unknown_settings

REQUEST_PROCESSOR = "django.template.context_processors.request"
FRAME_PROCESSOR = "wagtail_helpdesk.context_processors.helpdesk"
SUPPORT_FORM_MIDDLEWARE = "wagtail_helpdesk.middleware.SupportFormMiddleware"
SESSION_MIDDLEWARE = "wagtail_helpdesk.session_limits.SessionLimitMiddleware"
BEFORE_SESSION_LIMITS = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
)


def _context_processors() -> Iterator[str]:
    engines: list[dict[str, Any]] = settings.TEMPLATES
    for engine in engines:
        if engine["BACKEND"].endswith("DjangoTemplates"):
            yield from engine.get("OPTIONS", {}).get("context_processors", ())


@register(Tags.templates)
def check_base_template(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E001, W001 to W003: whether our pages can stand in the site's base template.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    name = helpdesk_settings.BASE_TEMPLATE
    setting = f'{SETTING}["BASE_TEMPLATE"]'
    try:
        base = read_base_template(name)
    except (TemplateDoesNotExist, TemplateSyntaxError) as error:
        return [
            Error(
                f"{setting} is '{name}', which cannot be loaded: {error}",
                hint="Name the base template of your site, such as 'base.html', or "
                "leave the setting out for a page without a site around it.",
                id="wagtail_helpdesk.E001",
            )
        ]
    messages: list[CheckMessage] = [
        Warning(
            f"Base template '{name}' has no block '{block}'.",
            hint=f"Add {{% block {block} %}}{{% endblock %}} to '{name}', or override "
            "wagtail_helpdesk/base.html and map the block there.",
            id="wagtail_helpdesk.W001",
        )
        for block in ("title", "content")
        if block not in base.blocks
    ]
    standalone = name == "wagtail_helpdesk/standalone.html"
    if not base.has_main and not standalone:
        messages.append(
            Warning(
                f"Base template '{name}' has no <main> element.",
                hint="The help desk's pages bring their own; put one around "
                "{% block content %} so that all pages of the site have it.",
                id="wagtail_helpdesk.W002",
            )
        )
    if not base.has_lang:
        messages.append(
            Warning(
                f"The <html> element of base template '{name}' has no lang attribute.",
                hint='Write <html lang="{{ LANGUAGE_CODE }}">; screen readers choose '
                "their voice by it (WCAG 3.1.1).",
                id="wagtail_helpdesk.W003",
            )
        )
    return messages


@register(Tags.templates)
def check_context_processors(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W004 and W006: whether templates know the request and the frame.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    found = set(_context_processors())
    messages: list[CheckMessage] = []
    if REQUEST_PROCESSOR not in found:
        messages.append(
            Warning(
                f"The context processor '{REQUEST_PROCESSOR}' is not in TEMPLATES.",
                hint="Add it to OPTIONS['context_processors']: the help desk's pages "
                "need the request for their navigation and links.",
                id="wagtail_helpdesk.W004",
            )
        )
    if (
        apps.is_installed("wagtail_helpdesk.allauth_ui")
        and FRAME_PROCESSOR not in found
    ):
        messages.append(
            Warning(
                f"The context processor '{FRAME_PROCESSOR}' is not in TEMPLATES.",
                hint="Add it to OPTIONS['context_processors'], or the sign-in pages "
                "appear outside your site's base template.",
                id="wagtail_helpdesk.W006",
            )
        )
    return messages


@register()
def check_unknown_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W005: names in the settings dict that nothing reads, with what was meant.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    return [
        Warning(
            f"{SETTING} has the key '{name}', which is no setting of the help desk.",
            hint=f"Did you mean '{near}'?" if near else "Remove it.",
            id="wagtail_helpdesk.W005",
        )
        for name, near in unknown_settings().items()
    ]


@register()
def check_middleware(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W009: whether uploads are bounded before they are read.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    if SUPPORT_FORM_MIDDLEWARE in settings.MIDDLEWARE:
        return []
    return [
        Warning(
            f"'{SUPPORT_FORM_MIDDLEWARE}' is not in MIDDLEWARE.",
            hint="Add it after the middleware of sessions, languages and users. "
            "Without it an upload of any size is stored before it is refused.",
            id="wagtail_helpdesk.W009",
        )
    ]


@register()
def check_session_limits(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W026: whether the limits of customers' sessions are kept.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    names = list(settings.MIDDLEWARE)
    if SESSION_MIDDLEWARE not in names:
        found = "is not in MIDDLEWARE"
    else:
        place = names.index(SESSION_MIDDLEWARE)
        late = [name for name in BEFORE_SESSION_LIMITS if name in names[place:]]
        if not late:
            return []
        found = f"stands before '{late[0]}' in MIDDLEWARE"
    return [
        Warning(
            f"'{SESSION_MIDDLEWARE}' {found}.",
            hint="Add it after the middleware of sessions, users and messages. Without "
            "it no portal signs out a customer who has gone away.",
            id="wagtail_helpdesk.W026",
        )
    ]


@register(Tags.security)
def check_session_engine(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W027: sessions that live in a cookie cannot be ended by the server.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    if settings.SESSION_ENGINE != "django.contrib.sessions.backends.signed_cookies":
        return []
    return [
        Warning(
            f"SESSION_ENGINE is '{settings.SESSION_ENGINE}'.",
            hint="Choose an engine that keeps sessions on the server. A copy of such a "
            "cookie is signed in again after the session has ended, and nobody can "
            "sign out elsewhere.",
            id="wagtail_helpdesk.W027",
        )
    ]


@register()
def check_order_of_apps(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W010: whether our addition to the admin's status panel is found.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    names = [config.name for config in apps.get_app_configs()]
    admin = "wagtail.admin"
    if admin not in names or names.index("wagtail_helpdesk") < names.index(admin):
        return []
    return [
        Warning(
            f"'wagtail_helpdesk' stands after '{admin}' in INSTALLED_APPS.",
            hint=f"Put it before '{admin}'. Until then the page editor does not say "
            "who can see a page.",
            id="wagtail_helpdesk.W010",
        )
    ]
