"""A system check of allauth's settings: those that open a door to strangers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.account import app_settings as account_settings
from django.core.checks import CheckMessage, Tags, Warning, register

#: Limits that stand between somebody and as many passwords, codes and mails as they
#: like.
RATE_LIMITS = (
    "confirm_email",
    "login",
    "login_failed",
    "reauthenticate",
    "reset_password",
    "signup",
)


@register(Tags.security)
def check_account_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W017: settings of allauth that are weaker than the guide to the sign-in.

    Args:
        app_configs: Not used; the check is about the whole site.
        kwargs: Not used.
    """
    return [
        Warning(
            f"{setting} {state}: {consequence}.",
            hint=f"{cure} See the guide 'Set up sign-in'.",
            id="wagtail_helpdesk.W017",
        )
        for setting, state, consequence, cure in _weak()
    ]


def _weak() -> Iterator[tuple[str, str, str, str]]:
    """Setting, how it is, what that does, and the cure."""
    mandatory = account_settings.EmailVerificationMethod.MANDATORY
    if mandatory != account_settings.EMAIL_VERIFICATION:
        yield (
            "ACCOUNT_EMAIL_VERIFICATION",
            f"is '{account_settings.EMAIL_VERIFICATION.value}'",
            "people sign in with addresses that are not theirs",
            "Set it to 'mandatory'.",
        )
    if not account_settings.PREVENT_ENUMERATION:
        yield (
            "ACCOUNT_PREVENT_ENUMERATION",
            "is off",
            "the pages around the sign-in tell who is a customer",
            "Set it to 'strict'.",
        )
    elif account_settings.EMAIL_VERIFICATION_MAX_CHANGE_COUNT:
        # The page offers it to whom it has made an account, and to nobody else.
        yield (
            "ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE",
            "is on",
            "the page after the registration tells who was a customer before",
            "Take it out; who mistyped the address registers once more.",
        )
    if account_settings.EMAIL_UNKNOWN_ACCOUNTS:
        yield (
            "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS",
            "is on",
            "anybody can have your site send mails to any address",
            "Set it to False.",
        )
    limits = account_settings.RATE_LIMITS
    missing = [name for name in RATE_LIMITS if not limits.get(name)]
    if missing:
        yield (
            "ACCOUNT_RATE_LIMITS",
            f"has no limit for {', '.join(missing)}",
            "passwords and codes are guessed, or mails sent, as often as one likes",
            "Take the setting out; allauth's own limits are good.",
        )
