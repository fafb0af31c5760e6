"""The e-mail channel: a mail becomes one event."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.channels.base import Channel
from wagtail_helpdesk.channels.email.bounces import Bounce
from wagtail_helpdesk.channels.email.headers import Address
from wagtail_helpdesk.channels.email.message_ids import token_in, tokens_in
from wagtail_helpdesk.channels.email.parsing import ParsedEmail, parse_email
from wagtail_helpdesk.channels.events import InboundEvent, InboundFile, Kind, Party
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.models import ticket_number_from

#: Longest provider's id that is kept, in characters.
MAX_EXTERNAL_ID = 255
#: How much of a server's report is searched for our Message-ID, in bytes.
_REPORT_BYTES = 1_000_000
# What differs between two deliveries of one mail.
_ON_THE_WAY = re.compile(
    rb"^(?:received|delivered-to|return-path|envelope-to|x-[^:\r\n]{1,76}):[^\n]*\n"
    rb"(?:[ \t][^\n]*\n)*",
    re.I | re.M,
)
_RETURNED_ID = re.compile(r"^[> \t]*message-id:\s*(<[^<>\s]{1,400}>)", re.I | re.M)
_HEADER_END = re.compile(rb"\r?\n\r?\n")


class EmailChannel(Channel):
    """Mail, however it is fetched or delivered."""

    slug = "email"
    label = gettext_lazy("E-mail")

    def parse(self, raw: bytes, headers: Mapping[str, Any]) -> Sequence[InboundEvent]:
        """One mail is one event; see ``Channel.parse``."""
        mail = parse_email(raw)
        key = content_key(raw, mail)
        if mail.message_id and token_in(mail.message_id) is not None:
            return [_ignored(key, _("It is a mail of ours that came back."))]
        if mail.bounce is not None:
            return [_bounce(key, raw, mail, mail.bounce)]
        if mail.sender is None:
            # Raised as a fault by the intake: a person has to look at the mail.
            return [InboundEvent(kind=Kind.MESSAGE, key=key, subject=mail.subject)]
        return [_message(key, mail, mail.sender)]


def content_key(raw: bytes, mail: ParsedEmail) -> str:
    """Names a mail by what it says, however often and on whatever way it comes.

    Its Message-ID with its body: some senders use one Message-ID for many mails. A
    mail without one is named by everything that its way here did not change.
    """
    raw = raw.lstrip(b"\r\n").replace(b"\r\n", b"\n")
    end = _HEADER_END.search(raw)
    head, body = (raw[: end.end()], raw[end.end() :]) if end else (raw, b"")
    names = mail.message_id.encode() or _ON_THE_WAY.sub(b"", head)
    digest = hashlib.sha256(names + b"\0" + body.rstrip(b"\n"))
    return f"mail:{digest.hexdigest()}"


def _ignored(key: str, reason: str) -> InboundEvent:
    return InboundEvent(kind=Kind.IGNORED, key=key, reason=reason)


def _bounce(key: str, raw: bytes, mail: ParsedEmail, bounce: Bounce) -> InboundEvent:
    """A report names the mail by its Message-ID, wherever the server put that."""
    words = raw[:_REPORT_BYTES].decode("ascii", "replace")
    # Not any id: the mail that is returned names the earlier ones of its thread.
    returned = tokens_in(" ".join(_RETURNED_ID.findall(words)))
    return InboundEvent(
        kind=Kind.BOUNCE,
        key=key,
        tokens=tuple((returned or tokens_in(" ".join(mail.answers)))[:1]),
        is_permanent=bounce.is_permanent,
        reason=f"{bounce.status} {bounce.reason}".strip(),
    )


def _message(key: str, mail: ParsedEmail, sender: Address) -> InboundEvent:
    # Where the header names several senders, a server may have checked another one
    # than we believe: such a mail begins a request of its own.
    believed = not mail.has_doubtful_sender
    answers = mail.answers if believed else ()
    return InboundEvent(
        kind=Kind.MESSAGE,
        key=key,
        party=Party(email=sender.email, name=sender.name),
        external_id=_external_id(mail),
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        files=tuple(
            InboundFile(one.name, one.content, one.content_type) for one in mail.files
        ),
        tokens=tuple(tokens_in(" ".join(answers))),
        answers=answers,
        ticket_number=_number_in(mail.subject) if believed else None,
        is_automatic=mail.is_automatic,
        may_be_answered=mail.may_be_answered and not mail.is_automatic,
        is_cut=mail.is_cut,
    )


def _external_id(mail: ParsedEmail) -> str:
    return mail.message_id if len(mail.message_id) <= MAX_EXTERNAL_ID else ""


def _number_in(subject: str) -> int | None:
    """The ticket that a subject names as our mails do: ``[HD-1042]``."""
    prefix = re.escape(helpdesk_settings.TICKET_PREFIX)
    found = re.search(rf"\[{prefix}(\d{{1,18}})\]", subject, re.ASCII)
    return ticket_number_from(found[1]) if found else None
