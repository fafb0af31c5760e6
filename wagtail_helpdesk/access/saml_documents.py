"""Reads XML of SAML servers, from whoever sends it, before anything trusts it.

python3-saml checks signatures, times and addressees. What is here stands before it: a
size, no DTD, no entities, and only the ways to sign that are known to be safe, so that
a document cannot make the checking itself fetch or compute what it likes.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import Any

from lxml import etree
from onelogin.saml2.xmlparser import fromstring

#: Real responses have 5 to 30 KB, real metadata up to 100.
MAX_BYTES = 256 * 1024
_WHITESPACE = re.compile(r"\s+")

PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
NAMESPACES = {
    "samlp": PROTOCOL,
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_SHA2 = (
    "http://www.w3.org/2001/04/xmlenc#sha256",
    f"{_MORE}sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
)
#: By the element that names an algorithm.
_ALGORITHMS = {
    "CanonicalizationMethod": {_C14N, f"{_C14N}WithComments"},
    "Transform": {
        _C14N,
        f"{_C14N}WithComments",
        f"{NAMESPACES['ds']}enveloped-signature",
    },
    "DigestMethod": set(_SHA2),
    "SignatureMethod": {
        f"{_MORE}{kind}-{hashed}"
        for kind in ("rsa", "ecdsa")
        for hashed in ("sha256", "sha384", "sha512")
    },
}
#: How the parameters of a redirect may be signed: as python3-saml can check it.
QUERY_ALGORITHMS = frozenset(
    f"{_MORE}rsa-{hashed}" for hashed in ("sha256", "sha384", "sha512")
)


class DocumentError(Exception):
    """A document is not taken; the text is one word that tells why.

    ``damaged``, ``size``, ``encrypted`` or ``algorithm``.
    """


def decode(text: str) -> bytes:
    """Base64, strictly.

    Args:
        text: As it was sent, with line breaks or without.

    Raises:
        DocumentError: It is none, or too much.
    """
    if len(text) > MAX_BYTES * 4 // 3:
        raise DocumentError("size")
    try:
        return base64.b64decode(_WHITESPACE.sub("", text), validate=True)
    except (binascii.Error, ValueError) as error:
        raise DocumentError("damaged") from error


def inflate(packed: bytes) -> bytes:
    """What was packed for an address (DEFLATE without a header), up to a size.

    Args:
        packed: The bytes.

    Raises:
        DocumentError: It is not packed in this way, or becomes too much.
    """
    opener = zlib.decompressobj(-15)
    try:
        opened = opener.decompress(packed, MAX_BYTES + 1)
    except zlib.error as error:
        raise DocumentError("damaged") from error
    if len(opened) > MAX_BYTES:
        raise DocumentError("size")
    if not opener.eof:
        raise DocumentError("damaged")
    return opened


def parse(document: bytes, root: str | None = None) -> Any:
    """Parse without a DTD and without entities.

    Args:
        document: The bytes of the document.
        root: The element that it has to be, such as ``Response``, of the protocol.

    Returns:
        The root element.

    Raises:
        DocumentError: It is no XML, too much of it, or something else.
    """
    if len(document) > MAX_BYTES:
        raise DocumentError("size")
    try:
        element = fromstring(document, forbid_dtd=True, forbid_entities=True)
    except (etree.LxmlError, ValueError) as error:
        raise DocumentError("damaged") from error
    if root is not None and element.tag != f"{{{PROTOCOL}}}{root}":
        raise DocumentError("damaged")
    return element


def refuse_odd_signatures(element: Any) -> None:
    """Take only what needs no decrypting, signed once and in a known way.

    Without this, checking a signature could be made to fetch addresses or to run a
    style sheet before it is known whose signature it is.

    Args:
        element: The root of a response.

    Raises:
        DocumentError: It has anything else.
    """
    encrypted = "//saml:EncryptedAssertion|//saml:EncryptedID|//xenc:EncryptedData"
    if _find(element, f"{encrypted}|//saml:EncryptedAttribute"):
        raise DocumentError("encrypted")
    if _find(element, "//ds:Object|//ds:Manifest|//ds:RetrievalMethod"):
        raise DocumentError("algorithm")
    for signature in _find(element, "//ds:Signature"):
        if len(_find(signature, ".//ds:Reference")) != 1:
            raise DocumentError("algorithm")
    for name, allowed in _ALGORITHMS.items():
        for method in _find(element, f"//ds:{name}"):
            if method.get("Algorithm") not in allowed:
                raise DocumentError("algorithm")


def _find(element: Any, path: str) -> list[Any]:
    found: list[Any] = element.xpath(path, namespaces=NAMESPACES)
    return found
