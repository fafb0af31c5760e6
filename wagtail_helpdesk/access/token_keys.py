"""The keys by which a company signs its people in: what is a key, and which are whose.

Each key has its algorithm with it, so that no token can choose one (RFC 8725, 3.1).
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.models import IdentityProvider

SECRET_ALGORITHM = "HS256"  # noqa: S105  (its name)
ALGORITHMS = {
    SECRET_ALGORITHM: gettext_lazy("HS256: a secret that both sides know"),
    "RS256": gettext_lazy("RS256: an RSA key pair"),
    "ES256": gettext_lazy("ES256: a key pair on the curve P-256"),
    "EdDSA": gettext_lazy("EdDSA: an Ed25519 key pair"),
}
#: One that signs, and one that is about to take its place.
MAX_KEYS = 2
MIN_SECRET_BYTES = 32
_RSA_BITS = range(2048, 8193)
_MAX_CHARS = 8_000

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey


class KeyRefusedError(Exception):
    """A text is no key for the algorithm; its words say what to do."""


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key of a company.

    Attributes:
        kid: Its name in the header of a token.
        algorithm: The only one it is used with.
        public: The public key in PEM; empty for ``HS256``.
        secret: The secret of ``HS256``; empty for the others.
    """

    kid: str
    algorithm: str
    public: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        """Without the secret: it also stands in reports of errors."""
        return f"TokenKey(kid={self.kid!r}, algorithm={self.algorithm!r})"

    def material(self) -> bytes | PublicKey:
        """What checks a signature.

        Raises:
            KeyRefusedError: It is no key any more, after a change by hand.
        """
        if self.algorithm == SECRET_ALGORITHM:
            if len(self.secret.encode()) < MIN_SECRET_BYTES:
                raise KeyRefusedError("too short")
            return self.secret.encode()
        return _public_key(self.algorithm, self.public)


def keys_of(row: IdentityProvider) -> dict[str, TokenKey]:
    """The keys of a provider, by their names.

    Args:
        row: The provider.

    Raises:
        CredentialsLost: Its secrets cannot be read any more.
    """
    known: Any = row.secrets
    kept = known.get("keys", {})
    return {
        told["kid"]: TokenKey(
            kid=told["kid"],
            algorithm=told["algorithm"],
            public=told.get("public", ""),
            secret=kept.get(told["kid"], ""),
        )
        for told in row.options.get("keys", ())
    }


def keep_keys(row: IdentityProvider, keys: list[TokenKey]) -> None:
    """Give a provider these keys and no others; it is not saved.

    Args:
        row: The provider.
        keys: In the order in which they were added.
    """
    row.options = {
        **row.options,
        "keys": [
            {"kid": key.kid, "algorithm": key.algorithm, "public": key.public}
            for key in keys
        ],
    }
    kept: Any = {"keys": {key.kid: key.secret for key in keys if key.secret}}
    row.secrets = kept


def new_secret() -> str:
    """A secret of 48 random bytes, in 64 characters."""
    return secrets.token_urlsafe(48)


def new_kid() -> str:
    """A name for a key that no other has."""
    return secrets.token_hex(6)


def read_public_key(algorithm: str, text: str) -> str:
    """Read a public key that somebody pasted.

    Args:
        algorithm: What it is for.
        text: PEM, or a JWK, or a set of exactly one JWK.

    Returns:
        The key in PEM.

    Raises:
        KeyRefusedError: It is none, is a private one, or does not fit.
    """
    key = _public_key(algorithm, text)
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def _public_key(algorithm: str, text: str) -> PublicKey:
    text = text.strip()
    if len(text) > _MAX_CHARS:
        raise KeyRefusedError(_("This is longer than any public key."))
    key = _from_jwk(text) if text.startswith("{") else _from_pem(text)
    if algorithm == "RS256" and isinstance(key, rsa.RSAPublicKey):
        if key.key_size not in _RSA_BITS:
            raise KeyRefusedError(
                _("An RSA key has %(min)s to %(max)s bits; this one has %(bits)s.")
                % {
                    "min": _RSA_BITS[0],
                    "max": _RSA_BITS[-1],
                    "bits": key.key_size,
                }
            )
        return key
    if algorithm == "ES256" and isinstance(key, ec.EllipticCurvePublicKey):
        if key.curve.name == "secp256r1":
            return key
    elif algorithm == "EdDSA" and isinstance(key, ed25519.Ed25519PublicKey):
        return key
    raise KeyRefusedError(
        _("This public key is of another kind than %(algorithm)s needs.")
        % {"algorithm": algorithm}
    )


def _from_pem(text: str) -> Any:
    if "PRIVATE KEY" in text:
        raise _private()
    try:
        return serialization.load_pem_public_key(text.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _unreadable() from error


def _from_jwk(text: str) -> Any:
    # Comes with the extra "sso"; a site without it has no such form.
    import jwt

    try:
        told = json.loads(text)
        if isinstance(told.get("keys"), list) and len(told["keys"]) == 1:
            told = told["keys"][0]
        if "d" in told or "k" in told:
            raise _private()
        return jwt.PyJWK(told).key
    except (
        *(AttributeError, KeyError, RecursionError, TypeError, ValueError),
        *(UnsupportedAlgorithm, jwt.PyJWTError),
    ) as error:
        raise _unreadable() from error


def _private() -> KeyRefusedError:
    return KeyRefusedError(
        _(
            "This is a private key, which nobody but the company may know. It was not "
            "stored. The company has to make a new pair and to send the public key."
        )
    )


def _unreadable() -> KeyRefusedError:
    return KeyRefusedError(
        _(
            "This is no public key. It begins with -----BEGIN PUBLIC KEY-----, or is "
            "a JWK, which begins with {."
        )
    )
