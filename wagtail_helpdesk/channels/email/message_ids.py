"""Message-IDs that we can tell from forged ones, the same at every attempt.

A mail that is sent again after an accident goes out under the same Message-ID, so that
the recipient's server or program shows it once (RFC 5322, section 3.6.4). The id
carries a keyed hash: a stranger who guesses its form cannot name a ticket with it.
"""

from __future__ import annotations

import base64
import re
import uuid

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_SALT = "wagtail_helpdesk.message_id"
_ID = re.compile(r"<hd\.([a-z2-7]{26})\.([a-z2-7]{16})@[^<>\s@]+>")
#: RFC 5322 sets no limit; ours keeps the header short (RFC 5537 has no more either).
MAX_REFERENCES = 20
#: How many ids of one text are looked at.
MAX_FOUND = 100


def _signature(token: uuid.UUID, secret: str | bytes) -> str:
    """80 bits of HMAC-SHA256; the key lies in the settings, never in the database."""
    digest = salted_hmac(_SALT, token.hex, secret=secret, algorithm="sha256")
    return _short(digest.digest()[:10])


def _short(raw: bytes) -> str:
    """Base 32 in lower case: what changes the case of an id does no harm."""
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()


def message_id(token: uuid.UUID, domain: str) -> str:
    """The Message-ID of a delivery.

    Args:
        token: The delivery's token.
        domain: Domain of the sender's address, in ASCII.

    Returns:
        An id with its angle brackets.
    """
    signature = _signature(token, settings.SECRET_KEY)
    return f"<hd.{_short(token.bytes)}.{signature}@{domain}>"


def tokens_in(text: str) -> list[uuid.UUID]:
    """Find our own, unforged ids in some text.

    Args:
        text: A header such as In-Reply-To or References, or a server's report.

    Returns:
        The tokens of the deliveries they name, in their order, each once.
    """
    found: dict[uuid.UUID, None] = {}
    for short, signature in _ID.findall(text.lower())[:MAX_FOUND]:
        token = uuid.UUID(bytes=base64.b32decode(f"{short.upper()}======"))
        for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
            if constant_time_compare(signature, _signature(token, secret)):
                found[token] = None
    return list(found)


def token_in(text: str) -> uuid.UUID | None:
    """The first of our own, unforged ids in some text; see ``tokens_in``."""
    return next(iter(tokens_in(text)), None)


def references(ids: list[str]) -> str:
    """A References header: the first id, which names the thread, and the latest ones.

    Args:
        ids: Message-IDs of the thread, oldest first.
    """
    unique = list(dict.fromkeys(ids))
    if len(unique) > MAX_REFERENCES:
        unique = [unique[0], *unique[-(MAX_REFERENCES - 1) :]]
    return " ".join(unique)
