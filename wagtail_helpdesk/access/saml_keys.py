"""The certificates of SAML servers, and the key pair with which we sign."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.utils import timezone
from django.utils.translation import gettext as _

MAX_CERTIFICATES = 5
MIN_RSA_BITS = 2048
_YEARS = timedelta(days=10 * 365)
_PEM = re.compile(
    r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL
)


class CertificateError(Exception):
    """A certificate cannot be used; the text says why."""


@dataclass(frozen=True)
class Certificate:
    """What a company's server signs with.

    Attributes:
        text: Its bytes as Base64, in one line.
        expires_at: Its last moment; servers often go on with it.
    """

    text: str
    expires_at: datetime

    @property
    def has_expired(self) -> bool:
        """Whether its last moment is over."""
        return self.expires_at <= timezone.now()


def read_certificates(text: str) -> list[Certificate]:
    """Read one certificate or several.

    Args:
        text: PEM, with its begin and end lines, or the Base64 of one without them.

    Raises:
        CertificateError: One cannot be read, is too weak, or they are too many.
    """
    blocks = _PEM.findall(text) or [text]
    found = {}
    for block in blocks:
        certificate = read_certificate(block)
        found[certificate.text] = certificate
    if len(found) > MAX_CERTIFICATES:
        raise CertificateError(
            _("These are %(count)s certificates; %(max)s at most.")
            % {"count": len(found), "max": MAX_CERTIFICATES}
        )
    return list(found.values())


def read_certificate(text: str) -> Certificate:
    """Read one certificate.

    Args:
        text: Its Base64, without begin and end lines.

    Raises:
        CertificateError: It cannot be read, or is too weak.
    """
    start = "".join(text.split())[:20]
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
        certificate = x509.load_der_x509_certificate(data)
        key = certificate.public_key()
    except (binascii.Error, ValueError, UnsupportedAlgorithm) as error:
        raise CertificateError(
            _("The certificate that begins with “%(value)s” cannot be read.")
            % {"value": start}
        ) from error
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < MIN_RSA_BITS:
            raise CertificateError(
                _("The key of the certificate has %(bits)s bits; %(min)s at least.")
                % {"bits": key.key_size, "min": MIN_RSA_BITS}
            )
    elif not isinstance(key, ec.EllipticCurvePublicKey):
        raise CertificateError(
            _("The certificate that begins with “%(value)s” is neither RSA nor ECDSA.")
            % {"value": start}
        )
    return Certificate(base64.b64encode(data).decode(), certificate.not_valid_after_utc)


def pem(text: str) -> str:
    """A certificate as people know it, with its begin and end lines.

    Args:
        text: Its Base64.
    """
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join(
        ["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----"]
    )


def new_key_pair(name: str) -> tuple[str, str]:
    """Make what we sign requests with.

    Args:
        name: Of the certificate, up to 64 characters.

    Returns:
        The private key as PEM, and the certificate as Base64, good for ten years:
        servers compare it with the one they were given.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=MIN_RSA_BITS)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = timezone.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _YEARS)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = certificate.public_bytes(serialization.Encoding.DER)
    return private.decode(), base64.b64encode(public).decode()
