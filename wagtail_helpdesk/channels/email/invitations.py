"""The registration mail: a member of an access group is asked to set up an account."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Site

from wagtail_helpdesk.access.invitations import LIFETIME, hash_of, token_for
from wagtail_helpdesk.access.portal_entry import portal_of_group
from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.channels.email.addresses import own_addresses
from wagtail_helpdesk.channels.email.content import (
    WRITES_BY_ITSELF,
    Content,
    NoLongerWanted,
    refuse_unwanted,
)
from wagtail_helpdesk.channels.email.rendering import Body, filled, own_text, render
from wagtail_helpdesk.models import (
    AccessGroup,
    AccessInvitation,
    Delivery,
    EmailTemplate,
    Inbox,
    normalise_email,
)


@dataclass(frozen=True, slots=True)
class InvitationText:
    """The mail as it reads, for sending and for a preview."""

    subject: str
    body: Body
    sender: str


def _invitation_of(delivery: Delivery) -> AccessInvitation | None:
    invitations = AccessInvitation.objects.select_related("group", "contact")
    return invitations.filter(delivery=delivery).first()


def inbox_of_group(group: AccessGroup, language: str = "") -> Inbox | None:
    """In whose name the members of a group are invited: the portal's inbox.

    Args:
        group: The group.
        language: The reader's language.
    """
    portal = portal_of_group(group, language)
    if portal is not None and portal.inbox is not None:
        return portal.inbox
    return Inbox.objects.order_by("pk").first()


def inbox_of_invitation(delivery: Delivery) -> Inbox | None:
    """In whose name an invitation goes out, or ``None``: the site has no inbox.

    Raises:
        NoLongerWanted: It was replaced by a newer one.
    """
    found = _invitation_of(delivery)
    if found is None:
        raise NoLongerWanted(_("A newer invitation took its place."))
    return inbox_of_group(found.group)


def invitation_text(
    group: AccessGroup, *, name: str, link_path: str, language: str
) -> InvitationText:
    """Write the mail in the language that is active.

    Args:
        group: Whose members are invited.
        name: Whom it greets, or empty.
        link_path: The address that the link leads to, without the host.
        language: The active language's code.
    """
    portal = portal_of_group(group, language)
    inbox = inbox_of_group(group, language)
    site = Site.objects.filter(is_default_site=True).first()
    site_name = (site.site_name or site.hostname) if site is not None else ""
    company = inbox.sender_name if inbox is not None else site_name
    root = site.root_url if site is not None else ""
    values = {
        "contact_name": clean_line(name),
        "inbox_name": company,
        "portal_name": clean_line(portal.title if portal is not None else site_name),
        "days": str(LIFETIME.days),
        "link": urljoin(portal.url if portal is not None else root, link_path),
    }
    template = own_text(EmailTemplate.Key.INVITATION, language)
    subject = template.subject if template else ""
    subject = subject or _("Set up your access to {portal_name}")
    subject = clean_line(filled(subject, values))
    body = render(
        "invitation",
        {
            **values,
            "subject": subject,
            "validity": ngettext(
                "The link works once, and for %(days)s day.",
                "The link works once, and for %(days)s days.",
                LIFETIME.days,
            )
            % {"days": LIFETIME.days},
            "reason": _(
                "You get this mail because %(company)s gave you access to %(portal)s."
            )
            % {"company": company, "portal": values["portal_name"]},
        },
        language=language,
        template=template,
        values=values,
    )
    return InvitationText(subject=subject, body=body, sender=company)


def invitation(delivery: Delivery, language: str) -> Content:
    """An invitation whose token works now, not only when it was queued."""
    found = _invitation_of(delivery)
    token = token_for(delivery.token)
    if found is None or found.token_hash != hash_of(token):
        raise NoLongerWanted(_("A newer invitation took its place."))
    refuse_unwanted(found.contact)
    if found.accepted_at is not None or found.contact.user_id is not None:
        raise NoLongerWanted(_("The contact has an account."))
    if normalise_email(delivery.address) in own_addresses():
        raise NoLongerWanted(_("The address is one of our own."))
    text = invitation_text(
        found.group,
        name=found.contact.name,
        link_path=reverse("wagtail_helpdesk:invitation", args=[token]),
        language=language,
    )
    return Content(
        subject=text.subject,
        body=text.body,
        sender=text.sender,
        recipient_name=found.contact.name,
        headers=WRITES_BY_ITSELF,
    )
