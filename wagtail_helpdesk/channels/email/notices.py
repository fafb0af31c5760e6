"""The notices that agents get."""

from __future__ import annotations

from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Site

from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.channels.email.content import (
    WRITES_BY_ITSELF,
    Content,
    NoLongerWanted,
    ticket_of,
    with_reference,
)
from wagtail_helpdesk.channels.email.rendering import render
from wagtail_helpdesk.models import Agent, Delivery, Event, Ticket
from wagtail_helpdesk.sanitise import text_to_html

#: How much of a customer's message a notice repeats, in characters.
MAX_EXCERPT = 4000


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


def agent_notice(delivery: Delivery, language: str) -> Content:
    """A notice to an agent who may see the ticket now, not only when it was queued.

    The text of a note is not in it: notes stay inside the workspace (UX48).
    """
    ticket, agent, event = ticket_of(delivery), delivery.agent, delivery.event
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
    return Content(
        subject=with_reference(ticket.subject, ticket),
        body=body,
        sender=ticket.inbox.sender_name,
        recipient_name=agent.full_name,
        headers=WRITES_BY_ITSELF,
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
