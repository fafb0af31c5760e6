"""Signing out of both places: begun here, or begun at the company's server.

What comes from there counts only when it is signed by the company, for us, fresh, for
the first time, and about the very person who is signed in here through it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from allauth.account.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.logout_request import OneLogin_Saml2_Logout_Request
from onelogin.saml2.logout_response import OneLogin_Saml2_Logout_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from wagtail_helpdesk.access.saml_documents import (
    QUERY_ALGORITHMS,
    DocumentError,
    decode,
    inflate,
    parse,
)
from wagtail_helpdesk.access.sso import SESSION_KEY
from wagtail_helpdesk.access.used_assertions import use_once
from wagtail_helpdesk.accounts.saml.config import (
    public_id_of,
    redirect_url,
    request_data,
    saml_settings,
)
from wagtail_helpdesk.accounts.saml.refusals import RefusedError

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialApp, SocialLogin

    from wagtail_helpdesk.models import IdentityProvider

#: In the state of a sign-in, and then in the session.
REMEMBERED = "helpdesk_saml"
#: Clocks differ, and a browser may take a while.
_FRESH = timedelta(minutes=5)
#: In the address of a redirect nothing else has a meaning.
_PARAMETERS = ("SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature")


@receiver(user_logged_in, dispatch_uid="helpdesk_saml_remember_name")
def remember_name(
    request: HttpRequest, sociallogin: SocialLogin | None = None, **kwargs: Any
) -> None:
    """Keep what the company's server calls the person and the session."""
    if sociallogin is not None and REMEMBERED in sociallogin.state:
        request.session[REMEMBERED] = sociallogin.state[REMEMBERED]


def request_url(request: HttpRequest, app: SocialApp) -> str:
    """Where somebody who signs out here is signed out of the company's server too.

    Args:
        request: The request that signs out; its session is still there.
        app: The provider.

    Returns:
        An address, or an empty text if the server has none.

    Raises:
        RefusedError: The provider was not set up completely.
    """
    known = request.session.get(REMEMBERED)
    address = app.settings["slo_url"]
    if not known or not address:
        return ""
    settings = saml_settings(request, app)
    asked = OneLogin_Saml2_Logout_Request(
        settings,
        name_id=known["name_id"],
        name_id_format=known["name_id_format"],
        nq=known["name_qualifier"],
        spnq=known["sp_name_qualifier"],
        session_index=escape(known["session_index"] or ""),
    )
    parameters = {"SAMLRequest": asked.get_request()}
    return redirect_url(settings, address, parameters, sign=True)


def parameters_of(request: HttpRequest) -> dict[str, str]:
    """The parameters of a redirect, each once and under its plain name.

    Else one could be signed and another one read.

    Args:
        request: A GET.

    Raises:
        RefusedError: There is one that is unknown, encoded or repeated, or not
            exactly one document.
    """
    query = str(request.META.get("QUERY_STRING", ""))
    names = [part.partition("=")[0] for part in query.split("&")]
    read = parse_qsl(query, keep_blank_values=True)
    found = dict(read)
    documents = {"SAMLRequest", "SAMLResponse"}.intersection(found)
    if (
        sorted(names) != sorted(found)
        or not set(found).issubset(_PARAMETERS)
        or len(documents) != 1
    ):
        raise RefusedError("damaged", 400)
    return found


def read_answer(parameters: dict[str, str]) -> None:
    """Read the server's answer to our sign-out. Nothing hangs on what it says.

    Args:
        parameters: Of ``parameters_of``.

    Raises:
        RefusedError: It is none.
    """
    _document(parameters["SAMLResponse"], "LogoutResponse")


def is_about(
    request: HttpRequest,
    app: SocialApp,
    row: IdentityProvider,
    parameters: dict[str, str],
    address: str,
) -> tuple[bool, str]:
    """Check the server's request to sign somebody out.

    Args:
        request: The request that brought it.
        app: The provider.
        row: Its row.
        parameters: Of ``parameters_of``.
        address: Our absolute address for it, which it has to name.

    Returns:
        Whether it is about the session of this browser, and where our answer to the
        server goes: an empty text if it has no address for that.

    Raises:
        RefusedError: It is damaged (400), or not to be trusted (403).
    """
    settings = saml_settings(request, app)
    document = _document(parameters["SAMLRequest"], "LogoutRequest")
    _check_signature(settings, request, parameters, address)
    try:
        asked = OneLogin_Saml2_Logout_Request(settings, parameters["SAMLRequest"])
        asked.is_valid(request_data(address, parameters), raise_exceptions=True)
        issued = OneLogin_Saml2_Utils.parse_SAML_to_time(document.get("IssueInstant"))
        name = asked.get_nameid_data(document)
        indexes = asked.get_session_indexes(document)
        issuer = asked.get_issuer(document)
    except Exception as error:  # python3-saml raises bare ones
        raise RefusedError("rejected") from error
    now = timezone.now()
    if issuer != app.settings["entity_id"] or document.get("Destination") != address:
        raise RefusedError("destination")
    if abs(now.timestamp() - issued) > _FRESH.total_seconds():
        raise RefusedError("expired")
    if not use_once(row, f"logout {asked.id}", now + 3 * _FRESH):
        raise RefusedError("used")
    known = request.session.get(REMEMBERED) or {}
    mine = (
        request.session.get(SESSION_KEY) == public_id_of(app)
        and known.get("name_id") == (name["Value"] or "").strip()
        and (not indexes or known.get("session_index") in indexes)
    )
    return mine, _answer_url(settings, app, asked.id, parameters)


def _document(encoded: str, root: str) -> Any:
    try:
        return parse(inflate(decode(encoded)), root)
    except DocumentError as error:
        raise RefusedError(str(error), 400) from error


def _check_signature(
    settings: OneLogin_Saml2_Settings,
    request: HttpRequest,
    parameters: dict[str, str],
    address: str,
) -> None:
    if "Signature" not in parameters:
        raise RefusedError("unsigned")
    if parameters.get("SigAlg") not in QUERY_ALGORITHMS:
        raise RefusedError("algorithm")
    told = {
        **request_data(address, parameters),
        # As it came: servers encode addresses differently.
        "query_string": request.META["QUERY_STRING"],
        "validate_signature_from_qs": True,
    }
    checker = OneLogin_Saml2_Auth(told, settings)
    if not checker.validate_request_signature(parameters):
        raise RefusedError("signature")


def _answer_url(
    settings: OneLogin_Saml2_Settings,
    app: SocialApp,
    request_id: str,
    parameters: dict[str, str],
) -> str:
    address = app.settings["slo_url"]
    if not address:
        return ""
    answer = OneLogin_Saml2_Logout_Response(settings)
    answer.build(request_id)
    told = {"SAMLResponse": answer.get_response()}
    if "RelayState" in parameters:
        told["RelayState"] = parameters["RelayState"]
    return redirect_url(settings, address, told, sign=True)
