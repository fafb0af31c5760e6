"""OpenID Connect as allauth speaks it, with answers in words where a server fails.

A company's server sends whatever it likes, and may break at any time. allauth counts on
much of what it says; whatever is not so is told as an error of the sign-in (401).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import (
    OpenIDConnectProvider,
)
from allauth.socialaccount.providers.openid_connect.views import (
    OpenIDConnectOAuth2Adapter,
)
from allauth.utils import build_absolute_uri
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase

from wagtail_helpdesk.access.sso import APP_PREFIX, app_id, own_path
from wagtail_helpdesk.accounts.kinds import Kind

if TYPE_CHECKING:
    from wagtail_helpdesk.models import IdentityProvider

logger = logging.getLogger(__name__)

#: What reading an answer of another kind than expected raises.
DAMAGE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
#: What the server's description of itself has to say (OpenID Connect Discovery 3), and
#: ``userinfo_endpoint``, from which allauth takes the claims.
ADDRESSES = (
    "authorization_endpoint",
    "issuer",
    "jwks_uri",
    "token_endpoint",
    "userinfo_endpoint",
)
#: The name of the address for the way back.
CALLBACK = "openid_connect_callback"
_TAKEN_OVER = "_helpdesk_openid_callback"


class DamagedAnswer(requests.RequestException):
    """A server answered, and not what OpenID Connect says.

    A ``RequestException``, so that it is handled wherever a silent server is.
    """


class CompanyOAuth2Adapter(OpenIDConnectOAuth2Adapter):
    """allauth's, which takes nothing on trust that a server sent."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The server's description of itself.

        Raises:
            RequestException: It does not answer.
            DamagedAnswer: It lacks what allauth counts on.
        """
        try:
            config: dict[str, Any] = super().openid_config
            usable = all(_is_address(config[name]) for name in ADDRESSES)
            methods = config.get("token_endpoint_auth_methods_supported", [])
        except DAMAGE as error:
            raise DamagedAnswer("The description is damaged") from error
        if not usable or not isinstance(methods, list):
            raise DamagedAnswer("The description is damaged")
        return config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """The address for the way back that the company's server knows.

        Args:
            request: The request.
            app: The provider's.
        """
        path = own_path(CALLBACK, self.provider_id.removeprefix(APP_PREFIX))
        url: str = build_absolute_uri(request, path, self.redirect_uri_protocol)
        return url

    def get_client(self, request: HttpRequest, app: SocialApp) -> Any:
        """What asks for the token.

        Args:
            request: The request.
            app: The provider's.

        Raises:
            ImmediateHttpResponse: The description cannot be had; allauth asks for it
                where it expects no failure.
        """
        try:
            return super().get_client(request, app)
        except requests.RequestException as error:
            answer = render_authentication_error(
                request, self.get_provider(), exception=error
            )
            raise ImmediateHttpResponse(answer) from error

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> Any:
        """Ask for the token.

        Args:
            args: Of allauth's.
            kwargs: Of allauth's.

        Raises:
            DamagedAnswer: The answer is none.
        """
        try:
            data = super().get_access_token_data(*args, **kwargs)
        except DAMAGE as error:
            raise DamagedAnswer("The answer with the token is damaged") from error
        if not isinstance(data, dict) or not isinstance(data["access_token"], str):
            raise DamagedAnswer("The answer with the token is damaged")
        return data

    def parse_token(self, data: Any) -> Any:
        """Read the token.

        Args:
            data: What the server answered.

        Raises:
            DamagedAnswer: A part of it cannot be read.
        """
        try:
            return super().parse_token(data)
        except DAMAGE as error:
            raise DamagedAnswer("The answer with the token is damaged") from error

    def complete_login(self, *args: Any, **kwargs: Any) -> Any:
        """Ask for the claims, and read the token that has them too.

        Args:
            args: Of allauth's.
            kwargs: Of allauth's.

        Raises:
            DamagedAnswer: Either is of another kind.
        """
        try:
            return super().complete_login(*args, **kwargs)
        except DAMAGE as error:
            raise DamagedAnswer("The claims are damaged") from error


class CompanyProvider(OpenIDConnectProvider):
    """The provider of an ``IdentityProvider``; a server that is ill gives no 500."""

    oauth2_adapter_class = CompanyOAuth2Adapter

    def redirect(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Lead to the company's server.

        Args:
            request: The request.
            args: Of allauth's.
            kwargs: Of allauth's.
        """
        try:
            answer: HttpResponseBase = super().redirect(request, *args, **kwargs)
        except requests.RequestException as error:
            return render_authentication_error(request, self, exception=error)
        return answer

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> Any:
        """Read the claims, if they are what they have to be.

        Args:
            request: The request.
            response: What the provider told.

        Raises:
            ProviderException: A claim is of another type than OpenID Connect says, or
                the two answers are about two people.
        """
        try:
            # OpenID Connect Core 5.3.2.
            told = {response[name]["sub"] for name in ("id_token", "userinfo")}
            login = super().sociallogin_from_response(request, response)
        except (*DAMAGE, ImproperlyConfigured) as error:
            raise ProviderException("The provider's claims are damaged") from error
        if len(told) != 1:
            raise ProviderException("The provider told of two people")
        return login

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


def company_provider(request: HttpRequest, app: SocialApp) -> CompanyProvider:
    """The provider of an ``IdentityProvider``.

    On the way back from the company allauth makes an adapter of its own kind, before it
    asks which provider this is. That is the one moment to put ours in its place.

    Args:
        request: The request.
        app: The provider's.

    Raises:
        ImmediateHttpResponse: The request is the way back; this is the answer to it.
    """
    match = getattr(request, "resolver_match", None)
    is_way_back = match is not None and match.url_name == CALLBACK
    if is_way_back and not hasattr(request, _TAKEN_OVER):
        setattr(request, _TAKEN_OVER, True)
        view = OAuth2CallbackView.adapter_view(
            CompanyOAuth2Adapter(request, app.provider_id)
        )
        raise ImmediateHttpResponse(view(request))
    return CompanyProvider(request, app=app)


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and urlsplit(value).scheme in {"https", "http"}


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
                "verified_email": sorted(row.own_domains),
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

    def provider(self, request: HttpRequest, app: SocialApp) -> CompanyProvider:
        """What signs in; on the way back from the company, with our adapter.

        Args:
            request: The request.
            app: What ``app`` made.

        Raises:
            ImmediateHttpResponse: The request is the way back; this is the answer.
        """
        return company_provider(request, app)
