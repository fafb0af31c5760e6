"""OpenID Connect as allauth speaks it, with answers in words where a server fails."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import requests
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.openid_connect.provider import (
    OpenIDConnectProvider,
)
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase

from wagtail_helpdesk.access.sso import app_id
from wagtail_helpdesk.accounts.kinds import Kind

if TYPE_CHECKING:
    from wagtail_helpdesk.models import IdentityProvider

logger = logging.getLogger(__name__)


class CompanyProvider(OpenIDConnectProvider):
    """The provider of an ``IdentityProvider``; a server that is ill gives no 500."""

    def redirect(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Lead to the company's server.

        Args:
            request: The request.
            args: Of allauth's.
            kwargs: Of allauth's.
        """
        try:
            answer: HttpResponseBase = super().redirect(request, *args, **kwargs)
        except (requests.RequestException, KeyError) as error:
            return render_authentication_error(request, self, exception=error)
        return answer

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> Any:
        """Read the claims, if they are what they have to be.

        Args:
            request: The request.
            response: What the provider told.

        Raises:
            ProviderException: A claim is of another type than OpenID Connect says.
        """
        try:
            return super().sociallogin_from_response(request, response)
        except (AttributeError, ImproperlyConfigured, TypeError, ValueError) as error:
            raise ProviderException("The provider's claims are damaged") from error

    def extract_uid(self, data: dict[str, Any]) -> str:
        """The person's key at the company.

        Args:
            data: The claims.

        Raises:
            ProviderException: There is none.
        """
        try:
            uid: str = super().extract_uid(data)
        except (KeyError, TypeError) as error:
            raise ProviderException("The provider told no key of the person") from error
        return uid


class OpenIDConnect(Kind):
    """OpenID Connect, code flow with PKCE."""

    provider_id = "openid_connect"
    provider_class = CompanyProvider

    def app(self, row: IdentityProvider) -> SocialApp:
        """What allauth has to know of a provider, not saved.

        Args:
            row: The provider.

        Raises:
            CredentialsLost: Its secrets cannot be read any more.
        """
        secrets: Any = row.secrets
        return SocialApp(
            provider=self.provider_id,
            provider_id=app_id(row.public_id),
            name=row.name,
            client_id=row.client_id,
            secret=secrets.get("client_secret", ""),
            settings={
                "server_url": row.server_url.rstrip("/"),
                "oauth_pkce_enabled": True,
                "verified_email": list(row.domains),
            },
        )

    def sign_out_url(self, request: HttpRequest, app: SocialApp, back: str) -> str:
        """The server's own sign-out (OpenID Connect RP-Initiated Logout 1.0).

        Args:
            request: The request that signs out.
            app: What ``app`` made.
            back: The absolute address to come back to.

        Returns:
            Its address, or an empty text.
        """
        provider = CompanyProvider(request, app=app)
        try:
            config = provider.get_oauth2_adapter(request).openid_config
            endpoint = config.get("end_session_endpoint")
        except (requests.RequestException, AttributeError) as error:
            # Whatever is wrong there, the person is signed out here.
            logger.warning("%s: %s", app.provider_id, type(error).__name__)
            return ""
        if not isinstance(endpoint, str):
            return ""
        if not endpoint.startswith(("https:", "http:")):
            return ""
        query = {"client_id": app.client_id, "post_logout_redirect_uri": back}
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"
