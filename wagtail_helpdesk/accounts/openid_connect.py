"""OpenID Connect as allauth speaks it, with answers in words where a server fails."""

from __future__ import annotations

from typing import Any

import requests
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.openid_connect.provider import (
    OpenIDConnectProvider,
)
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
