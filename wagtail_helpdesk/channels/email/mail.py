"""An outgoing mail that every server on its way can pass on unchanged."""

from __future__ import annotations

import quopri
from email.message import Message
from typing import Any

from django.core.mail import EmailMultiAlternatives

#: Longer header lines are folded. RFC 5322, section 2.1.1, allows 998.
MAX_HEADER_LINE = 400


def _to_quoted_printable(part: Message) -> None:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(quopri.encodestring(raw).decode("ascii"))


class Mail(EmailMultiAlternatives):
    """A text with its HTML alternative and files, in seven-bit lines of 76 characters.

    Django leaves text in eight bits. A server that does not take those (RFC 6152)
    rewrites the mail, which breaks its DKIM signature.
    """

    def message(self, **options: Any) -> Any:
        """The MIME message, its texts quoted-printable (RFC 2045, section 6.7)."""
        message = super().message(**options)
        # Servers and programs in use trip over a Message-ID on a line of its own.
        message.policy = message.policy.clone(max_line_length=MAX_HEADER_LINE)
        for part in message.walk():
            if part.get("Content-Transfer-Encoding", "").lower() == "8bit":
                _to_quoted_printable(part)
        return message
