"""What the portal's tests stand on: a portal, customers, tickets with messages."""

from __future__ import annotations

import re
from typing import Any

from django.utils import timezone
from wagtail.models import Site

from tests.factories import (
    ChannelFactory,
    ConversationFactory,
    InboxFactory,
    MessageFactory,
    TicketFactory,
)
from wagtail_helpdesk.models import Conversation, Message, Stage, Ticket
from wagtail_helpdesk.portal.models import PortalHomePage, PortalSupportForm

#: Differs at every rendering, as it should.
_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


def make_portal(*, inbox: Any = None, **kwargs: Any) -> PortalHomePage:
    """A published portal at ``/support/`` that takes new requests."""
    kwargs.setdefault("title", "Customer portal")
    kwargs.setdefault("slug", "support")
    if "channel" not in kwargs:
        kwargs["channel"] = ChannelFactory(
            type="portal", name="Portal", inbox=inbox or InboxFactory()
        )
    form = kwargs.pop("support_form", None)
    page = PortalHomePage(live=True, **kwargs)
    root = Site.objects.get(is_default_site=True).root_page
    root.add_child(instance=page)
    if form is not None:
        connect(page, form)
    return page


def change(page: PortalHomePage, **fields: Any) -> None:
    """Set fields of the portal."""
    for name, value in fields.items():
        setattr(page, name, value)
    page.save()


def connect(page: PortalHomePage, *forms: Any, **words: Any) -> None:
    """Connect these support forms and no others; a dictionary has words beside it."""
    rows = [form if isinstance(form, dict) else {"form": form} for form in forms]
    page.support_forms = [
        PortalSupportForm(sort_order=number, **{**words, **row})
        for number, row in enumerate(rows)
    ]
    page.save()


def make_ticket(
    contact: Any, *texts: str, closed: bool = False, **kwargs: Any
) -> Ticket:
    """A ticket of a contact with one conversation that holds these messages."""
    ticket = TicketFactory(contact=contact, **kwargs)
    conversation = ConversationFactory(ticket=ticket)
    for text in texts:
        MessageFactory(conversation=conversation, body_text=text)
    if closed:
        close(ticket)
    return ticket


def close(ticket: Ticket, **kwargs: Any) -> None:
    """Put a ticket into its pipeline's closed stage."""
    ticket.stage_before_closing = ticket.stage
    ticket.stage = ticket.pipeline.stages.get(category=Stage.Category.CLOSED)
    ticket.is_closed = True
    ticket.closed_at = kwargs.get("at", timezone.now())
    ticket.save()


def conversation_of(ticket: Ticket) -> Conversation:
    """The ticket's first conversation."""
    return ticket.conversations.order_by("pk")[:1].get()


def answer(ticket: Ticket, agent: Any, text: str, **kwargs: Any) -> Message:
    """An agent's reply that has left."""
    return MessageFactory(
        conversation=conversation_of(ticket),
        direction="outbound",
        author_agent=agent,
        body_text=text,
        **kwargs,
    )


def without_csrf(content: bytes) -> str:
    """A page without its CSRF tokens."""
    return _CSRF.sub("", content.decode())
