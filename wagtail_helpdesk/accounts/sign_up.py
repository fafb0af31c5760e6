"""The consent on the registration page, as a form for projects that have their own.

Set ``ACCOUNT_SIGNUP_FORM_CLASS`` to
``"wagtail_helpdesk.accounts.sign_up.ConsentSignUpForm"``, or to a subclass of it with
the fields of your form.
"""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings as account_settings
from allauth.core import context as allauth_context
from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest

from wagtail_helpdesk.access.consents import ConsentNotice, sign_up_consent
from wagtail_helpdesk.actions import KeepSignUpConsent
from wagtail_helpdesk.forms.consent_box import ConsentField
from wagtail_helpdesk.preferences import safe_next

CONSENT_FIELD = "consent"


class ConsentSignUpForm(forms.Form):
    """Asks for the consent of the portal that the visitor registers for (B58).

    What was agreed to is kept with the account; the contact gets it as soon as the
    address is confirmed (R17).

    Attributes:
        asks_for_consent: Tells the system check that the registration page asks.
    """

    asks_for_consent = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consent_notice = _notice()
        if self.consent_notice is None:
            return
        self.fields[CONSENT_FIELD] = ConsentField(self.consent_notice)
        if self.field_order is None:
            # allauth adds its own fields after this; the box stands below them all.
            own = [name for name in self.fields if name != CONSENT_FIELD]
            standard = list(account_settings.SIGNUP_FIELDS)
            self.field_order = [*standard, *own, CONSENT_FIELD]

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep what was agreed to; allauth calls this with the new account.

        Args:
            request: The request of the registration.
            user: The new account, whose address is not confirmed yet.
        """
        notice = self.consent_notice
        if notice is not None:
            KeepSignUpConsent(
                user=user,
                text=notice.wording,
                language=notice.language,
                source=notice.source,
            ).execute()


def _notice() -> ConsentNotice | None:
    request: HttpRequest | None = allauth_context.request
    if request is None:
        return None
    return sign_up_consent(request, safe_next(request, fallback=""))
