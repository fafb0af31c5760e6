"""The page that asks for the code of a new account, where allauth leaves a gap."""

from __future__ import annotations

from typing import Any

from allauth.account.views import ConfirmEmailVerificationCodeView
from django.http import HttpResponse
from django.views.generic import FormView

_GAP = "_change_form_invalid"


def fill_gap() -> None:
    """Let the page say why a corrected address is refused.

    With ``ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE`` allauth 65 calls a method of
    the view that does not exist, which is a 500. Where it does exist it stays.
    """
    if not hasattr(ConfirmEmailVerificationCodeView, _GAP):
        setattr(ConfirmEmailVerificationCodeView, _GAP, _show_again)


def _show_again(view: ConfirmEmailVerificationCodeView, form: Any) -> HttpResponse:
    # The view's own ``form_invalid`` counts a wrong code; this one is Django's.
    return FormView.form_invalid(view, form)
