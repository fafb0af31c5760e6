"""Who asks and who answers: few large organizations, many with a single ticket."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from random import Random

from benchmarks.dataset.records import Agent, Contact, Inbox, Organization

#: Organizations for each ticket. Most of them ask once.
_ORGANIZATIONS = 1 / 10
#: Zipf-Mandelbrot: the share of the n-th organization is 1 / (n + shift) ** skew; the
#: largest has about 6 % of all tickets.
_SKEW, _SHIFT = 1.1, 3
#: Contacts for each ticket that an organization is expected to open.
_CONTACTS = 0.12
#: Contacts without an organization, and the share of tickets they open.
_SINGLES = 1 / 25
SINGLE_SHARE = 0.12


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words(
    "Amelia Ben Carlos Diana Elena Fernanda George Hugo Inés Javier Kieran Lucy "
    "Marcelo Natália Olivia Paula Quinn Rodrigo Sofía Thiago Umar Valeria William "
    "Ximena Yara Zac"
)
_LAST = _words(
    "Adams Barbosa Castro Dixon Espinosa Ferreira Grant Herrera Iqbal Jones Khan Lima "
    "Machado Navarro Oliveira Prieto Queiroz Reid Santos Torres Vega Walsh Xavier"
)
_COMPANY = _words(
    "Alder Beacon Cobalt Delta Ember Falcon Granite Harbor Indigo Juniper Kestrel "
    "Lumen Maple Nimbus Orchard Pioneer Quartz Rowan Summit Tundra Union Vertex "
    "Willow Zenith"
)
_TRADE = _words(
    "Logistics Foods Clinics Hotels Schools Bakeries Textiles Pharma Farms Energy "
    "Retail Studios"
)
_AGENTS = (
    "Alex Moreau",
    "Bruna Tavares",
    "Chris Weber",
    "Dana Novak",
    "Emil Larsen",
    "Fatima Haddad",
    "Gina Rossi",
    "Henry Clarke",
)
_INBOXES = ("Support", "Billing", "Returns", "Sales")


class People:
    """Organizations and contacts, found by arithmetic instead of being kept.

    Args:
        size: How many tickets they open together.

    Attributes:
        organizations: How many there are. The first is the huge one; the last is the
            small one, with three tickets of its single contact.
        contacts: How many there are.
        huge_contact: The contact of the huge organization whom the workloads sign in.
        small_contact: The same for the small organization.
    """

    def __init__(self, size: int) -> None:
        self.organizations = max(8, int(size * _ORGANIZATIONS))
        random_ones = self.organizations - 1
        weights = [1 / (rank + _SHIFT) ** _SKEW for rank in range(random_ones)]
        self._shares = list(accumulate(weights))
        total = self._shares[-1]
        tickets = size * (1 - SINGLE_SHARE)
        sizes = [1 + int(_CONTACTS * tickets * weight / total) for weight in weights]
        #: Index of the first contact of each organization, then of the singles.
        self._starts = [0, *accumulate([*sizes, 1])]
        self.singles = max(2, int(size * _SINGLES))
        self.contacts = self._starts[-1] + self.singles
        self.huge_contact = 0
        self.small_contact = self._starts[self.organizations - 1]

    def random_contact(self, rng: Random) -> int:
        """Who opens a ticket; in each organization some ask more than others."""
        if rng.random() < SINGLE_SHARE:
            return self._starts[-1] + int(self.singles * rng.random())
        at = rng.random() * self._shares[-1]
        organization = bisect_right(self._shares, at, hi=len(self._shares) - 1)
        start, end = self._starts[organization : organization + 2]
        return start + int((end - start) * rng.random() ** 2)

    def organization_of(self, contact: int) -> int | None:
        """The index of a contact's organization."""
        found = bisect_right(self._starts, contact) - 1
        return found if found < self.organizations else None

    def contact(self, index: int) -> Contact:
        """The n-th contact: half of them write English."""
        organization = self.organization_of(index)
        draw = (index * 2_654_435_761) % 2**32 / 2**32
        language = "en" if draw < 0.5 else "es" if draw < 0.8 else "pt"
        first = _FIRST[index * 7 % len(_FIRST)]
        last = _LAST[index * 11 // len(_FIRST) % len(_LAST)]
        domain = "mail.example"
        if organization is not None:
            domain = self.organization(organization).domain
        return Contact(
            number=index,
            name=f"{first} {last}",
            email=f"person{index}@{domain}",
            language=language,
            organization=organization,
        )

    def organization(self, index: int) -> Organization:
        """The n-th organization."""
        rounds, place = divmod(index, len(_COMPANY) * len(_TRADE))
        company = _COMPANY[place % len(_COMPANY)]
        trade = _TRADE[(place // len(_COMPANY) + place) % len(_TRADE)]
        name = f"{company} {trade}" + (f" {rounds + 1}" if rounds else "")
        slug = name.casefold().replace(" ", "-")
        return Organization(index, name, f"{slug}.example")


def agents() -> list[Agent]:
    """Eight agents, who work all inboxes; the first is the one of the workloads."""
    found = []
    for index, name in enumerate(_AGENTS):
        first, last = name.split()
        email = f"{first}.{last}@desk.example".casefold()
        found.append(Agent(index, first, last, email))
    return found


def inboxes() -> list[Inbox]:
    """Four inboxes; the first gets about half of the tickets."""
    return [
        Inbox(index, name, name.casefold(), f"{name.casefold()}@desk.example")
        for index, name in enumerate(_INBOXES)
    ]
