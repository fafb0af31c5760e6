"""The forms of ``allauth.mfa`` for passkeys, which refuse damaged input.

allauth takes what the browser's script answers apart without looking whether all of it
is there, so a form that somebody wrote by hand raises. Name these in ``MFA_FORMS``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms

#: What taking a wrong answer apart raises.
_DAMAGED = (AttributeError, KeyError, TypeError, ValueError)


def _or_incorrect(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except _DAMAGED as error:
        raise get_adapter().validation_error("incorrect_code") from error


class _RefusesDamagedAnswer:
    """For the forms that sign in with a key."""

    def clean_credential(self) -> Any:
        return _or_incorrect(super().clean_credential)  # type: ignore[misc]


class _RefusesDamagedKey:
    """For the forms that add a key."""

    def clean(self) -> Any:
        return _or_incorrect(super().clean)  # type: ignore[misc]


class AuthenticateWebAuthnForm(_RefusesDamagedAnswer, forms.AuthenticateWebAuthnForm):
    """The second step of a sign-in (``authenticate_webauthn``)."""


class LoginWebAuthnForm(_RefusesDamagedAnswer, forms.LoginWebAuthnForm):
    """Signing in with a passkey alone (``login_webauthn``)."""


class ReauthenticateWebAuthnForm(
    _RefusesDamagedAnswer, forms.ReauthenticateWebAuthnForm
):
    """Showing again who one is (``reauthenticate_webauthn``)."""


class AddWebAuthnForm(_RefusesDamagedKey, forms.AddWebAuthnForm):
    """Adding a key (``add_webauthn``)."""


class SignupWebAuthnForm(_RefusesDamagedKey, forms.SignupWebAuthnForm):
    """Signing up with a passkey (``signup_webauthn``)."""
