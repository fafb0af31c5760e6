"""The parts of a mail: what is its text, and what are its files (RFC 2045, 2046)."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from html import escape

from wagtail_helpdesk.channels.email.charsets import storable, to_text
from wagtail_helpdesk.channels.email.headers import decoded
from wagtail_helpdesk.channels.email.words import html_to_text, is_too_deep

#: Longest text that is shown and searched, in characters. The whole mail is kept.
MAX_TEXT = 1_000_000
MAX_HTML = 2_000_000
MAX_DEPTH = 50
MAX_PARTS = 1_000
#: What Python's parser raises on headers that break the rules.
MISREADINGS = (
    *(LookupError, ValueError, TypeError, AttributeError),
    *(AssertionError, RecursionError),
)


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file of a mail.

    Attributes:
        name: As the sender's machine calls it; not yet safe to be a file's name.
        content: The bytes.
        content_type: What the mail claims.
        content_id: By which the HTML names it, without angle brackets; or empty.
    """

    name: str
    content: bytes
    content_type: str = ""
    content_id: str = ""


@dataclass(slots=True)
class Body:
    """What was read so far.

    Attributes:
        pieces: Texts in reading order: plain and HTML form; ``None``: has none.
        files: The files.
        parts: How many parts were looked at.
        is_cut: Whether the mail has more than is looked at.
    """

    pieces: list[tuple[str | None, str | None]] = field(default_factory=list)
    files: list[ParsedFile] = field(default_factory=list)
    parts: int = 0
    is_cut: bool = False

    @property
    def text(self) -> str:
        """The plain text; of pieces that are only HTML, their words."""
        texts = [
            plain if plain is not None else html_to_text(html or "")
            for plain, html in self.pieces
        ]
        return "\n\n".join(text.strip("\n") for text in texts if text.strip())

    @property
    def html(self) -> str:
        """The HTML as received, or empty if no piece has any."""
        if all(html is None for _plain, html in self.pieces):
            return ""
        return "\n".join(
            html if html is not None else f"<pre>{escape(plain or '')}</pre>"
            for plain, html in self.pieces
        )


def read_body(message: Message) -> Body:
    """Sort the parts of a mail into text and files, as mail programs do.

    Args:
        message: Parsed by Python with ``policy.compat32``, of at most 1,000 parts.
    """
    body = Body()
    _collect(message, body, depth=0)
    return body


def _collect(part: Message, body: Body, *, depth: int) -> None:
    body.parts += 1
    if depth > MAX_DEPTH or body.parts > MAX_PARTS:
        body.is_cut = True
        return
    kind = content_type(part)
    if kind in _NOT_SHOWN:
        return
    if kind == "multipart/alternative" and part.is_multipart():
        _collect_best(part, body, depth=depth)
    elif kind.startswith("multipart/") and part.is_multipart():
        for child in children(part):
            _collect(child, body, depth=depth + 1)
    elif part.is_multipart():
        body.files.append(_attached_mail(part))
    elif kind in ("text/plain", "text/html") and not _is_file(part):
        text = part_text(part, body, MAX_HTML if kind == "text/html" else MAX_TEXT)
        if kind == "text/html" and is_too_deep(text):
            body.is_cut = True
            text, kind = html_to_text(text), "text/plain"
        body.pieces.append((None, text) if kind == "text/html" else (text, None))
    else:
        body.files.append(_file(part, kind))


# Parts for machines: their words reach nobody, and the whole mail is kept.
_NOT_SHOWN = frozenset({"message/delivery-status", "message/disposition-notification"})


def _collect_best(part: Message, body: Body, *, depth: int) -> None:
    """The plain form and the last HTML form of one text (RFC 2046, section 5.1.4)."""
    inner = Body(parts=body.parts)
    for child in children(part):
        _collect(child, inner, depth=depth + 1)
    plains = [plain for plain, _html in inner.pieces if plain is not None]
    htmls = [html for _plain, html in inner.pieces if html is not None]
    plain = next((text for text in plains if text.strip()), None)
    if plain is not None or htmls:
        body.pieces.append((plain, htmls[-1] if htmls else None))
    body.files += inner.files
    body.parts, body.is_cut = inner.parts, body.is_cut or inner.is_cut


def children(part: Message) -> Iterator[Message]:
    """The parts of a multipart, or nothing."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (child for child in payload if isinstance(child, Message))


def content_type(part: Message) -> str:
    """``text/plain`` and so on, in lower case; of a broken header, plain text."""
    try:
        return part.get_content_type()
    except MISREADINGS:
        return "text/plain"


def content(part: Message) -> bytes:
    """The bytes of a part, its transfer encoding undone as far as it can be."""
    try:
        payload = part.get_payload(decode=True)
    except MISREADINGS:
        payload = None
    if isinstance(payload, bytes):
        return payload
    raw = part.get_payload()
    return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""


def part_text(part: Message, body: Body, longest: int) -> str:
    """The text of a part; a longer one is cut.

    Args:
        part: A text part.
        body: Told if the text is cut.
        longest: In characters.
    """
    try:
        charset = part.get_content_charset() or ""
    except MISREADINGS:
        charset = ""
    text = to_text(content(part), charset).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > longest:
        body.is_cut = True
        text = text[:longest]
    return text


def _disposition(part: Message) -> str:
    try:
        return part.get_content_disposition() or ""
    except MISREADINGS:
        return ""


def _filename(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except MISREADINGS:
        return ""
    if not name.isascii():
        name = to_text(name.encode("utf-8", "surrogateescape"))
    return decoded(storable(name))[:1_000]


def _is_file(part: Message) -> bool:
    return _disposition(part) == "attachment" or bool(_filename(part))


def _file(part: Message, kind: str) -> ParsedFile:
    ending = mimetypes.guess_extension(kind) or ".bin"
    return ParsedFile(
        name=_filename(part) or f"file{ending}",
        content=content(part),
        content_type=kind[:100],
        content_id=str(part.get("Content-ID", "")).strip().strip("<>")[:255],
    )


def _attached_mail(part: Message) -> ParsedFile:
    """A mail in the mail: a file of its own."""
    inner = next(children(part), None)
    try:
        raw = inner.as_bytes() if inner is not None else b""
    except (*MISREADINGS, UnicodeError):
        raw = b""
    subject = decoded(str(inner.get("Subject", ""))) if inner is not None else ""
    return ParsedFile(
        name=_filename(part) or f"{subject[:80] or 'mail'}.eml",
        content=raw,
        content_type="message/rfc822",
    )
