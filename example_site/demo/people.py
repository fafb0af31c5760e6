"""Who signs in to the demo: staff, agents, customers and their companies."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from wagtail_helpdesk.actions import ClaimContact, ResolveContact
from wagtail_helpdesk.models import Membership, Organization

PASSWORD = "helpdesk-demo"  # noqa: S105  (printed at every start of the demo)
PARTNERS = "Partners"
#: Who is in this access group from the beginning.
PARTNER_ADDRESSES = ("ana@acme.example",)
EDITORS = "Editors"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account.

    Attributes:
        email: Address and user name.
        first_name: First name.
        last_name: Last name.
        role: What the table of sign-ins says.
        language: Language code of a customer; empty for staff.
        groups: Django groups.
        is_manager: Whether a customer manages their organization.
    """

    email: str
    first_name: str
    last_name: str
    role: str
    language: str = ""
    groups: tuple[str, ...] = ()
    is_manager: bool = False

    @property
    def is_customer(self) -> bool:
        """Whether they ask, rather than answer."""
        return bool(self.language)

    @property
    def name(self) -> str:
        """Full name."""
        return f"{self.first_name} {self.last_name}"


ADMIN = Person("admin@example.com", "Ada", "Northwind", "superuser")
AGENTS = (
    Person("agent@example.com", "Maya", "Lindqvist", "agent, inbox Support"),
    Person("agent2@example.com", "Tomás", "Ferrer", "agent, inbox Billing"),
    Person("agent3@example.com", "Joana", "Prado", "agent, both inboxes"),
)
EDITOR = Person(
    "editor@example.com",
    "Edgar",
    "Ricci",
    "editor without the help desk",
    groups=(EDITORS,),
)
CUSTOMERS = (
    Person(
        "ana@acme.example",
        "Ana",
        "Costa",
        "customer, Acme Cold Chain, partner",
        language="en",
        is_manager=True,
    ),
    Person(
        "luis@acme.example",
        "Luis",
        "Romero",
        "customer, Acme Cold Chain",
        language="es",
    ),
    Person(
        "zoe@globex.example",
        "Zoe",
        "Carter",
        "customer, Globex Retail",
        language="en",
        is_manager=True,
    ),
    Person(
        "bruno@globex.example",
        "Bruno",
        "Almeida",
        "customer, Globex Retail",
        language="pt-br",
    ),
    Person(
        "nobody@solo.example",
        "Noor",
        "Body",
        "customer without a company or group",
        language="en",
    ),
)
EVERYONE = (ADMIN, *AGENTS, EDITOR, *CUSTOMERS)

ORGANIZATIONS = (
    ("Acme Cold Chain", "acme.example"),
    ("Globex Retail", "globex.example"),
)


def load_people() -> bool:
    """Make accounts, companies and contacts that do not exist yet.

    Returns:
        Whether anything was made.
    """
    for name, domain in ORGANIZATIONS:
        if not Organization.objects.filter(name=name).exists():
            Organization.objects.create(name=name, domains=[domain])
    users = get_user_model()._default_manager
    known = set(users.values_list("username", flat=True))
    missing = [person for person in EVERYONE if person.email not in known]
    if not missing:
        return False
    # One password for all, so it is hashed once: that takes longer than the rest.
    password = make_password(PASSWORD)
    for person in missing:
        _load_person(person, password)
    return True


def _load_person(person: Person, password: str) -> None:
    user = get_user_model()._default_manager.create(
        username=person.email,
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        password=password,
        is_staff=person is ADMIN,
        is_superuser=person is ADMIN,
    )
    user.groups.set(Group.objects.filter(name__in=person.groups))
    EmailAddress.objects.create(
        user=user, email=person.email, verified=True, primary=True
    )
    if person.is_customer:
        ResolveContact(
            email=person.email, name=person.name, language=person.language
        ).execute()
        contact = ClaimContact(user=user, email=person.email).execute()
        if person.is_manager:
            contact.memberships.update(role=Membership.Role.MANAGER)
