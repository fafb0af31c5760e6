"""What goes out: a delivery becomes a mail in its reader's language and time zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Site

from wagtail_helpdesk.access.portals import ticket_url
from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.channels.email.addresses import (
    deliverable,
    mailbox,
    sender_address,
)
from wagtail_helpdesk.channels.email.languages import (
    agent_language,
    agent_time_zone,
    contact_language,
    language_tag,
    written_for,
)
from wagtail_helpdesk.channels.email.mail import Mail
from wagtail_helpdesk.channels.email.message_ids import message_id
from wagtail_helpdesk.channels.email.rendering import Body, filled, own_text, render
from wagtail_helpdesk.channels.email.threads import thread_headers
from wagtail_helpdesk.models import (
    Agent,
    Attachment,
    Contact,
    Delivery,
    EmailTemplate,
    Event,
    Message,
    Ticket,
)
from wagtail_helpdesk.sanitise import text_to_html

#: Files of one mail up to this size together are attached, in bytes; others are linked.
MAX_ATTACHED_BYTES = 10 * 1024 * 1024
#: How much of a customer's message a notice to an agent repeats, in characters.
MAX_EXCERPT = 4000
MAX_SUBJECT = 200

# RFC 3834, section 5. The rest is for servers that know no Auto-Submitted.
_ANSWERS_BY_ITSELF = {
    "Auto-Submitted": "auto-replied",
    "X-Auto-Response-Suppress": "All",
    "Precedence": "auto_reply",
}
_WRITES_BY_ITSELF = {
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "All",
    "Precedence": "bulk",
}


class NoLongerWanted(Exception):
    """The reason for a mail has gone since it was queued; it is not sent."""


@dataclass(frozen=True, slots=True)
class _Content:
    """What the kinds of mail differ in."""

    subject: str
    body: Body
    sender: str
    recipient_name: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    files: list[Attachment] = field(default_factory=list)


def compose(delivery: Delivery) -> Mail:
    """Build the mail of a delivery. Nothing is written.

    Args:
        delivery: What is to be sent.

    Raises:
        NoLongerWanted: Its ticket is in the trash, its agent has left the inbox,
            its contact was blocked or erased, or its message was taken back.
        AddressNotDeliverable: No ordinary mail server takes the address.
    """
    ticket = delivery.ticket
    if delivery.agent is not None:
        language, zone = agent_language(delivery.agent), agent_time_zone(delivery.agent)
    else:
        contact = delivery.contact or ticket.contact
        language, zone = contact_language(contact, ticket), contact.time_zone
    address = deliverable(delivery.address)
    from_address = sender_address(ticket.inbox)
    with written_for(language, zone):
        content = _WRITERS[Delivery.Kind(delivery.kind)](delivery, language)
        headers = {
            "Message-ID": delivery.external_id
            or message_id(delivery.token, from_address.rpartition("@")[2]),
            "Content-Language": language_tag(language),
            **thread_headers(delivery),
            **content.headers,
        }
        mail = Mail(
            subject=clean_line(content.subject, MAX_SUBJECT),
            body=content.body.text,
            from_email=mailbox(content.sender, from_address),
            to=[mailbox(content.recipient_name, address)],
            headers=headers,
        )
        mail.attach_alternative(content.body.html, "text/html")
        for attachment in content.files:
            with attachment.file.open("rb") as file:
                mail.attach(
                    clean_line(attachment.name), file.read(), _content_type(attachment)
                )
    return mail


def _content_type(attachment: Attachment) -> str:
    """The file's type. Texts and mails go as plain bytes, which keeps each byte."""
    if attachment.content_type.startswith(("text/", "message/", "multipart/")):
        return "application/octet-stream"
    return attachment.content_type or "application/octet-stream"


def _refuse_unwanted(contact: Contact) -> None:
    if contact.erased_at is not None:
        raise NoLongerWanted(_("The contact was erased."))
    if contact.is_blocked:
        raise NoLongerWanted(_("The contact is blocked."))


def _is_verified(contact: Contact, address: str) -> bool:
    """Whether the contact has shown that the address is theirs."""
    return any(
        identity.value == address and identity.verified_at is not None
        for identity in contact.identities.all()
    )


def _acknowledgement(delivery: Delivery, language: str) -> _Content:
    """The receipt of a request. Nothing in it was typed by the visitor.

    Not the subject, not the text, and the name only of a contact who has shown that
    the address is theirs: a form that mails strangers what somebody typed is a way
    to send spam.
    """
    ticket, contact = delivery.ticket, delivery.contact or delivery.ticket.contact
    _refuse_unwanted(contact)
    if ticket.deleted_at is not None:
        raise NoLongerWanted(_("The ticket is in the trash."))
    name = contact.name if _is_verified(contact, delivery.address) else ""
    company = ticket.inbox.sender_name
    link = ticket_url(ticket, language=language)
    values = {
        "contact_name": clean_line(name),
        "agent_name": company,
        "reference": ticket.reference,
        "inbox_name": company,
        "message": "",
        "link": link,
    }
    template = own_text(EmailTemplate.Key.ACKNOWLEDGEMENT, language)
    body = render(
        "acknowledgement",
        {
            "subject": ticket.reference,
            "contact_name": values["contact_name"],
            "reference": ticket.reference,
            "link": link,
            "reason": _("You get this mail because you wrote to %(company)s.")
            % {"company": company},
        },
        language=language,
        template=template,
        values=values,
    )
    subject = template.subject if template else ""
    if not subject:
        subject = _("We have received your request")
    return _Content(
        subject=_with_reference(filled(subject, values), ticket),
        body=body,
        sender=company,
        recipient_name=name,
        headers=_ANSWERS_BY_ITSELF,
    )


def _with_reference(subject: str, ticket: Ticket) -> str:
    """The subject with the ticket's number, which is never translated."""
    if ticket.reference in subject:
        return subject
    return f"[{ticket.reference}] {subject}"


def _reply(delivery: Delivery, language: str) -> _Content:
    """An agent's answer, as the customer also reads it in the portal."""
    ticket, message = delivery.ticket, delivery.message
    contact = delivery.contact or ticket.contact
    if message is None:
        raise NoLongerWanted(_("The reply was taken back."))
    _refuse_unwanted(contact)
    company = ticket.inbox.sender_name
    author = message.author_agent
    agent_name = author.display_name if author else company
    link = ticket_url(ticket, language=language)
    attached, linked = _files(message, has_link=bool(link))
    values = {
        "contact_name": clean_line(contact.name),
        "agent_name": clean_line(agent_name),
        "reference": ticket.reference,
        "inbox_name": company,
        "message": message.body_text,
        "link": link,
    }
    template = own_text(EmailTemplate.Key.REPLY, language)
    body = render(
        "reply",
        {
            "subject": ticket.subject,
            "agent_name": values["agent_name"],
            "written_at": message.created_at,
            "message": message.body_text,
            "message_html": text_to_html(message.body_text, fold=False),
            "signature": ticket.inbox.signature,
            "signature_html": text_to_html(ticket.inbox.signature, fold=False),
            "linked_files": [clean_line(file.name) for file in linked],
            "link": link,
            "reason": _("You get this mail because of your request %(reference)s.")
            % {"reference": ticket.reference},
        },
        language=language,
        template=template,
        values=values,
    )
    own_subject = filled(template.subject, values) if template else ""
    return _Content(
        subject=_with_reference(own_subject or ticket.subject, ticket),
        body=body,
        sender=f"{agent_name} – {company}" if author else company,
        recipient_name=contact.name,
        files=attached,
    )


def _files(
    message: Message, *, has_link: bool
) -> tuple[list[Attachment], list[Attachment]]:
    """Files to attach, and files to link: all if together they are too large."""
    files = list(message.attachments.order_by("pk"))
    if has_link and sum(file.size for file in files) > MAX_ATTACHED_BYTES:
        return [], files
    return files, []


def _headline(event: Event | None, ticket: Ticket) -> str:
    """What happened, in one line."""
    who = clean_line(event.actor_name) if event else str(_("The system"))
    match event.kind if event else "":
        case Event.Kind.TICKET_OPENED:
            return _("%(who)s opened %(reference)s.") % {
                "who": who,
                "reference": ticket.reference,
            }
        case Event.Kind.TICKET_ASSIGNED:
            return _("%(who)s gave you %(reference)s.") % {
                "who": who,
                "reference": ticket.reference,
            }
        case Event.Kind.NOTE_ADDED:
            return _("%(who)s wrote a note on %(reference)s.") % {
                "who": who,
                "reference": ticket.reference,
            }
        case _other:
            return _("%(who)s wrote on %(reference)s.") % {
                "who": who,
                "reference": ticket.reference,
            }


def _reason(event: Event | None, agent: Agent, ticket: Ticket) -> str:
    """Why this agent gets this notice (UX F15)."""
    if ticket.owner_id == agent.pk:
        return _("You get this mail because you own this ticket.")
    if event is None or event.kind == Event.Kind.TICKET_OPENED or not ticket.owner_id:
        return _(
            "You get this mail because you are a member of the inbox %(inbox)s."
        ) % {"inbox": ticket.inbox.name}
    return _("You get this mail because you follow this ticket.")


def _agent_notice(delivery: Delivery, language: str) -> _Content:
    """A notice to an agent who may see the ticket now, not only when it was queued.

    The text of a note is not in it: notes stay inside the workspace (UX48).
    """
    ticket, agent, event = delivery.ticket, delivery.agent, delivery.event
    if agent is None or not Ticket.objects.visible_to_agent(agent).filter(pk=ticket.pk):
        raise NoLongerWanted(_("The agent does not see the ticket any more."))
    message = delivery.message
    quoted = message.body_text if message and not message.is_note else ""
    if len(quoted) > MAX_EXCERPT:
        quoted = quoted[:MAX_EXCERPT].rstrip() + "…"
    body = render(
        "agent_notice",
        {
            "subject": ticket.reference,
            "headline": _headline(event, ticket),
            "reference": ticket.reference,
            "ticket_subject": clean_line(ticket.subject),
            "ticket_contact": clean_line(ticket.contact.display_name),
            "inbox_name": ticket.inbox.name,
            "message": quoted,
            "message_html": text_to_html(quoted, fold=False),
            "link": workspace_url(ticket),
            "reason": _reason(event, agent, ticket),
        },
        language=language,
    )
    return _Content(
        subject=_with_reference(ticket.subject, ticket),
        body=body,
        sender=ticket.inbox.sender_name,
        recipient_name=agent.full_name,
        headers=_WRITES_BY_ITSELF,
    )


def workspace_url(ticket: Ticket) -> str:
    """The absolute address of a ticket in the agent workspace."""
    base = getattr(settings, "WAGTAILADMIN_BASE_URL", "") or ""
    if not base:
        site = Site.objects.filter(is_default_site=True).first()
        base = site.root_url if site else ""
    return urljoin(
        base, reverse("wagtail_helpdesk_admin:ticket", args=[ticket.public_id])
    )


_WRITERS: dict[Delivery.Kind, Callable[[Delivery, str], _Content]] = {
    Delivery.Kind.ACKNOWLEDGEMENT: _acknowledgement,
    Delivery.Kind.REPLY: _reply,
    Delivery.Kind.AGENT_NOTICE: _agent_notice,
}
