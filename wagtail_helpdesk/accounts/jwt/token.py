"""Whether a token is a company's word on who signs in (security.md 1.4).

Nothing here knows of requests, sessions or the database. PyJWT checks the signature;
what a token says is checked here, since PyJWT takes more types than we do.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import jwt
from django.utils.translation import gettext as _

from wagtail_helpdesk.access.token_keys import KeyRefusedError, TokenKey

#: More than any token of ours needs, and less than hurts.
MAX_BYTES = 8 * 1024
#: How long a token may be good for.
MAX_SECONDS = 180
#: How far the company's clock may be from ours, in seconds.
SKEW = 30
_LATEST = 2**40

#: The claims that have to be there, and how many characters they may have.
_TEXTS = {
    "iss": (1, 255),
    "aud": (1, 1000),
    "sub": (1, 191),  # What allauth keeps.
    "email": (3, 254),
    "jti": (16, 128),
    "state": (1, 128),
}
_OPTIONAL_TEXTS = {"name": (0, 255), "locale": (0, 35)}
_TIMES = ("iat", "exp")
#: What PyJWT raises for what is no token; its older versions also what Python does.
_DAMAGED = (jwt.PyJWTError, RecursionError, TypeError, ValueError)
#: PyJWT checks the signature and nothing else.
_SIGNATURE_ALONE: Any = {
    "verify_signature": True,
    **{
        f"verify_{claim}": False
        for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")
    },
}


class TokenRefusedError(Exception):
    """A token counts not.

    Attributes:
        code: A word for the log.
        text: What whoever runs the company's application has to mend; nothing that
            the token says stands in it.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Claims:
    """What a company says of a person.

    Attributes:
        sub: The company's own key of the person.
        email: Their address; who may have it is for others to say.
        jti: What tells this token from all others of the company.
        state: Which sign-in it answers.
        exp: Until when it is good, in seconds since 1970.
        name: The person's name, or an empty text.
        locale: The language the company knows them to read, or an empty text.
    """

    sub: str
    email: str
    jti: str
    state: str
    exp: float
    name: str = ""
    locale: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For a session; ``Claims(**told)`` reads it."""
        return asdict(self)


def read_token(
    token: str,
    keys: Mapping[str, TokenKey],
    *,
    issuer: str,
    audiences: Collection[str],
    now: float,
) -> Claims:
    """Check a token.

    Args:
        token: What the company's application made.
        keys: The keys of this company, by name.
        issuer: How the application calls itself.
        audiences: How we are called; any of them will do.
        now: Seconds since 1970.

    Returns:
        What it says. Its ``jti`` and ``state`` are yet to be used up.

    Raises:
        TokenRefusedError: It does not count.
    """
    if len(token) > MAX_BYTES:
        raise TokenRefusedError(
            "size",
            _("The token is longer than %(max)s bytes. Leave out what is not needed.")
            % {"max": MAX_BYTES},
        )
    told = _signed(token, _key(token, keys))
    claims = _typed(told)
    _check_times(told, now)
    if claims["iss"] != issuer:
        raise TokenRefusedError(
            "issuer", _("The claim “iss” has to be “%(value)s”.") % {"value": issuer}
        )
    if claims["aud"] not in audiences:
        raise TokenRefusedError(
            "audience",
            _("The token is for another service: the claim “aud” has to be %(value)s.")
            % {"value": next(iter(audiences))},
        )
    kept = {name: value for name, value in claims.items() if name not in {"iss", "aud"}}
    return Claims(**kept, exp=told["exp"])


def check_not_expired(exp: float, now: float) -> None:
    """Refuse what is too old.

    Args:
        exp: Until when a token is good.
        now: Seconds since 1970.

    Raises:
        TokenRefusedError: It was too late.
    """
    if now >= exp + SKEW:
        raise TokenRefusedError(
            "expired",
            _(
                "The token had expired. It is good for %(max)s seconds at most, from "
                "the moment it is made; is the clock of the company's server right?"
            )
            % {"max": MAX_SECONDS},
        )


def _key(token: str, keys: Mapping[str, TokenKey]) -> TokenKey:
    """The key that the header names, if it is the company's and used as it is meant.

    Keys that a header brings with it, or links to (``jwk``, ``jku``, ``x5u``, ``x5c``),
    are not looked at.
    """
    try:
        header = jwt.get_unverified_header(token)
    except _DAMAGED as error:
        raise _damaged() from error
    if "crit" in header or "b64" in header:
        raise TokenRefusedError(
            "critical", _("The token's header asks for what we do not know: “crit”.")
        )
    kid = header.get("kid")
    key = keys.get(kid) if isinstance(kid, str) else None
    if key is None:
        raise TokenRefusedError(
            "unknown_key",
            _(
                "The token's header names no key of this company. Its “kid” has to be "
                "the name of a key that stands in our settings."
            ),
        )
    if header.get("alg") != key.algorithm:
        raise TokenRefusedError(
            "algorithm",
            _("The token has to be signed by %(algorithm)s.")
            % {"algorithm": key.algorithm},
        )
    return key


def _signed(token: str, key: TokenKey) -> dict[str, Any]:
    try:
        told: dict[str, Any] = jwt.decode(
            token,
            key.material(),
            algorithms=[key.algorithm],
            options=_SIGNATURE_ALONE,
        )
    except jwt.InvalidSignatureError as error:
        raise TokenRefusedError(
            "signature",
            _("The token's signature does not fit the key that its header names."),
        ) from error
    except (*_DAMAGED, KeyRefusedError) as error:
        raise _damaged() from error
    return told


def _typed(told: Mapping[str, Any]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, bounds in _TEXTS.items():
        if name not in told:
            raise _missing(name)
        texts[name] = _text(name, told[name], *bounds)
    for name, bounds in _OPTIONAL_TEXTS.items():
        if told.get(name) is not None:
            texts[name] = _text(name, told[name], *bounds)
    for name in _TIMES:
        if name not in told:
            raise _missing(name)
    return texts


def _text(name: str, value: Any, shortest: int, longest: int) -> str:
    if not isinstance(value, str) or not shortest <= len(value) <= longest:
        raise TokenRefusedError(
            "type",
            _(
                "The claim “%(claim)s” has to be a text, of %(min)s to %(max)s "
                "characters."
            )
            % {"claim": name, "min": shortest, "max": longest},
        )
    # Control characters, and halves of characters, which no database keeps.
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in value):
        raise TokenRefusedError(
            "type",
            _("The claim “%(claim)s” has characters that no text has.")
            % {"claim": name},
        )
    return value


def _check_times(told: Mapping[str, Any], now: float) -> None:
    issued, expires = (_time(name, told[name]) for name in _TIMES)
    begins = _time("nbf", told["nbf"]) if "nbf" in told else issued
    if not 0 < expires - issued <= MAX_SECONDS:
        raise TokenRefusedError(
            "lifetime",
            _("“exp” has to be 1 to %(max)s seconds after “iat”.")
            % {"max": MAX_SECONDS},
        )
    if max(issued, begins) > now + SKEW:
        raise TokenRefusedError(
            "future",
            _(
                "The token is from the future (“iat”, “nbf”): the clock of the "
                "company's server is wrong."
            ),
        )
    check_not_expired(expires, now)


def _time(name: str, value: Any) -> float:
    # True is a number to Python, and NaN is one to its JSON.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value < _LATEST:
        raise TokenRefusedError(
            "type",
            _("The claim “%(claim)s” has to be a number: seconds since 1970, UTC.")
            % {"claim": name},
        )
    return float(value)


def _missing(name: str) -> TokenRefusedError:
    return TokenRefusedError(
        "missing", _("The token lacks the claim “%(claim)s”.") % {"claim": name}
    )


def _damaged() -> TokenRefusedError:
    return TokenRefusedError(
        "damaged", _("What the company's application sent is no signed token (JWT).")
    )
