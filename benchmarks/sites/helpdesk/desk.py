"""What tickets need: pipeline, inboxes, channels, agents, contacts, accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from benchmarks.dataset import Dataset
from benchmarks.dataset.core import DAYS, END
from benchmarks.sinks import Sink
from benchmarks.sites.helpdesk.tickets import contact_rows, organization_rows
from wagtail_helpdesk.actions import RegisterAgent
from wagtail_helpdesk.models import (
    Agent,
    Channel,
    Contact,
    Event,
    Identity,
    Inbox,
    Membership,
    Organization,
    Pipeline,
    Stage,
    SupportForm,
)

#: The group that may read the private sections of the knowledge base.
READERS = "Partners"
FORM_KEY = "contact"
#: The models whose tables ``load_people`` fills.
TABLES = (Organization, Contact, Identity, Membership)
_SINCE = END - timedelta(days=DAYS + 1)
_STAGES = (
    ("new", "New", Stage.Category.NEW),
    ("open", "In progress", Stage.Category.OPEN),
    ("waiting", "Waiting for the customer", Stage.Category.WAITING),
    ("closed", "Closed", Stage.Category.CLOSED),
)


@dataclass
class Desk:
    """The desk of the data set, each list in the data set's order.

    Attributes:
        stages: The stages of the one pipeline.
        inboxes: The inboxes.
        channels: The form channel of each inbox.
        portal_channel: What customers send from the portal comes in here.
        agents: The agents, members of all inboxes.
    """

    stages: list[Stage] = field(default_factory=list)
    inboxes: list[Inbox] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    portal_channel: Channel | None = None
    agents: list[Agent] = field(default_factory=list)


def load_desk(data: Dataset) -> Desk:
    """Make the desk; the tables are empty before."""
    desk = Desk()
    pipeline = Pipeline.objects.create(name="Support")
    for order, (key, name, category) in enumerate(_STAGES):
        desk.stages.append(
            Stage.objects.create(
                pipeline=pipeline, key=key, name=name, category=category, order=order
            )
        )
    for record in data.inboxes():
        inbox = Inbox.objects.create(
            name=record.name, from_email=record.email, default_pipeline=pipeline
        )
        desk.inboxes.append(inbox)
        desk.channels.append(
            Channel.objects.create(inbox=inbox, type="form", name=f"{inbox} form")
        )
    desk.portal_channel = Channel.objects.create(
        inbox=desk.inboxes[0], type="portal", name="Portal"
    )
    Channel.objects.create(inbox=desk.inboxes[0], type="email", name="Support mail")
    for person in data.agents():
        user = make_user(person.email, person.first_name, person.last_name)
        action = RegisterAgent(user=user, inboxes=desk.inboxes)
        desk.agents.append(action.execute())
    return desk


def load_people(data: Dataset) -> None:
    """Organizations, contacts with their addresses, and memberships."""
    rng = Random(f"{data.seed}/people")
    organizations, contacts = Sink(Organization), Sink(Contact)
    organizations.add_all(
        {**row, "created_at": _SINCE} for row in organization_rows(data, rng)
    )
    contacts.add_all({**row, "created_at": _SINCE} for row in contact_rows(data, rng))
    Sink(Identity).add_all(
        {
            "id": contact.number + 1,
            "contact_id": contact.number + 1,
            "kind": Identity.Kind.EMAIL.value,
            "value": contact.email,
            "created_at": _SINCE,
        }
        for contact in data.contacts()
    )
    Sink(Membership, own_id=False).add_all(
        {"contact_id": contact.number + 1, "organization_id": contact.organization + 1}
        for contact in data.contacts()
        if contact.organization is not None
    )
    Sink(Event, own_id=False).add_all(
        {
            "kind": Event.Kind.CONTACT_CREATED.value,
            "contact_id": number + 1,
            "actor_contact_id": number + 1,
            "created_at": _SINCE,
        }
        for number in range(data.people.contacts)
    )


def signed_in(data: Dataset) -> dict[str, int]:
    """The contacts whom the workloads sign in, by what they stand for."""
    return {
        "customer_small": data.people.small_contact,
        "customer_huge": data.people.huge_contact,
        "customer_group_member": data.people.huge_contact + 1,
    }


def load_accounts(data: Dataset) -> None:
    """Accounts of those contacts."""
    readers = Group.objects.get_or_create(name=READERS)[0]
    for name, number in signed_in(data).items():
        contact = data.people.contact(number)
        user = make_user(contact.email, *contact.name.split(" ", 1))
        # As ``actions.ClaimContact`` leaves it, which is slow with many organizations.
        Contact.objects.filter(pk=number + 1).update(user=user)
        Identity.objects.filter(contact=number + 1).update(verified_at=END)
        if name == "customer_group_member":
            user.groups.add(readers)


def load_form(desk: Desk, locale: Any) -> SupportForm:
    """The support form of the contact page, with the fields a new form has."""
    form = SupportForm.objects.create(
        locale=locale, name="Contact", key=FORM_KEY, channel=desk.channels[0]
    )
    form.save_revision().publish()
    return form


def make_user(email: str, first_name: str, last_name: str) -> Any:
    """An account that nobody can sign in to with a password."""
    user = get_user_model()(
        username=email, email=email, first_name=first_name, last_name=last_name
    )
    user.set_unusable_password()
    user.save()
    return user
