"""What a mail says: pure, total, and behind caps.

``parse_email`` takes any bytes and never raises. Structure is read by Python's parser
with ``policy.compat32``, which is the one that holds on real mail; every header and
part is then decoded here, each on its own, so that one broken part costs that part.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message

from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.channels.email.automatic import (
    may_be_answered,
    written_by_machine,
)
from wagtail_helpdesk.channels.email.bodies import (
    MAX_PARTS,
    Body,
    ParsedFile,
    content_type,
    read_body,
)
from wagtail_helpdesk.channels.email.bounces import Bounce, bounce_in
from wagtail_helpdesk.channels.email.charsets import to_text
from wagtail_helpdesk.channels.email.headers import (
    Address,
    Headers,
    addresses,
    answered_ids,
    message_id_of,
    sent_at,
)
from wagtail_helpdesk.channels.email.words import html_to_text

logger = logging.getLogger("wagtail_helpdesk.email")

#: Header block of a mail, in bytes; of a longer one, the beginning is read.
MAX_HEADER_BYTES = 262_144
#: Nested multiparts and mails: Python's parser needs a frame for each level.
MAX_CONTAINERS = 100
#: How much of a mail that is not taken apart is shown, in bytes.
EXCERPT_BYTES = 65_536
#: How much is searched for a server's report, in bytes.
REPORT_BYTES = 262_144

_BOUNDARY = re.compile(
    rb"boundary\s*=\s*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.I
)
_CONTAINER = re.compile(rb"^content-type:\s*(?:multipart/|message/rfc822)", re.I | re.M)
_HEADER_END = re.compile(rb"\r?\n\r?\n|\r\r")
_MBOX_LINE = re.compile(rb"^>?From [^\r\n]*\r?\n")


@dataclass(frozen=True, slots=True)
class ParsedEmail:
    """A mail, read.

    Attributes:
        sender: Who wrote it, by the header From; ``None``: it names nobody.
        has_doubtful_sender: It names several; none of them may be believed.
        reply_to: Where answers shall go; never taken for the sender.
        to: The recipients.
        cc: The recipients of copies.
        delivered_to: Addresses it was delivered to, from the last server's headers.
        subject: One line, may be empty.
        message_id: Its id with angle brackets, or empty.
        answers: Ids of earlier mails it names, the nearest first, at most 50.
        date: When it says it was written, in UTC.
        text: Plain text, quotes kept, ``\\n`` line ends.
        html: HTML as received, not safe to show; or empty.
        files: Its files, in their order, names and types as claimed.
        is_automatic: A machine wrote it.
        may_be_answered: Whether a machine may answer it.
        bounce: A report on a mail of ours that did not arrive.
        is_cut: It has more than is read here; the raw mail has all of it.
    """

    sender: Address | None = None
    has_doubtful_sender: bool = False
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    subject: str = ""
    message_id: str = ""
    answers: tuple[str, ...] = ()
    date: datetime | None = None
    text: str = ""
    html: str = ""
    files: tuple[ParsedFile, ...] = field(default=())
    is_automatic: bool = False
    may_be_answered: bool = True
    bounce: Bounce | None = None
    is_cut: bool = False


def parse_email(raw: bytes) -> ParsedEmail:
    """Read a mail. Any bytes give an answer; nothing is raised and nothing is fetched.

    Args:
        raw: A message as it came over the wire (RFC 5322), or anything else.
    """
    raw = _without_mbox_line(raw.lstrip(b"\r\n"))
    head, rest = _split(raw)
    try:
        if _is_too_complex(head + rest):
            return _read(message_from_bytes(head, policy=policy.compat32), rest)
        return _read(message_from_bytes(head + rest, policy=policy.compat32), None)
    except Exception:
        # A rule that some mail breaks in a way nobody has seen yet. The mail may not
        # be lost for it, so its words are shown as they stand.
        logger.exception("A mail could not be taken apart")
        return _as_it_stands(head, rest)


def _without_mbox_line(raw: bytes) -> bytes:
    found = _MBOX_LINE.match(raw)
    return raw[found.end() :].lstrip(b"\r\n") if found else raw


def _split(raw: bytes) -> tuple[bytes, bytes]:
    """The header block with the empty line behind it, at most so long; and the rest."""
    end = _HEADER_END.search(raw)
    head, rest = (raw[: end.end()], raw[end.end() :]) if end else (raw, b"")
    if len(head) > MAX_HEADER_BYTES:
        cut = head.rfind(b"\n", 0, MAX_HEADER_BYTES) + 1 or MAX_HEADER_BYTES
        head = head[:cut] + b"\n"
    return head, rest


def _is_too_complex(raw: bytes) -> bool:
    """Whether taking the mail apart would take too long or too deep."""
    containers = 0
    for _found in _CONTAINER.finditer(raw):
        containers += 1
        if containers > MAX_CONTAINERS:
            return True
    if not containers:
        return False
    boundaries = {a or b for a, b in _BOUNDARY.findall(raw)[: MAX_CONTAINERS * 2]}
    return sum(raw.count(b"\n--" + one) for one in boundaries) > MAX_PARTS


def _read(message: Message, rest: bytes | None) -> ParsedEmail:
    """The parsed mail.

    Args:
        message: The mail, or only its header if it is too complex.
        rest: What follows the header then; ``None``: all is in ``message``.
    """
    headers = Headers(message)
    if rest is None:
        body = read_body(message)
    else:
        text = to_text(rest[:EXCERPT_BYTES])
        body = Body(pieces=[(text.replace("\r\n", "\n"), None)], is_cut=True)
    senders = [one for value in headers.all("from")[:10] for one in addresses(value)]
    sender = senders[0] if senders else None
    subject = clean_line(headers.text("subject"), 1_000)
    email = sender.email if sender else ""
    report = _report(message, body) if rest is None else body.text
    bounce = bounce_in(headers, sender=email, subject=subject, text=report)
    return ParsedEmail(
        sender=sender,
        has_doubtful_sender=len({one.email.casefold() for one in senders}) > 1,
        reply_to=tuple(addresses(headers.first("reply-to"))),
        to=tuple(addresses(headers.first("to"))),
        cc=tuple(addresses(headers.first("cc"))),
        delivered_to=_delivered_to(headers),
        subject=subject,
        message_id=message_id_of(headers),
        answers=tuple(answered_ids(headers)),
        date=sent_at(headers),
        text=body.text,
        html=body.html,
        files=tuple(body.files),
        is_automatic=bounce is not None
        or content_type(message) == "multipart/report"
        or written_by_machine(headers, subject),
        may_be_answered=bounce is None and may_be_answered(headers, email),
        bounce=bounce,
        is_cut=body.is_cut,
    )


def _delivered_to(headers: Headers) -> tuple[str, ...]:
    names = ("delivered-to", "x-original-to", "envelope-to", "x-forwarded-to")
    values = [value for name in names for value in headers.all(name)[:5]]
    return tuple(one.email for value in values for one in addresses(value))


def _report(message: Message, body: Body) -> str:
    """The text in which a server says what happened: all parts, the beginning."""
    if not message.is_multipart():
        return body.text[:REPORT_BYTES]
    pieces, size = [body.text], len(body.text)
    for part in message.walk():
        if size > REPORT_BYTES:
            break
        if content_type(part) == "message/delivery-status":
            for block in part.get_payload() if part.is_multipart() else ():
                if isinstance(block, Message):
                    lines = [f"{k}: {v}" for k, v in Headers(block).items()]
                    pieces.append("\n".join(lines))
                    size += len(pieces[-1])
    return "\n".join(pieces)[:REPORT_BYTES]


def _as_it_stands(head: bytes, rest: bytes) -> ParsedEmail:
    """The least that can be said of a mail: who sent it, and its words."""
    fields: dict[str, str] = {}
    for line in to_text(head).splitlines()[:2_000]:
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    senders = addresses(fields.get("from", ""))
    words = to_text(rest[:EXCERPT_BYTES])
    return ParsedEmail(
        sender=senders[0] if senders else None,
        has_doubtful_sender=True,
        subject=clean_line(fields.get("subject", ""), 1_000),
        text=html_to_text(words) if "<html" in words[:2_000].lower() else words,
        is_automatic="auto-submitted" in fields,
        may_be_answered=False,
        is_cut=True,
    )
