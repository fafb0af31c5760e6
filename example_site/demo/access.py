"""Who opens private pages in the demo, and a company that could sign in by its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from example_site.demo.people import PARTNER_ADDRESSES, PARTNERS
from wagtail_helpdesk.actions import (
    AddAccessMembers,
    ChangeAccessGroup,
    InviteAccessMembers,
    ResolveContact,
)
from wagtail_helpdesk.models import (
    AccessGroup,
    AccessInvitation,
    Contact,
    Delivery,
    Identity,
    IdentityProvider,
)

#: A company in which a rule decides who is a member: its name and its domain.
BY_RULE = ("Acme staff", "acme.example")
#: Members who were invited and have no account yet: name, address and language.
INVITED = (
    ("Inés Duarte", "ines@friosur.example", "es"),
    ("Marco Conti", "marco@climacasa.example", "en"),
)
#: The company's own sign-in, switched off: there is no such server.
PROVIDER = ("Globex", "https://login.globex.example/", "globex.example")


def load_access() -> bool:
    """Make access groups and an identity provider, unless there are access groups.

    Returns:
        Whether anything was made.
    """
    if AccessGroup.objects.exists():
        return False
    _load_partners()
    name, domain = BY_RULE
    ChangeAccessGroup(
        name=name,
        description="Everybody who has confirmed an address of the company.",
        kind=AccessGroup.Kind.DYNAMIC,
        rule={"and": [{"field": "email_domain", "in": [domain]}]},
    ).execute()
    _load_provider()
    return True


def opening_group() -> Group:
    """The Django group of the partners, for Wagtail's own privacy."""
    return AccessGroup.objects.get(name=PARTNERS).auth_group


def _load_partners() -> None:
    group = ChangeAccessGroup(
        name=PARTNERS, description="Resellers and installers. Opens the partner guides."
    ).execute()
    partners = Contact.objects.filter(
        identities__kind=Identity.Kind.EMAIL, identities__value__in=PARTNER_ADDRESSES
    )
    invited = [
        ResolveContact(email=email, name=name, language=language).execute()
        for name, email, language in INVITED
    ]
    AddAccessMembers(group=group, contacts=[*partners, *invited]).execute()
    # One of the two is left for whoever tries the button.
    InviteAccessMembers(group=group, contacts=invited[:1]).execute()
    _let_mails_have_left(days=2)


def _let_mails_have_left(*, days: int) -> None:
    """The invitation was sent some days ago: the demo begins without mails."""
    then = timezone.now() - timedelta(days=days)
    mails = Delivery.objects.filter(kind=Delivery.Kind.INVITATION)
    mails.update(status=Delivery.Status.SENT, created_at=then, sent_at=then)
    for invitation in AccessInvitation.objects.all():
        invitation.issued_at = then
        invitation.expires_at -= timedelta(days=days)
        invitation.save(update_fields=["issued_at", "expires_at"])


def _load_provider() -> None:
    name, server, domain = PROVIDER
    if IdentityProvider.objects.filter(name=name).exists():
        return
    # The field's descriptor encrypts whatever JSON it is given.
    secrets: Any = {"client_secret": "for-the-demo-on-this-machine-only"}
    IdentityProvider.objects.create(
        name=name,
        server_url=server,
        client_id="northwind-help-desk",
        secrets=secrets,
        domains=[domain],
        is_active=False,
    )
