"""What a company's SAML server says of itself: its metadata, pasted or uploaded.

Nothing is fetched: whoever may set up a provider must not make this server ask others.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

from wagtail_helpdesk.access.saml_documents import NAMESPACES, DocumentError, parse


class MetadataError(Exception):
    """Metadata cannot be used; the text says why."""


@dataclass(frozen=True)
class Described:
    """A company's server.

    Attributes:
        entity_id: Its name.
        sso_url: Where people are sent to sign in, by redirect.
        slo_url: Where they are sent to sign out, by redirect; empty if it has none.
        certificates: What it signs with, as Base64.
        wants_signed: Whether it takes only requests that are signed.
    """

    entity_id: str
    sso_url: str
    slo_url: str = ""
    certificates: list[str] = field(default_factory=list)
    wants_signed: bool = False


def read_metadata(text: bytes) -> Described:
    """Read the metadata of one server.

    Args:
        text: The XML.

    Raises:
        MetadataError: With what is wrong with it.
    """
    try:
        root = parse(text)
    except DocumentError as error:
        if str(error) == "size":
            raise MetadataError(_("The metadata has more than 256 KB.")) from error
        raise MetadataError(_("The metadata is no XML, or has a DTD.")) from error
    servers = root.xpath(
        "descendant-or-self::md:EntityDescriptor[md:IDPSSODescriptor]",
        namespaces=NAMESPACES,
    )
    if not servers:
        raise MetadataError(
            _(
                "The metadata describes no identity provider (IDPSSODescriptor). Is it "
                "the one of another application?"
            )
        )
    if len(servers) > 1:
        raise MetadataError(
            _(
                "The metadata describes %(count)s identity providers. Paste the one "
                "EntityDescriptor of the company."
            )
            % {"count": len(servers)}
        )
    # A copy is a document of its own: the parser always looks from the root.
    found = OneLogin_Saml2_IdPMetadataParser.parse(copy.deepcopy(servers[0]))
    return _described(found)


def _described(found: dict[str, Any]) -> Described:
    server = found["idp"]
    if not server.get("entityId"):
        raise MetadataError(_("The metadata lacks the entity ID."))
    sso_url = server.get("singleSignOnService", {}).get("url")
    if not sso_url:
        raise MetadataError(
            _(
                "The metadata names no address to sign in at by redirect "
                "(SingleSignOnService with the binding HTTP-Redirect)."
            )
        )
    several = server.get("x509certMulti", {}).get("signing", [])
    certificates = several or [server[key] for key in ("x509cert",) if key in server]
    if not certificates:
        raise MetadataError(_("The metadata has no certificate to sign with."))
    return Described(
        entity_id=server["entityId"],
        sso_url=sso_url,
        slo_url=server.get("singleLogoutService", {}).get("url") or "",
        certificates=certificates,
        wants_signed=found.get("security", {}).get("authnRequestsSigned", False),
    )
