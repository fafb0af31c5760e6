"""The people who ask: few large organizations, many small ones, some without any."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from wagtail_helpdesk.demo import names
from wagtail_helpdesk.models import (
    Contact,
    Event,
    Identity,
    Membership,
    Organization,
    normalise_email,
)

_BATCH = 2_000
#: Each organization is about this much smaller than the one before (Zipf's law).
_SKEW = 1.1
#: One contact in so many belongs to no organization.
_SINGLE = 7


def find_or_make_contacts(*, tickets: int, since: datetime) -> list[Contact]:
    """Contacts for as many tickets; a second run finds those of the first.

    Args:
        tickets: How many tickets they will open together.
        since: When the oldest of them wrote first.

    Returns:
        Contacts whose ``organization`` is known without a query.
    """
    companies = min(200, max(4, tickets // 250))
    people = min(5_000, max(8, tickets // 12))
    with transaction.atomic():
        organizations = _organizations(companies)
        addresses = _addresses(people, companies)
        _make_missing(addresses, organizations, since)
    return _load(list(addresses))


def _organizations(count: int) -> dict[str, Organization]:
    wanted = [names.organization_name(index) for index in range(count)]
    known = set(
        Organization.objects.filter(name__in=wanted).values_list("name", flat=True)
    )
    Organization.objects.bulk_create(
        Organization(name=name, domains=[names.organization_domain(index)])
        for index, name in enumerate(wanted)
        if name not in known
    )
    rows = Organization.objects.filter(name__in=wanted).order_by("-pk")
    return {row.name: row for row in rows}


def _addresses(people: int, companies: int) -> dict[str, tuple[int, int | None]]:
    """Address to the index of the person and of their company, if they have one."""
    rng = random.Random(companies)  # noqa: S311  (no secret)
    weights = [1 / (index + 1) ** _SKEW for index in range(companies)]
    chosen = rng.choices(range(companies), weights, k=people)
    addresses: dict[str, tuple[int, int | None]] = {}
    for index in range(people):
        company = None if index % _SINGLE == _SINGLE - 1 else chosen[index]
        domain = (
            "mail.example" if company is None else names.organization_domain(company)
        )
        _language, name = names.person(index)
        address = normalise_email(f"{names.mailbox(name, index)}@{domain}")
        addresses[address] = (index, company)
    return addresses


def _make_missing(
    addresses: dict[str, tuple[int, int | None]],
    organizations: dict[str, Organization],
    since: datetime,
) -> None:
    """What ``actions.ResolveContact`` would make, with memberships, in bulk."""
    known = {row.value for row in _identities(addresses)}
    missing = [address for address in addresses if address not in known]
    contacts = []
    for address in missing:
        language, name = names.person(addresses[address][0])
        contacts.append(Contact(name=name, language=language))
    Contact.objects.bulk_create(contacts, batch_size=_BATCH)
    if contacts and not contacts[0].pk:
        # MySQL tells no ids of a bulk insert.
        ids = dict(
            Contact.objects.filter(
                public_id__in=[contact.public_id for contact in contacts]
            ).values_list("public_id", "pk")
        )
        for contact in contacts:
            contact.pk = ids[contact.public_id]
    Identity.objects.bulk_create(
        (
            Identity(contact=contact, kind=Identity.Kind.EMAIL, value=address)
            for contact, address in zip(contacts, missing, strict=True)
        ),
        batch_size=_BATCH,
    )
    memberships = []
    for contact, address in zip(contacts, missing, strict=True):
        company = addresses[address][1]
        if company is not None:
            organization = organizations[names.organization_name(company)]
            memberships.append(Membership(contact=contact, organization=organization))
    Membership.objects.bulk_create(memberships, batch_size=_BATCH)
    Event.objects.bulk_create(
        (
            Event(
                kind=Event.Kind.CONTACT_CREATED,
                contact=contact,
                actor_contact=contact,
                created_at=since,
            )
            for contact in contacts
        ),
        batch_size=_BATCH,
    )


def _identities(addresses: Iterable[str]) -> list[Identity]:
    """The rows of these addresses, some at a time: SQLite counts parameters."""
    wanted = list(addresses)
    rows: list[Identity] = []
    for start in range(0, len(wanted), 500):
        rows += Identity.objects.filter(
            kind=Identity.Kind.EMAIL, value__in=wanted[start : start + 500]
        )
    return rows


def _load(addresses: list[str]) -> list[Contact]:
    """The contacts in the order of their addresses."""
    ids = {row.value: row.contact_id for row in _identities(addresses)}
    order = [ids[address] for address in addresses]
    contacts: dict[int, Contact] = {}
    for start in range(0, len(order), 500):
        some = Contact.objects.filter(pk__in=order[start : start + 500])
        for contact in some.prefetch_related("memberships__organization"):
            contacts[contact.pk] = contact
    return [contacts[pk] for pk in order]
