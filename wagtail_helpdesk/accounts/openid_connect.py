"""OpenID Connect as allauth speaks it, with answers in words where a server fails."""

from __future__ import annotations

from typing import Any

import requests
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.openid_connect.provider import (
    OpenIDConnectProvider,
)
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase


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
