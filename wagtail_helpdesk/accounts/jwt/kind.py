"""Signed tokens as a kind of single sign-on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from allauth.socialaccount.models import SocialApp
from django.http import HttpRequest

from wagtail_helpdesk.access.sso import app_id
from wagtail_helpdesk.access.token_keys import keys_of
from wagtail_helpdesk.accounts.jwt.provider import SignedTokenProvider
from wagtail_helpdesk.accounts.kinds import Kind

if TYPE_CHECKING:
    from wagtail_helpdesk.models import IdentityProvider


class SignedToken(Kind):
    """A token that the company's own application signs and posts."""

    provider_id = SignedTokenProvider.id
    provider_class = SignedTokenProvider

    def app(self, row: IdentityProvider) -> SocialApp:
        """What allauth has to know of a provider, not saved.

        Args:
            row: The provider.

        Raises:
            CredentialsLost: Its secrets cannot be read any more.
        """
        # Not offered where no token could be checked; the keys stay out of the app.
        keys_of(row)
        return SocialApp(
            provider=self.provider_id,
            provider_id=app_id(row.public_id),
            client_id=app_id(row.public_id),
            name=row.name,
            settings={
                "server_url": row.server_url,
                "sign_out_url": row.options.get("sign_out_url", ""),
                "verified_email": sorted(row.own_domains),
            },
        )

    def sign_out_url(self, request: HttpRequest, app: SocialApp, back: str) -> str:
        """The application's own sign-out, if the provider has its address.

        Args:
            request: The request that signs out.
            app: What ``app`` made.
            back: The absolute address to come back to.
        """
        url: str = app.settings["sign_out_url"]
        if not url:
            return ""
        joint = "&" if "?" in url else "?"
        return f"{url}{joint}{urlencode({'return_to': back})}"
