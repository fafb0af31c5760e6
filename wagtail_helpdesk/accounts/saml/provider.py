"""The provider of a company that signs its people in by SAML."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import urlencode
from onelogin.saml2.authn_request import OneLogin_Saml2_Authn_Request
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants

from wagtail_helpdesk.access.saml_addresses import LOGIN
from wagtail_helpdesk.access.sso import own_path
from wagtail_helpdesk.accounts.saml.config import (
    public_id_of,
    redirect_url,
    saml_settings,
)
from wagtail_helpdesk.accounts.saml.refusals import RefusedError
from wagtail_helpdesk.accounts.saml.statements import Statement

#: Where servers put these, unless the provider's form says something else.
USUAL = {
    "email": [
        "urn:oid:0.9.2342.19200300.100.1.3",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "email",
        "mail",
        "emailAddress",
    ],
    "first_name": [
        "urn:oid:2.5.4.42",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
        "firstName",
        "first_name",
        "givenName",
    ],
    "last_name": [
        "urn:oid:2.5.4.4",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
        "lastName",
        "last_name",
        "sn",
    ],
}


class CompanySAMLProvider(SAMLProvider):
    """The provider of an ``IdentityProvider``.

    It has a name of its own, so that a project can also use allauth's.
    """

    id = "helpdesk_saml"

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        """Where the button of the sign-in page leads.

        Args:
            request: The request.
            kwargs: Parameters, such as ``next``.
        """
        url = own_path(LOGIN, public_id_of(self.app))
        return f"{url}?{urlencode(kwargs)}" if kwargs else url

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponseRedirect:
        """Lead to the company's server, and remember that this browser asked.

        Args:
            request: The request.
            process: What allauth does when the person is back.
            next_url: Where they go on then.
            data: Of allauth's.
            kwargs: Of allauth's.

        Raises:
            RefusedError: The provider was not set up completely.
        """
        settings = saml_settings(request, self.app)
        asked = OneLogin_Saml2_Authn_Request(settings)
        url = redirect_url(
            settings,
            self.app.settings["sso_url"],
            {"SAMLRequest": asked.get_request()},
            sign=self.app.settings["sign_requests"],
        )
        self.stash_redirect_state(
            request, process, next_url, data, state_id=asked.get_id(), **kwargs
        )
        return HttpResponseRedirect(url)

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> Any:
        """Who signs in.

        Args:
            request: The request.
            response: A ``Statement``.

        Raises:
            RefusedError: The statement names nobody, or not clearly.
        """
        try:
            return super().sociallogin_from_response(request, response)
        except (AttributeError, ImproperlyConfigured, TypeError, ValueError) as error:
            raise RefusedError("name") from error

    def extract_uid(self, data: Statement) -> str:
        """The person's key at the company: the NameID, or the attribute that is set.

        Args:
            data: The statement.

        Raises:
            RefusedError: There is none, or it would be another one next time.
        """
        if self._named("uid"):
            values = set(self._values(data, "uid"))
            if len(values) != 1:
                raise RefusedError("name")
            return values.pop()
        if data.name_id_format == Constants.NAMEID_TRANSIENT:
            raise RefusedError("transient")
        return data.name_id

    def extract_common_fields(self, data: Statement) -> dict[str, Any]:
        """The address and the name. Whether it is confirmed the domains alone say.

        Args:
            data: The statement.

        Raises:
            RefusedError: There is more than one address.
        """
        emails = set(self._values(data, "email"))
        if len(emails) > 1:
            raise RefusedError("several")
        if not emails and not self._named("email") and _may_be_email(data):
            emails = {data.name_id}
        fields = {"email": emails.pop() if emails else ""}
        for name in ("first_name", "last_name"):
            fields[name] = " ".join(self._values(data, name)[:1])
        return fields

    def extract_extra_data(self, data: Statement) -> dict[str, Any]:
        """Nothing: what is needed stands in the account and its contact.

        Args:
            data: The statement.
        """
        return {}

    def _named(self, field: str) -> str:
        return str(self.app.settings["attributes"].get(field) or "")

    def _values(self, data: Statement, field: str) -> list[str]:
        """The values of the first attribute that has any."""
        named = self._named(field)
        for name in [named] if named else USUAL[field]:
            if data.attributes.get(name):
                return data.attributes[name]
        return []


def _may_be_email(data: Statement) -> bool:
    if data.name_id_format in {None, Constants.NAMEID_UNSPECIFIED}:
        return "@" in data.name_id
    return data.name_id_format == Constants.NAMEID_EMAIL_ADDRESS


provider_classes = [CompanySAMLProvider]
