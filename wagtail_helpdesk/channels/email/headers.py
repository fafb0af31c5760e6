"""Header fields of a mail that anybody may have written: read without trusting them.

Python's own reading (``policy.default``) raises on some real mails and takes quadratic
time on some made-up ones, so fields are taken raw and decoded here (RFC 5322, 2047).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.channels.email.charsets import to_text

#: Longest field that is read, in characters; of a longer one, the beginning.
MAX_FIELD = 65_536
MAX_ADDRESSES = 1_000
#: Ids of earlier mails that are looked at: the latest ones.
MAX_REFERENCES = 50

_WORD = re.compile(r"=\?([^\s?]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^\s?]{1,60}\?[bBqQ]\?)")
_ID = re.compile(r"<([^<>\s]{1,995})>")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\\\"@]+@[^\s<>()\[\],;:\\\"@]+")


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of a header.

    Attributes:
        email: The address as written, without surrounding white space.
        name: The display name, decoded, one line; or empty.
    """

    email: str
    name: str = ""


class Headers:
    """The fields of one part, by name in any case."""

    def __init__(self, message: Message) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            self._fields.setdefault(str(name).lower(), []).append(_unfolded(value))

    def all(self, name: str) -> list[str]:
        """The raw values of a field, in their order."""
        return self._fields.get(name, [])

    def first(self, name: str) -> str:
        """The raw value of a field's first appearance, or empty."""
        return self._fields.get(name, [""])[0]

    def text(self, name: str) -> str:
        """The field as a person reads it: decoded, on one line."""
        return decoded(self.first(name))

    def items(self) -> Iterator[tuple[str, str]]:
        """Every field with its raw value."""
        for name, values in self._fields.items():
            for value in values:
                yield name, value

    def __contains__(self, name: str) -> bool:
        return name in self._fields


def _unfolded(value: object) -> str:
    raw = str(value)[:MAX_FIELD]
    if not raw.isascii():
        # Bytes beyond ASCII that nobody encoded: the parser keeps them as surrogates.
        raw = to_text(raw.encode("utf-8", "surrogateescape"))
    return raw.replace("\r", "").replace("\n", " ").strip()


def decoded(value: str) -> str:
    """A raw value with its encoded words read (RFC 2047), on one line.

    Words that stand next to each other are put together before they are decoded:
    programs cut in the middle of a character.
    """
    if "=?" not in value:
        return clean_line(value, MAX_FIELD)
    value = _BETWEEN_WORDS.sub(r"\1", value)
    pieces: list[str] = []
    pending, charset, end = b"", "", 0
    for word in _WORD.finditer(value):
        name = word[1].partition("*")[0].lower()
        if pending and (word.start() != end or name != charset):
            pieces.append(to_text(pending, charset))
            pending = b""
        pieces.append(value[end : word.start()])
        pending, charset, end = pending + _bytes_of(word[2], word[3]), name, word.end()
    if pending:
        pieces.append(to_text(pending, charset))
    pieces.append(value[end:])
    return clean_line("".join(pieces), MAX_FIELD)


def _bytes_of(encoding: str, text: str) -> bytes:
    raw = text.encode("ascii", "ignore")
    if encoding in "qQ":
        return binascii.a2b_qp(raw, header=True)
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))


def addresses(value: str) -> list[Address]:
    """The mailboxes of a raw address field (RFC 5322, section 3.4), at most 1,000.

    An address in angle brackets is the address, whatever the name before it says.
    A name that has an ``@`` is dropped: it poses as an address.
    """
    found: list[Address] = []
    for words, angle in _mailboxes(value[:MAX_FIELD]):
        if len(found) >= MAX_ADDRESSES:
            break
        bare = _ADDRESS.search(words) if angle is None else None
        email = angle if angle is not None else (bare[0] if bare else "")
        email = "".join(email.split())
        if "@" not in email:
            continue
        if bare is not None:
            words = words[: bare.start()] + words[bare.end() :]
        name = decoded(words.strip().strip("()")).strip("\"' ")
        found.append(Address(email, "" if "@" in name else name))
    return found


def _mailboxes(value: str) -> list[tuple[str, str | None]]:
    """Each mailbox as its words and what stands in angle brackets, in linear time."""
    result: list[tuple[str, str | None]] = []
    words: list[str] = []
    angle: str | None = None
    quoted, depth, at, start = False, 0, 0, 0

    def finish() -> None:
        nonlocal angle
        result.append(("".join(words), angle))
        words.clear()
        angle = None

    while at < len(value):
        sign = value[at]
        if sign == "\\" and (quoted or depth) and at + 1 < len(value):
            words.append(value[at + 1])
            at += 1
        elif sign == '"' and not depth:
            quoted = not quoted
        elif quoted:
            words.append(sign)
        elif sign == "(":
            depth += 1
            words.append(" " if depth > 1 else " (")
        elif sign == ")" and depth:
            depth -= 1
            words.append(" " if depth else ") ")
        elif depth:
            # What is in a comment is a name at best, and never an address.
            words.append("" if sign == "@" else sign)
        elif sign == "<":
            start = at + 1
            stop = value.find(">", start)
            stop = len(value) if stop < 0 else stop
            angle = value[start:stop].rpartition(":")[2].strip()
            at = stop
        elif sign in ",;":
            finish()
        elif sign == ":" and angle is None:
            words.clear()  # The name of a group.
        else:
            words.append(sign)
        at += 1
    finish()
    return result


def message_ids(value: str) -> list[str]:
    """The ids of a raw field such as References, with their angle brackets."""
    return [f"<{id_}>" for id_ in _ID.findall(value)]


def message_id_of(headers: Headers) -> str:
    """The mail's own id with angle brackets, or empty."""
    value = headers.first("message-id")
    found = message_ids(value)
    if found:
        return found[0]
    bare = "".join(value.split()).strip("<>")
    return f"<{bare[:995]}>" if bare else ""


def answered_ids(headers: Headers) -> list[str]:
    """Ids of the mails that this one answers, the nearest first."""
    nearest = message_ids(headers.first("in-reply-to"))
    earlier = message_ids(headers.first("references"))[-MAX_REFERENCES:]
    return list(dict.fromkeys([*nearest[:MAX_REFERENCES], *reversed(earlier)]))[
        :MAX_REFERENCES
    ]


def sent_at(headers: Headers) -> datetime | None:
    """When the mail says it was written, in UTC; ``None``: it does not say."""
    try:
        found = parsedate_to_datetime(headers.first("date")[:100])
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        return found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
