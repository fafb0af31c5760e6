"""The provider that allauth knows: where people are sent, and what a token says."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.base import Provider, ProviderAccount
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from wagtail_helpdesk.accounts.jwt.token import Claims


class SignedTokenProvider(Provider):
    """A company's own application, which signs a token for each sign-in."""

    id = "helpdesk_jwt"
    name = "JWT"
    account_class = ProviderAccount
    supports_redirect = True

    def __init__(self, request: HttpRequest, app: Any = None) -> None:
        super().__init__(request, app=app)
        self.name = app.name

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        """The address of our button.

        Args:
            request: The request.
            kwargs: What goes into its query.
        """
        url = reverse("helpdesk_jwt_login", args=[self.app.client_id])
        return f"{url}?{urlencode(kwargs)}" if kwargs else url

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponseRedirect:
        """Lead to the company's sign-in page, with what its token has to hold.

        Args:
            request: The request.
            process: What the sign-in is for.
            next_url: Where it goes on; safe.
            data: allauth's.
            kwargs: What to keep beside.
        """
        state = self.stash_redirect_state(request, process, next_url, data, **kwargs)
        told = {
            "state": state,
            "return_to": request.build_absolute_uri(next_url or "/"),
        }
        parts = urlsplit(self.app.settings["server_url"])
        query = "&".join(filter(None, [parts.query, urlencode(told)]))
        return HttpResponseRedirect(urlunsplit(parts._replace(query=query)))

    def extract_uid(self, data: Claims) -> str:
        """The person's key at the company.

        Args:
            data: What the token said.
        """
        return data.sub

    def extract_extra_data(self, data: Claims) -> dict[str, Any]:
        """What is kept beside the account.

        Args:
            data: What the token said.
        """
        return {"email": data.email, "name": data.name}

    def extract_common_fields(self, data: Claims) -> dict[str, Any]:
        """What a new account begins with.

        Args:
            data: What the token said.
        """
        return {"email": data.email, "name": data.name}

    def extract_email_addresses(self, data: Claims) -> list[EmailAddress]:
        """The address; whether it counts is decided by the provider's domains.

        Args:
            data: What the token said.
        """
        return [EmailAddress(email=data.email, verified=False, primary=True)]


provider_classes = [SignedTokenProvider]
