"""Addresses and names in the headers of outgoing mails."""

from __future__ import annotations

import re
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.encoding import punycode
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.models import Inbox, normalise_email

_NOT_IN_NAMES = re.compile(r'[<>"\\]|=\?')
#: Longest display name; a longer one is cut.
MAX_NAME = 64
# Local parts that belong to machines: an automatic answer to one may come back.
_MACHINES = (
    "mailer-daemon",
    "postmaster",
    "noreply",
    "no-reply",
    "donotreply",
    "bounce",
)


class AddressNotDeliverable(Exception):
    """Ordinary mail servers cannot take mail for this address."""


def deliverable(address: str) -> str:
    """The address as mail servers know it: the domain in ASCII (RFC 5891).

    Args:
        address: An address as a person writes it.

    Raises:
        AddressNotDeliverable: It is no address, or has letters beyond ASCII before
            the @, which needs SMTPUTF8 (RFC 6531) at every server on the way.
    """
    local, at, domain = address.rpartition("@")
    try:
        ascii_address = f"{local}@{punycode(domain)}"
        if not at or not local.isascii():
            raise ValidationError("")
        validate_email(ascii_address)
    except (ValidationError, UnicodeError) as error:
        raise AddressNotDeliverable(
            _("“%(address)s” is not an address that mail can be sent to.")
            % {"address": clean_line(address)}
        ) from error
    return ascii_address


def mailbox(name: str, address: str) -> str:
    """``Name <address>`` for a header, whatever the name contains.

    Control characters, line ends and bidirectional overrides are taken out of the
    name, so that it can neither begin another header nor pose as an address; so is
    the beginning of an encoded word, which Python's parser would decode (RFC 2047
    forbids that in quotes, section 5).

    Args:
        name: Display name, may be empty.
        address: What ``deliverable`` returned.
    """
    name = clean_line(_NOT_IN_NAMES.sub(" ", name), MAX_NAME)
    return f'"{name}" <{address}>' if name else address


def sender_address(inbox: Inbox | None) -> str:
    """The address mails of an inbox come from, in ASCII; never an agent's (R12).

    Args:
        inbox: The inbox; a site without one writes from its own address.
    """
    own = inbox.from_email if inbox is not None else ""
    configured = own or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return deliverable(configured)


def own_addresses() -> set[str]:
    """Addresses that are ours: writing to one of them would start a loop."""
    addresses = {parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}
    rows = Inbox.objects.values_list("from_email", "channels__type", "channels__config")
    for from_email, type_, config in rows:
        addresses.add(from_email)
        if type_ == "email" and isinstance(config, dict):
            addresses.update(str(one) for one in config.get("addresses") or ())
    return {normalise_email(address) for address in addresses if address}


def is_machine(address: str) -> bool:
    """Whether an address says itself that nobody reads it."""
    return address.casefold().startswith(_MACHINES)
