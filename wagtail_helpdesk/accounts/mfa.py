"""The adapter of ``allauth.mfa``, as a mixin for projects that have one of their own.

Set ``MFA_ADAPTER = "wagtail_helpdesk.accounts.mfa.HelpdeskMFAAdapter"``, or put the
mixin first among the bases of your adapter.
"""

from __future__ import annotations

import base64
import logging
import secrets

from allauth.core import context as allauth_context
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import DefaultMFAAdapter

from wagtail_helpdesk.exceptions import CredentialsLost
from wagtail_helpdesk.frontend import frame
from wagtail_helpdesk.models.fields import decrypt_text, encrypt_text

logger = logging.getLogger(__name__)

#: How every Fernet token begins: its version byte and the zeros of a 64-bit time.
#: Secrets in plain text are base 32 or hexadecimal and cannot begin like this.
_ENCRYPTED = "gAAAA"


class HelpdeskMFAAdapterMixin:
    """What the help desk needs of an adapter for second factors."""

    def encrypt(self, text: str) -> str:
        """Encrypt the secret of a second factor; allauth would store it as it is.

        Args:
            text: The key of an authenticator app, or the seed of recovery codes.
        """
        return encrypt_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one that was stored before the site used this adapter, as it is.

        Args:
            encrypted_text: What is stored.

        Returns:
            The secret. Where no key opens it any more, a random one, which no code
            fits: the person reads that the code is wrong and another factor still
            works, and the log names the reason.
        """
        if not encrypted_text.startswith(_ENCRYPTED):
            return encrypted_text
        try:
            return decrypt_text(encrypted_text)
        except CredentialsLost:
            logger.exception("A second factor cannot be used")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def get_totp_issuer(self) -> str:
        """The name of the account in an authenticator app: the site's."""
        issuer: str = mfa_settings.TOTP_ISSUER
        return issuer or frame(allauth_context.request).site_name


class HelpdeskMFAAdapter(HelpdeskMFAAdapterMixin, DefaultMFAAdapter):
    """allauth's default adapter with what the help desk needs."""
