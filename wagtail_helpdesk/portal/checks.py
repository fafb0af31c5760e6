"""Does the registration page ask for what a portal wants to be agreed to there?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError
from django.utils.module_loading import import_string

from wagtail_helpdesk.portal.navigation import portal_models


@register(Tags.database)
def check_consent_at_sign_up(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W020: portals want to ask at registration, and the page there does not.

    Args:
        app_configs: Not used; the check is about the whole site.
        databases: Those that may be asked (``check --database default``).
        kwargs: Not used.
    """
    if not databases or not apps.is_installed("allauth.account") or _page_asks():
        return []
    try:
        asking = [
            page
            for model in portal_models()
            if model._default_manager.db in databases
            for page in model._default_manager.filter(
                live=True, is_active=True, consent_at_sign_up=True
            ).exclude(consent_text="")
        ]
    except DatabaseError:
        # No tables yet: the migrations have not been run.
        return []
    return [
        Warning(
            f"The portal '{page}' wants people to agree when they register, and the "
            "registration page does not ask.",
            hint="Set ACCOUNT_SIGNUP_FORM_CLASS to "
            "'wagtail_helpdesk.accounts.sign_up.ConsentSignUpForm', or make your form "
            "a subclass of it. Until then the portal asks when they enter it.",
            obj=page,
            id="wagtail_helpdesk.W020",
        )
        for page in asking
    ]


def _page_asks() -> bool:
    name = getattr(settings, "ACCOUNT_SIGNUP_FORM_CLASS", None)
    form = import_string(name) if isinstance(name, str) else name
    return bool(getattr(form, "asks_for_consent", False))
