"""python3-saml's settings for a provider, and signing with its key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import xmlsec
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from wagtail_helpdesk.access.saml_addresses import ACS, METADATA, SLS
from wagtail_helpdesk.access.sso import APP_PREFIX, own_path
from wagtail_helpdesk.accounts.saml.refusals import RefusedError

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialApp
    from django.http import HttpRequest

#: Nothing here is for a company to choose: deny what is weak, ask for all there is.
_SECURITY = {
    "rejectDeprecatedAlgorithm": True,
    "signatureAlgorithm": Constants.RSA_SHA256,
    "digestAlgorithm": Constants.SHA256,
    "requestedAuthnContext": False,
    "wantNameId": True,
    # Of a person who has no attributes the name may be the address.
    "wantAttributeStatement": False,
    # What has several values is looked at where it is read.
    "allowRepeatAttributeName": True,
    "allowSingleLabelDomains": True,
    # Metadata is pasted once; it must not run out two days later.
    "metadataValidUntil": "",
    "metadataCacheDuration": "",
}


def public_id_of(app: SocialApp) -> str:
    """The provider's public id.

    Args:
        app: What the kind made of the provider.
    """
    return str(app.client_id).removeprefix(APP_PREFIX)


def own_address(request: HttpRequest, app: SocialApp, name: str) -> str:
    """The absolute address of one of our URL patterns.

    Args:
        request: The request, whose host is the one that people came to.
        app: The provider.
        name: Of the pattern.
    """
    return str(request.build_absolute_uri(own_path(name, public_id_of(app))))


def saml_settings(request: HttpRequest, app: SocialApp) -> OneLogin_Saml2_Settings:
    """What python3-saml has to know.

    Args:
        request: The request.
        app: The provider.

    Returns:
        The settings; addresses of the company's server in them are escaped, since
        python3-saml writes them into XML as they are.

    Raises:
        RefusedError: The provider was not set up completely.
    """
    told = app.settings
    server = {
        "entityId": told["entity_id"],
        "singleSignOnService": {"url": _escaped(told["sso_url"])},
        "x509certMulti": {"signing": list(told["certificates"])},
    }
    if told["slo_url"]:
        server["singleLogoutService"] = {"url": _escaped(told["slo_url"])}
    ours = {
        "entityId": told["own_entity_id"] or own_address(request, app, METADATA),
        "assertionConsumerService": {"url": own_address(request, app, ACS)},
        "singleLogoutService": {"url": own_address(request, app, SLS)},
        "x509cert": told["own_certificate"],
        "privateKey": app.secret,
    }
    security = {**_SECURITY, "authnRequestsSigned": bool(told["sign_requests"])}
    try:
        return OneLogin_Saml2_Settings(
            {"strict": True, "security": security, "idp": server, "sp": ours}
        )
    except OneLogin_Saml2_Error as error:
        raise RefusedError("settings") from error


def request_data(address: str, query: dict[str, str] | None = None) -> dict[str, Any]:
    """A request as python3-saml wants it told, for one of our own addresses.

    Args:
        address: Absolute; where the document has to be addressed to.
        query: The parameters of a redirect.
    """
    parts = urlsplit(address)
    return {
        "https": "on" if parts.scheme == "https" else "off",
        "http_host": parts.netloc,
        "script_name": "",
        "path_info": parts.path,
        "get_data": query or {},
        "post_data": {},
    }


def redirect_url(
    settings: OneLogin_Saml2_Settings,
    address: str,
    parameters: dict[str, str],
    *,
    sign: bool,
) -> str:
    """Where a browser carries a document to the company's server (HTTP-Redirect).

    Args:
        settings: Of ``saml_settings``.
        address: The server's.
        parameters: ``SAMLRequest`` or ``SAMLResponse``, and ``RelayState``.
        sign: Whether with our key.

    Raises:
        RefusedError: There is no key.
    """
    if sign:
        signer = OneLogin_Saml2_Auth(request_data(address), settings)
        is_request = "SAMLRequest" in parameters
        add = (
            signer.add_request_signature
            if is_request
            else signer.add_response_signature
        )
        try:
            add(parameters)
        except (OneLogin_Saml2_Error, xmlsec.Error) as error:
            raise RefusedError("settings") from error
    url: str = OneLogin_Saml2_Utils.redirect(address, parameters)
    return url


def _escaped(address: str) -> str:
    return escape(address, {'"': "&quot;"})
