"""What goes out: a delivery becomes a mail in its reader's language and time zone."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.channels.email.addresses import (
    deliverable,
    mailbox,
    sender_address,
)
from wagtail_helpdesk.channels.email.content import (
    ANSWERS_BY_ITSELF,
    Content,
    NoLongerWanted,
    is_verified,
    link_for,
    refuse_unwanted,
    ticket_of,
    with_reference,
)
from wagtail_helpdesk.channels.email.guest_links import guest_link
from wagtail_helpdesk.channels.email.invitations import inbox_of_invitation, invitation
from wagtail_helpdesk.channels.email.languages import (
    agent_language,
    agent_time_zone,
    contact_language,
    language_tag,
    written_for,
)
from wagtail_helpdesk.channels.email.mail import Mail
from wagtail_helpdesk.channels.email.message_ids import message_id
from wagtail_helpdesk.channels.email.notices import agent_notice
from wagtail_helpdesk.channels.email.participants import participant_notice
from wagtail_helpdesk.channels.email.ratings import rating_request
from wagtail_helpdesk.channels.email.receipts import sent_for
from wagtail_helpdesk.channels.email.rendering import filled, own_text, render
from wagtail_helpdesk.channels.email.threads import thread_headers
from wagtail_helpdesk.models import (
    Attachment,
    Contact,
    Delivery,
    EmailTemplate,
    Message,
)
from wagtail_helpdesk.sanitise import text_to_html

#: Files of one mail up to this size together are attached, in bytes; others are linked.
MAX_ATTACHED_BYTES = 10 * 1024 * 1024
MAX_SUBJECT = 200


def compose(delivery: Delivery) -> Mail:
    """Build the mail of a delivery. Nothing is written.

    Args:
        delivery: What is to be sent.

    Raises:
        NoLongerWanted: Its ticket is in the trash, its agent has left the inbox,
            its contact was blocked or erased or has switched such mails off, its
            message was taken back, its invitation is used or replaced, or its
            question is answered or over.
        AddressNotDeliverable: No ordinary mail server takes the address.
    """
    language, zone = _reader(delivery)
    address = deliverable(delivery.address)
    from_address = _from_address(delivery)
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


def _reader(delivery: Delivery) -> tuple[str, str]:
    """The language and the time zone of whoever reads the mail."""
    if delivery.agent is not None:
        return agent_language(delivery.agent), agent_time_zone(delivery.agent)
    contact = delivery.contact
    if contact is None:
        contact = ticket_of(delivery).contact
    return contact_language(contact, delivery.ticket), contact.time_zone


def _from_address(delivery: Delivery) -> str:
    """The address the mail comes from."""
    if delivery.kind == Delivery.Kind.INVITATION:
        return sender_address(inbox_of_invitation(delivery))
    return sender_address(ticket_of(delivery).inbox)


def _content_type(attachment: Attachment) -> str:
    """The file's type. Texts and mails go as plain bytes, which keeps each byte."""
    if attachment.content_type.startswith(("text/", "message/", "multipart/")):
        return "application/octet-stream"
    return attachment.content_type or "application/octet-stream"


def _acknowledgement(delivery: Delivery, language: str) -> Content:
    """The receipt of a request. Nothing in it was typed by the visitor.

    Not the subject, not the text, and the name only of a contact who has shown that
    the address is theirs: a form that mails strangers what somebody typed is a way
    to send spam.
    """
    ticket = ticket_of(delivery)
    contact = delivery.contact or ticket.contact
    refuse_unwanted(contact, Contact.Mail.RECEIVED)
    if ticket.deleted_at is not None:
        raise NoLongerWanted(_("The ticket is in the trash."))
    name = contact.name if is_verified(contact, delivery.address) else ""
    company = ticket.inbox.sender_name
    link = link_for(delivery, language)
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
            **sent_for(delivery, ticket, contact),
        },
        language=language,
        template=template,
        values=values,
    )
    subject = template.subject if template else ""
    if not subject:
        subject = _("We have received your request")
    return Content(
        subject=with_reference(filled(subject, values), ticket),
        body=body,
        sender=company,
        recipient_name=name,
        headers=ANSWERS_BY_ITSELF,
    )


def _reply(delivery: Delivery, language: str) -> Content:
    """An agent's answer, as the customer also reads it in the portal."""
    ticket, message = ticket_of(delivery), delivery.message
    contact = delivery.contact or ticket.contact
    if message is None:
        raise NoLongerWanted(_("The reply was taken back."))
    refuse_unwanted(contact, _kind_of_reply(delivery, contact))
    company = ticket.inbox.sender_name
    author = message.author_agent
    agent_name = author.display_name if author else company
    link = link_for(delivery, language)
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
    return Content(
        subject=with_reference(own_subject or ticket.subject, ticket),
        body=body,
        sender=f"{agent_name} – {company}" if author else company,
        recipient_name=contact.name,
        files=attached,
    )


def _kind_of_reply(delivery: Delivery, contact: Contact) -> Contact.Mail:
    """Whether a reply answers what the contact asked, or somebody they are copied to.

    Args:
        delivery: The mail of a reply.
        contact: Who reads it.
    """
    conversation = delivery.conversation
    if contact.pk == ticket_of(delivery).contact_id or (
        conversation is not None and contact.pk == conversation.contact_id
    ):
        return Contact.Mail.ANSWER
    return Contact.Mail.TAKES_PART


def _files(
    message: Message, *, has_link: bool
) -> tuple[list[Attachment], list[Attachment]]:
    """Files to attach, and files to link: all if together they are too large."""
    files = list(message.attachments.order_by("pk"))
    if has_link and sum(file.size for file in files) > MAX_ATTACHED_BYTES:
        return [], files
    return files, []


_WRITERS: dict[Delivery.Kind, Callable[[Delivery, str], Content]] = {
    Delivery.Kind.ACKNOWLEDGEMENT: _acknowledgement,
    Delivery.Kind.REPLY: _reply,
    Delivery.Kind.AGENT_NOTICE: agent_notice,
    Delivery.Kind.INVITATION: invitation,
    Delivery.Kind.GUEST_LINK: guest_link,
    Delivery.Kind.PARTICIPANT: participant_notice,
    Delivery.Kind.RATING: rating_request,
}
