"""Links about one ticket for people who need not sign in (F10, F13).

The link is in the mails that they get. It says which ticket and whose, when it was
made, and is signed; nothing of it is kept in the database. Whoever holds it reads what
this contact may see of this one ticket, and nothing else: the rules of reading are
asked anew each time, so what the contact may not see any more the link does not show.

A link that asks how our help was has a signature of its own: it does not open the
ticket. The page of one that opens the ticket asks too, as the customers' page does.
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from django.core import signing

from wagtail_helpdesk.models import Contact, Identity, Ticket
from wagtail_helpdesk.models.fields import PUBLIC_ID_LENGTH

_SEPARATOR = "."
_STAMP_LENGTH = 16
_ID = rf"[a-z2-9]{{{PUBLIC_ID_LENGTH}}}"
_TICKET = re.compile(_ID)
#: A token: ticket, contact and address; when it was made (base 62); the signature. All
#: but the time have a fixed length, since Wagtail's addresses know no separator.
_TOKEN = re.compile(
    rf"({_ID}{_ID}[0-9a-f]{{{_STAMP_LENGTH}}})([0-9A-Za-z]{{1,12}})([\w-]{{43}})",
    re.ASCII,
)


class Use(Enum):
    """What a link is for; each is signed with a salt of its own."""

    READ = "wagtail_helpdesk.access.guest_links"
    RATE = "wagtail_helpdesk.access.guest_links.rate"


class BadLink(Exception):
    """The token is forged, damaged or too old."""


@dataclass(frozen=True, slots=True)
class GuestLink:
    """What a token says.

    Attributes:
        ticket: The ticket's public id.
        contact: The contact's public id.
        stamp: Which address of the contact the mail went to; see ``_stamp``.
    """

    ticket: str
    contact: str
    stamp: str


def token_for(
    ticket: Ticket, contact: Contact, address: str, use: Use = Use.READ
) -> str:
    """The token of a link in a mail, made now.

    Args:
        ticket: The ticket.
        contact: Who reads the mail.
        address: Where it goes, normalised.
        use: What the link is for.

    Returns:
        About 100 characters that are safe in an address; an empty text if the address
        is none of the contact's.
    """
    for identity in contact.identities.all():
        if identity.kind == Identity.Kind.EMAIL and identity.value == address:
            value = f"{ticket.public_id}{contact.public_id}{_stamp(identity)}"
            return _signer(use).sign(value).replace(_SEPARATOR, "")
    return ""


def read_token(token: str, *, days: int, use: Use = Use.READ) -> GuestLink:
    """What a token says, if we have signed it lately.

    Args:
        token: From the address of a page; anything at all.
        days: How long links work.
        use: What the link has to be for.

    Raises:
        BadLink: It is forged, damaged or too old.
    """
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        raise BadLink("not a token")
    signed = _SEPARATOR.join(parts.groups())
    try:
        value = _signer(use).unsign(signed, max_age=timedelta(days=days))
    except signing.BadSignature as error:
        raise BadLink(type(error).__name__) from error
    contact_from, stamp_from = PUBLIC_ID_LENGTH, 2 * PUBLIC_ID_LENGTH
    return GuestLink(
        ticket=value[:contact_from],
        contact=value[contact_from:stamp_from],
        stamp=value[stamp_from:],
    )


def contact_of(link: GuestLink) -> Contact | None:
    """Whose link it is, as long as they have the address that it was sent to.

    Args:
        link: What a token says.

    Returns:
        ``None`` if the contact is blocked or erased, or gave up the address.
    """
    contact = (
        Contact.objects.filter(public_id=link.contact, is_blocked=False, erased_at=None)
        .prefetch_related("identities")
        .first()
    )
    if contact is None:
        return None
    stamps = {
        _stamp(identity)
        for identity in contact.identities.all()
        if identity.kind == Identity.Kind.EMAIL
    }
    return contact if link.stamp in stamps else None


def ticket_named_by(token: str) -> str:
    """The public id that a token begins with, whether it works or not.

    It opens nothing. It says which ticket a new link is asked for, also where a mail
    program has cut the old one off.

    Args:
        token: From the address of a page; anything at all.

    Returns:
        What looks like a public id, or an empty text.
    """
    found = _TICKET.match(token)
    return found[0] if found else ""


class HideTokens(logging.Filter):
    """Keeps tokens out of a log: Django's name the address of what was refused."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record pass, without a token in its text."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                _hidden(value) if isinstance(value, str) else value
                for value in record.args
            )
        if isinstance(record.msg, str):
            record.msg = _hidden(record.msg)
        return True


#: Django's own that write addresses.
_LOGGERS = ("django.request", "django.security.csrf", "django.server")
_hide_tokens = HideTokens()


def keep_out_of_logs() -> None:
    """Let none of Django's loggers write a token. Calling it twice changes nothing."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_hide_tokens)


def _hidden(text: str) -> str:
    return _TOKEN.sub("[guest link]", text)


def _signer(use: Use) -> signing.TimestampSigner:
    return signing.TimestampSigner(sep=_SEPARATOR, salt=use.value)


def _stamp(identity: Identity) -> str:
    """Stands for an address of a contact, without telling it.

    It is made of the row too: an address that was taken away and given again makes
    another one, and earlier links do not come back.
    """
    text = f"{identity.pk}:{identity.value}"
    return hashlib.sha256(text.encode()).hexdigest()[:_STAMP_LENGTH]
