"""What the adapter has to know of SAML."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.models import SocialApp
from django.http import HttpRequest

from wagtail_helpdesk.access.sso import app_id
from wagtail_helpdesk.accounts.kinds import Kind
from wagtail_helpdesk.accounts.saml.provider import CompanySAMLProvider
from wagtail_helpdesk.accounts.saml.refusals import RefusedError
from wagtail_helpdesk.accounts.saml.sign_out import request_url
from wagtail_helpdesk.models import IdentityProvider


class SAML(Kind):
    """SAML 2.0: we ask by redirect, the company's server answers by POST."""

    provider_id = CompanySAMLProvider.id
    provider_class = CompanySAMLProvider

    def app(self, row: IdentityProvider) -> SocialApp:
        """What allauth has to know of a provider, not saved.

        Args:
            row: The provider.

        Raises:
            CredentialsLost: Its key cannot be read any more.
        """
        options: dict[str, Any] = row.options
        secrets: Any = row.secrets
        return SocialApp(
            provider=self.provider_id,
            provider_id=app_id(row.public_id),
            client_id=app_id(row.public_id),
            name=row.name,
            secret=secrets.get("private_key", ""),
            settings={
                "entity_id": options.get("entity_id", ""),
                "sso_url": row.server_url,
                "slo_url": options.get("slo_url", ""),
                "certificates": options.get("certificates", []),
                "attributes": options.get("attributes", {}),
                "sign_requests": options.get("sign_requests", False),
                "own_entity_id": options.get("own_entity_id", ""),
                "own_certificate": options.get("own_certificate", ""),
                "verified_email": sorted(row.own_domains),
            },
        )

    def sign_out_url(self, request: HttpRequest, app: SocialApp, back: str) -> str:
        """The server's own sign-out (SAML profiles 4.4), if it has one.

        Args:
            request: The request that signs out.
            app: What ``app`` made.
            back: Not used: the server leads to the address it was told.

        Returns:
            Its address with our request, or an empty text.
        """
        try:
            return request_url(request, app)
        except RefusedError:
            # However the provider was set up, the person is signed out here.
            return ""
