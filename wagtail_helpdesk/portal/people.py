"""Who takes part in a ticket, as customers read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When
from django.utils.translation import gettext as _

from wagtail_helpdesk.models import (
    Contact,
    Message,
    Participant,
    PortalRules,
    Ticket,
)
from wagtail_helpdesk.portal.display import customer_name
from wagtail_helpdesk.statements.together import Row, aligned

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


def people_rows(
    ticket: Any, rules: PortalRules, *, now: Any = None
) -> QuerySet[Any, Any]:
    """Those who were added to a ticket, as a part of a ``Statement``.

    Args:
        ticket: The key of a ticket that the reader may see, or a slot for it.
        rules: The portal's rules.
        now: The present time or a slot for it; ``None``: what it is now.
    """
    written = Message.objects.shown_in(rules, now=now).filter(
        conversation__ticket=ticket, author_contact=OuterRef("contact")
    )
    # Needed only as long as it stands for a name.
    address = Case(When(Exists(written), then=Value("")), default=F("address"))
    rows = aligned(
        Participant.objects.filter(ticket=ticket),
        numbers=("pk", "contact_id", "added_by_id"),
        texts=("contact__name", address),
    )
    return rows.order_by("pk")[:SHOWN]


def people_in(rows: Iterable[Row], viewer: Contact) -> list[Person]:
    """The same as people, the first one first.

    Args:
        rows: What ``people_rows`` has found.
        viewer: Who reads.
    """
    return [
        Person(key, _name(*row, viewer=viewer), row[0] == viewer.pk)
        for key, *row, _none in sorted(rows)
    ]


def people_of(ticket: Ticket, viewer: Contact, rules: PortalRules) -> list[Person]:
    """Those who were added to a ticket, the first one first. Takes one query.

    Args:
        ticket: A ticket that the viewer may see.
        viewer: Who reads.
        rules: The portal's rules.
    """
    return people_in(people_rows(ticket.pk, rules), viewer)


def _name(
    contact: int, added_by: int, name: str, address: str, *, viewer: Contact
) -> str:
    """The name; not yet of somebody who was added by an address.

    Whoever added them would learn by it that the address is known here, and whose it
    is. Once they have written on this ticket, their messages have the name as well.
    """
    if contact == viewer.pk or not address:
        return customer_name(contact, name, viewer)
    if added_by == viewer.pk:
        return address
    # Translators: %(domain)s is what stands behind the @ of an e-mail address.
    return _("Somebody at %(domain)s") % {"domain": address.rpartition("@")[2]}
