"""Who takes part in a ticket, as customers read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from wagtail_helpdesk.models import (
    Contact,
    Message,
    Participant,
    PortalRules,
    Ticket,
)
from wagtail_helpdesk.portal.display import contact_name

#: Most people whom a page names; agents may add more than customers.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part.

    Attributes:
        key: Key of the ``Participant``.
        name: What the reader may know of them.
        is_reader: Whether it is the reader.
    """

    key: int
    name: str
    is_reader: bool


def people_of(ticket: Ticket, viewer: Contact, rules: PortalRules) -> list[Person]:
    """Those who were added to a ticket, the first one first. Takes one query.

    Args:
        ticket: A ticket that the viewer may see.
        viewer: Who reads.
        rules: The portal's rules.
    """
    written = Message.objects.shown_in(rules).filter(
        conversation__ticket=ticket, author_contact=OuterRef("contact")
    )
    rows = (
        Participant.objects.filter(ticket=ticket)
        .select_related("contact")
        .annotate(has_written=Exists(written))
        .order_by("pk")[:SHOWN]
    )
    return [
        Person(row.pk, _name(row, viewer), row.contact_id == viewer.pk) for row in rows
    ]


def _name(row: Any, viewer: Contact) -> str:
    """The name; not yet of somebody who was added by an address.

    Whoever added them would learn by it that the address is known here, and whose it
    is. Once they have written on this ticket, their messages have the name as well.
    """
    if row.contact_id == viewer.pk or not row.address or row.has_written:
        return contact_name(row.contact, viewer)
    if row.added_by_id == viewer.pk:
        return str(row.address)
    # Translators: %(domain)s is what stands behind the @ of an e-mail address.
    return _("Somebody at %(domain)s") % {"domain": row.address.rpartition("@")[2]}
