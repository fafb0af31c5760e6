"""System checks of the sign-in: open side doors, an adapter that lacks ours."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings as account_settings
from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import translation
from django.utils.module_loading import import_string

from wagtail_helpdesk.accounts.adapter import HelpdeskAccountAdapterMixin
from wagtail_helpdesk.accounts.second_factor import middleware_is_missing
from wagtail_helpdesk.accounts.shared_passwords import (
    document_password,
    page_password,
)
from wagtail_helpdesk.accounts.views import side_door
from wagtail_helpdesk.conf import helpdesk_settings

#: Where shared passwords are given, and the setting that takes them out of the admin.
PASSWORDS = (
    (
        "wagtailcore_authenticate_with_password",
        (1, 1),
        "WAGTAIL_PRIVATE_PAGE_OPTIONS",
    ),
    (
        "wagtaildocs_authenticate_with_password",
        (1,),
        "WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS",
    ),
)
DOORS = ("wagtailadmin_login", "admin:login", "wagtailcore_login")


def open_side_doors() -> list[str]:
    """Addresses where one signs in past the site's own sign-in, in any language."""
    found: list[str] = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for name in DOORS:
                try:
                    address = reverse(name)
                    view = resolve(address).func
                except (NoReverseMatch, Resolver404):
                    continue
                if view is not side_door and address not in found:
                    found.append(address)
    return found


@register(Tags.urls)
def check_side_doors(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W007: sign-in pages without second factor, confirmed address and rate limit.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    return [
        Warning(
            f"{address} signs people in past the site's own sign-in.",
            hint='Put path("", include("wagtail_helpdesk.accounts.urls")) before the '
            "URL patterns of Wagtail and of Django's admin (also inside "
            "i18n_patterns); for other addresses see its side_doors().",
            id="wagtail_helpdesk.W007",
        )
        for address in open_side_doors()
    ]


def unlimited_passwords() -> list[str]:
    """Addresses where a shared password may be tried as often as one likes."""
    found = []
    for name, arguments, options in PASSWORDS:
        if not getattr(settings, options, {}).get("SHARED_PASSWORD", True):
            continue
        try:
            address = reverse(name, args=arguments)
            view = resolve(address).func
        except (NoReverseMatch, Resolver404):
            continue
        if view not in {page_password, document_password}:
            found.append(address)
    return found


@register(Tags.urls)
def check_shared_passwords(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W013: shared passwords of pages and documents without a rate limit.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    return [
        Warning(
            f"{address} lets everyone try shared passwords without a limit.",
            hint='Put path("", include("wagtail_helpdesk.accounts.urls")) before the '
            "URL patterns of Wagtail and its documents, or switch shared passwords off "
            "with WAGTAIL_PRIVATE_PAGE_OPTIONS and WAGTAILDOCS_PRIVATE_COLLECTION_"
            "OPTIONS.",
            id="wagtail_helpdesk.W013",
        )
        for address in unlimited_passwords()
    ]


@register(Tags.security)
def check_account_adapter(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W008: an account adapter without what the help desk needs.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    adapter = import_string(account_settings.ADAPTER)
    if issubclass(adapter, HelpdeskAccountAdapterMixin):
        return []
    return [
        Warning(
            f"ACCOUNT_ADAPTER is '{account_settings.ADAPTER}', which is not made from "
            "HelpdeskAccountAdapterMixin.",
            hint="Set it to 'wagtail_helpdesk.accounts.adapter.HelpdeskAccountAdapter' "
            "or put the mixin first among the bases of your adapter: without it the "
            "time of a sign-up tells who is a customer.",
            id="wagtail_helpdesk.W008",
        )
    ]


@register(Tags.security)
def check_second_factor_is_enforced(
    app_configs: Any, **kwargs: Any
) -> list[CheckMessage]:
    """E003: ``REQUIRE_SECOND_FACTOR`` without what enforces it.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    if not helpdesk_settings.REQUIRE_SECOND_FACTOR or not middleware_is_missing():
        return []
    return [
        Error(
            "REQUIRE_SECOND_FACTOR is on, and nothing asks for a second factor.",
            hint="Add 'allauth.mfa' to INSTALLED_APPS and "
            "'wagtail_helpdesk.accounts.second_factor.SecondFactorMiddleware' to "
            "MIDDLEWARE, after 'allauth.account.middleware.AccountMiddleware'.",
            id="wagtail_helpdesk.E003",
        )
    ]


@register(Tags.security)
def check_second_factors_are_encrypted(
    app_configs: Any, **kwargs: Any
) -> list[CheckMessage]:
    """W030: the secrets of second factors lie in the database in plain text.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    if not apps.is_installed("allauth.mfa"):
        return []
    from allauth.mfa import app_settings as mfa_settings

    from wagtail_helpdesk.accounts.mfa import HelpdeskMFAAdapterMixin

    if issubclass(import_string(mfa_settings.ADAPTER), HelpdeskMFAAdapterMixin):
        return []
    return [
        Warning(
            f"MFA_ADAPTER is '{mfa_settings.ADAPTER}', which is not made from "
            "HelpdeskMFAAdapterMixin.",
            hint="Set it to 'wagtail_helpdesk.accounts.mfa.HelpdeskMFAAdapter' or put "
            "the mixin first among the bases of your adapter: without it whoever reads "
            "the database can sign in as anyone whose password they know.",
            id="wagtail_helpdesk.W030",
        )
    ]


@register(Tags.templates)
def check_list_of_passkeys(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W018: allauth's list of passkeys lacks the app its template loads.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    needed = "django.contrib.humanize"
    if not apps.is_installed("allauth.mfa") or apps.is_installed(needed):
        return []
    from allauth.mfa import app_settings as mfa_settings

    if "webauthn" not in mfa_settings.SUPPORTED_TYPES:
        return []
    return [
        Warning(
            f"Passkeys are offered, and '{needed}' is not in INSTALLED_APPS.",
            hint="Add it: without it the page with a person's passkeys is an error.",
            id="wagtail_helpdesk.W018",
        )
    ]
