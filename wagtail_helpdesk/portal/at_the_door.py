"""What a portal asks of a customer who comes in, read with what its pages show (UX33).

Membership and consent are asked about anew at each request (R9), and so is the
navigation; where all of it is in the database, it is one question.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import IntegerField, TextField
from wagtail.models import Locale

from wagtail_helpdesk.models import AccessMembership, Consent, Contact
from wagtail_helpdesk.portal.frame_rows import (
    WIDTH,
    frame_in,
    frame_rows,
    frame_values,
)
from wagtail_helpdesk.statements.slots import Slot
from wagtail_helpdesk.statements.together import Statement, aligned

_KNOWN = "_helpdesk_at_the_door"


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """What is known of a customer and a portal.

    Attributes:
        page: The key of the portal's page.
        is_member: Whether they are in one of the groups that it requires.
        consents: Versions of its texts that they have agreed to, and not withdrawn.
    """

    page: int
    is_member: bool
    consents: frozenset[str]


def read_at_the_door(page: Any, contact: Contact) -> None:
    """Read it, where the portal asks for a group or for consent; else nothing.

    Args:
        page: The portal's page; its ``frame`` is known afterwards.
        contact: The customer of the request. What is known of them lasts as long as
            this object.
    """
    if not page.requires_groups and not page.asks_consent:
        return
    drafts = (page.support_forms, page.navigation_links)
    if any(rows.is_deferring for rows in drafts):
        return
    model: Any = type(page)
    statement = _statement(model, model._default_manager.db)
    values = {
        **frame_values(page),
        "contact": contact.pk,
        "source": page.consent_source,
    }
    frame, groups, consents = statement.rows(values)
    page.frame = frame_in(frame)
    if page.frame.language:
        # What is agreed to is in the page's language.
        page.locale = Locale(pk=page.locale_id, language_code=page.frame.language)
    known = AtTheDoor(
        page.pk, bool(groups), frozenset(row[WIDTH[0]] for row in consents)
    )
    setattr(contact, _KNOWN, known)


def known_at_the_door(page: Any, contact: Contact) -> AtTheDoor | None:
    """What was read of them, if it was.

    Args:
        page: The portal's page.
        contact: The customer.
    """
    known: AtTheDoor | None = getattr(contact, _KNOWN, None)
    return known if known is not None and known.page == page.pk else None


def memberships(contact: Any, groups: Any) -> Any:
    """Memberships of a contact in some access groups.

    Args:
        contact: The contact's key, or a slot.
        groups: The groups' keys, or a queryset of them.
    """
    return AccessMembership.objects.filter(contact=contact, group__in=groups)


@lru_cache(maxsize=64)
def _statement(model: type[Any], using: str) -> Statement:
    page, contact = (Slot(name, IntegerField()) for name in ("page", "contact"))
    field = model._meta.get_field("access_groups")
    required = field.remote_field.through._default_manager.filter(
        **{field.m2m_field_name(): page}
    )
    groups = memberships(contact, required.values(field.m2m_reverse_field_name()))
    consents = Consent.objects.standing().filter(
        contact=contact, source=Slot("source", TextField())
    )
    return Statement(
        frame_rows(model),
        aligned(groups, numbers=("pk",), width=WIDTH)[:1],
        aligned(consents, texts=("version",), width=WIDTH),
        using=using,
    )
