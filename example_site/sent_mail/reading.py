"""Reads what Django's file backend for mail has written."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

#: The backend writes this line after each mail.
_SEPARATOR = b"-" * 79 + b"\n"
#: So many files, the newest first: a demo that runs for weeks stays quick.
MAX_FILES = 200


@dataclass(frozen=True)
class SentMail:
    """One mail.

    Attributes:
        key: Names it in addresses.
        message: The parsed mail.
    """

    key: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        """The subject, decoded."""
        return str(self.message.get("Subject", ""))

    @property
    def sender(self) -> str:
        """The From header, decoded."""
        return str(self.message.get("From", ""))

    @property
    def recipients(self) -> str:
        """The To header, decoded."""
        return str(self.message.get("To", ""))

    @property
    def sent_at(self) -> datetime | None:
        """The Date header."""
        return (
            parsedate_to_datetime(self.message["Date"])
            if self.message["Date"]
            else None
        )

    @property
    def headers(self) -> list[tuple[str, str]]:
        """All headers, decoded."""
        return [(name, str(value)) for name, value in self.message.items()]

    @property
    def text(self) -> str:
        """The plain text, or empty."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """The HTML alternative, or empty."""
        return self._body("html")

    @property
    def files(self) -> list[str]:
        """Names of the attached files."""
        return [part.get_filename() or "" for part in self.message.iter_attachments()]

    def _body(self, subtype: str) -> str:
        part = self.message.get_body([subtype])
        return part.get_content() if part is not None else ""


def sent_mails() -> list[SentMail]:
    """The mails of the newest files, the newest first."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if folder is None:
        return []
    # Their names begin with the time.
    files = sorted(Path(folder).glob("*.log"), reverse=True)[:MAX_FILES]
    mails: list[SentMail] = []
    for file in files:
        pieces = file.read_bytes().split(_SEPARATOR)
        in_file = [
            SentMail(
                key=f"{file.stem}-{number}",
                message=email.message_from_bytes(raw, policy=email.policy.default),
            )
            for number, raw in enumerate(pieces)
            if raw.strip()
        ]
        mails.extend(reversed(in_file))
    return mails


def sent_mail(key: str) -> SentMail | None:
    """The mail of this key, if it is among those that are listed."""
    return next((mail for mail in sent_mails() if mail.key == key), None)
