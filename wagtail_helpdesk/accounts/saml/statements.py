"""What a company's server states of somebody who signs in.

python3-saml checks the signature, the times and the issuer. It lets pass what the
profile for browsers (SAML profiles 4.1.4) demands and a document leaves out: whom it is
for, where it may be handed in, which request it answers. Here it may not be left out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants
from onelogin.saml2.errors import OneLogin_Saml2_ValidationError as Invalid
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from wagtail_helpdesk.access.saml_documents import (
    NAMESPACES,
    DocumentError,
    decode,
    parse,
    refuse_odd_signatures,
)
from wagtail_helpdesk.accounts.saml.config import request_data
from wagtail_helpdesk.accounts.saml.refusals import RefusedError

#: Longer than any clock may differ: python3-saml allows five minutes.
_CLOCKS_DIFFER = timedelta(minutes=10)
#: The request that it answers is forgotten after ten minutes anyway.
_LONGEST = timedelta(days=366)
_WORDS = {
    Invalid.STATUS_CODE_IS_NOT_SUCCESS: "status",
    Invalid.ASSERTION_TOO_EARLY: "early",
    Invalid.ASSERTION_EXPIRED: "expired",
    Invalid.SESSION_EXPIRED: "expired",
    Invalid.WRONG_DESTINATION: "destination",
    Invalid.EMPTY_DESTINATION: "destination",
    Invalid.WRONG_AUDIENCE: "audience",
    Invalid.ISSUER_MULTIPLE_IN_RESPONSE: "issuer",
    Invalid.ISSUER_NOT_FOUND_IN_ASSERTION: "issuer",
    Invalid.WRONG_ISSUER: "issuer",
    Invalid.WRONG_SUBJECTCONFIRMATION: "recipient",
    Invalid.NO_SIGNATURE_FOUND: "unsigned",
    Invalid.INVALID_SIGNATURE: "signature",
    Invalid.NO_NAMEID: "name",
    Invalid.EMPTY_NAMEID: "name",
    Invalid.SP_NAME_QUALIFIER_NAME_MISMATCH: "name",
    Invalid.INVALID_XML_FORMAT: "schema",
}


@dataclass(frozen=True)
class Statement:
    """What is left of a response that was checked.

    Attributes:
        assertion_id: Tells it from all others of the provider.
        in_response_to: Which of our requests it answers.
        expires_at: Unix seconds; from then on the assertion is refused anyway.
        attributes: The values of each attribute.
        name_id: The server's name of the person.
        name_id_format: What kind of name that is.
        name_qualifier: Part of the name, to be given back at sign-out.
        sp_name_qualifier: As well.
        session_index: The session at the server.
    """

    assertion_id: str
    in_response_to: str
    expires_at: int
    attributes: dict[str, list[str]]
    name_id: str
    name_id_format: str | None
    name_qualifier: str | None
    sp_name_qualifier: str | None
    session_index: str | None

    def as_dict(self) -> dict[str, Any]:
        """For a session."""
        return asdict(self)

    @property
    def forgotten_at(self) -> datetime:
        """Until when its use has to be remembered."""
        return datetime.fromtimestamp(self.expires_at, UTC) + _CLOCKS_DIFFER

    @property
    def session(self) -> dict[str, str | None]:
        """What the sign-out has to know of it."""
        return {
            "name_id": self.name_id,
            "name_id_format": self.name_id_format,
            "name_qualifier": self.name_qualifier,
            "sp_name_qualifier": self.sp_name_qualifier,
            "session_index": self.session_index,
        }


def read_response(
    settings: OneLogin_Saml2_Settings, address: str, encoded: str
) -> Statement:
    """Check what a browser brought from a company's server.

    Args:
        settings: Of ``config.saml_settings``.
        address: Our absolute address for it, which it has to name.
        encoded: The parameter ``SAMLResponse``.

    Raises:
        RefusedError: It is damaged (400), or not to be trusted (403).
    """
    try:
        document = decode(encoded)
        refuse_odd_signatures(parse(document, "Response"))
    except DocumentError as error:
        raise RefusedError(str(error), 400) from error
    try:
        response = OneLogin_Saml2_Response(settings, encoded)
        response.is_valid(request_data(address), raise_exceptions=True)
        return _strict(response, address, settings.get_sp_data()["entityId"])
    except RefusedError:
        raise
    except Invalid as error:
        raise RefusedError(_WORDS.get(error.code, "rejected")) from error
    except Exception as error:  # python3-saml raises bare ones
        raise RefusedError("damaged", 400) from error


def _strict(
    response: OneLogin_Saml2_Response, address: str, own_entity_id: str
) -> Statement:
    in_response_to = response.get_in_response_to()
    if not in_response_to:
        raise RefusedError("unasked")
    destination = response.document.get("Destination")
    if destination is not None and destination != address:
        raise RefusedError("destination")
    restrictions = response._query_assertion(
        "/saml:Conditions/saml:AudienceRestriction"
    )
    if not restrictions or not all(
        own_entity_id in _texts(restriction, "saml:Audience")
        for restriction in restrictions
    ):
        raise RefusedError("audience")
    name = response.get_nameid_data()
    name_id = (name.get("Value") or "").strip()
    if not name_id:
        raise RefusedError("name")
    return Statement(
        assertion_id=response.get_assertion_id(),
        in_response_to=in_response_to,
        expires_at=_last_moment(response, address, in_response_to),
        attributes=_attributes(response),
        name_id=name_id,
        name_id_format=name.get("Format"),
        name_qualifier=name.get("NameQualifier"),
        sp_name_qualifier=name.get("SPNameQualifier"),
        session_index=response.get_session_index(),
    )


def _last_moment(
    response: OneLogin_Saml2_Response, address: str, in_response_to: str
) -> int:
    """Until when it may be handed in, by the confirmation that is about us."""
    last, confirmed = 0, False
    now = timezone.now().timestamp()
    for confirmation in response._query_assertion(
        f"/saml:Subject/saml:SubjectConfirmation[@Method='{Constants.CM_BEARER}']"
        "/saml:SubjectConfirmationData[@NotOnOrAfter]"
    ):
        ends = OneLogin_Saml2_Utils.parse_SAML_to_time(confirmation.get("NotOnOrAfter"))
        last = max(last, ends)
        confirmed = confirmed or (
            ends > now
            and confirmation.get("NotBefore") is None
            and confirmation.get("Recipient") == address
            and confirmation.get("InResponseTo") == in_response_to
        )
    if not confirmed:
        raise RefusedError("recipient")
    return int(min(last, now + _LONGEST.total_seconds()))


def _attributes(response: OneLogin_Saml2_Response) -> dict[str, list[str]]:
    """Those whose values are texts; a name inside a value is none."""
    found: dict[str, list[Any]] = response.get_attributes()
    return {
        name: [value for value in values if isinstance(value, str)]
        for name, values in found.items()
    }


def _texts(element: Any, path: str) -> list[str]:
    found = element.findall(path, namespaces=NAMESPACES)
    return [(item.text or "").strip() for item in found]
