"""The page of one ticket: its conversation, and what stands around it (F7)."""

from __future__ import annotations

from collections.abc import Mapping, Set

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import ngettext

from wagtail_helpdesk.access.follow_ups import FOLLOW_UP_PARAM
from wagtail_helpdesk.actions.change_stage import within_reopening_window
from wagtail_helpdesk.frontend import Crumb
from wagtail_helpdesk.models import MayAddPeople, Ticket
from wagtail_helpdesk.portal import kept_text
from wagtail_helpdesk.portal.display import (
    agent_name,
    contact_name,
    entries_of,
    status_sentence,
    ticket_status,
)
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.first_answer import first_answer
from wagtail_helpdesk.portal.forms import ReplyForm
from wagtail_helpdesk.portal.people import Person
from wagtail_helpdesk.portal.properties import visible_properties
from wagtail_helpdesk.portal.rating import Asked
from wagtail_helpdesk.portal.unread import note_reading, unread_keys, unread_since
from wagtail_helpdesk.portal.views.ticket_beside import read_beside
from wagtail_helpdesk.portal.views.ticket_news import seen_value
from wagtail_helpdesk.portal.views.ticket_reading import SHOWN, newest_messages

#: How many more messages the link to the earlier ones shows.
MORE = 100


def page_of(
    visit: Visit,
    ticket: Ticket,
    form: ReplyForm,
    *,
    status: int = 200,
    news: Set[int] = frozenset(),
    asked: Asked | None = None,
    chosen: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page, with the form for a reply.

    Args:
        visit: The request.
        ticket: A ticket that ``find_ticket`` has let through.
        form: The reply, empty or as it was sent.
        status: The HTTP status.
        news: Keys of messages to mark as new: the reply waits for them to be read.
        asked: The question how our help was, if an answer stands in it.
        chosen: What is chosen in it beforehand; see ``RatingForm``.
    """
    # What is unread is never among what is folded.
    first_new = unread_since(ticket)
    thread = newest_messages(visit, ticket, _number_shown(visit), since=first_new)
    beside = read_beside(visit, ticket, thread, asked=asked, chosen=chosen)
    folded = thread[0].in_total - len(thread) if thread else 0
    sentence, since = status_sentence(ticket, thread[-1] if thread else None)
    context = {
        "ticket": ticket,
        "crumbs": [
            Crumb(visit.labels.mine, visit.url),
            Crumb(ticket.reference),
        ],
        "status": ticket_status(ticket, visit.rules),
        "sentence": sentence,
        "since": since,
        "promise": first_answer(visit, ticket, thread),
        "entries": entries_of(
            thread,
            viewer=visit.contact,
            rules=visit.rules,
            news=news,
            unread=unread_keys(thread),
            files=beside.files,
        ),
        "news": news,
        "first_new": next((m.public_id for m in thread if m.pk in news), ""),
        "seen": seen_value(thread),
        "earlier": _earlier_text(folded),
        "earlier_url": f"?show={len(thread) + MORE}",
        "first_shown": thread[0].public_id if thread else "",
        "requester": requester_name(visit, ticket),
        "owner": agent_name(ticket.owner, visit.rules) if ticket.owner else "",
        "properties": visible_properties(ticket),
        "form": form,
        "asked": beside.asked,
        "composer": _composer(visit, ticket),
        **_people(visit, ticket, beside.people),
        "transcript_url": f"{visit.ticket_url(ticket)}transcript/",
        "may_close": beside.may_close,
        "follow_up_url": _follow_up_url(visit, ticket),
        "follows": _link(visit, beside.follows),
        "followed_by": _link(visit, beside.followed_by),
        "draft": f"ticket-{ticket.public_id}",
        "sent_draft": kept_text.take_sent(visit.request),
    }
    if first_new is not None:
        note_reading(visit, ticket, thread)
    template = "guest.html" if visit.is_guest else "ticket.html"
    return visit.render(template, context, status=status)


def _people(visit: Visit, ticket: Ticket, people: list[Person]) -> dict[str, object]:
    """Who takes part, and what the reader may do about it.

    A guest knows of others only what they wrote, but may leave like everybody.
    """
    if visit.is_guest:
        return {"may_leave": ticket.contact_id != visit.contact.pk}
    may_add = visit.rules.may_add_people != MayAddPeople.NOBODY
    is_own = ticket.contact_id == visit.contact.pk
    may_change = may_add or (is_own and bool(people))
    return {
        "people": people,
        "may_add_people": may_add,
        "people_url": f"{visit.ticket_url(ticket)}people/" if may_change else "",
        "may_leave": any(person.is_reader for person in people),
    }


def requester_name(visit: Visit, ticket: Ticket) -> str:
    """Whose ticket it is. A guest knows of others only what they wrote."""
    if visit.is_guest and ticket.contact_id != visit.contact.pk:
        return ""
    return contact_name(ticket.contact, visit.contact)


def _earlier_text(folded: int) -> str:
    """The link to the messages that are folded; empty if none is."""
    if not folded:
        return ""
    return ngettext(
        "Show %(count)d earlier message", "Show %(count)d earlier messages", folded
    ) % {"count": folded}


def _number_shown(visit: Visit) -> int:
    """How many messages the URL asks for; nonsense counts as not given."""
    asked = visit.request.GET.get("show", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 6:
        return max(int(asked), SHOWN)
    return SHOWN


def _composer(visit: Visit, ticket: Ticket) -> str:
    """What a reply does: ``reply``, ``reopen``, ``follow_up`` or ``closed`` (R7)."""
    if not ticket.is_closed:
        return "reply"
    if not visit.rules.reply_on_closed:
        return "closed"
    days = visit.rules.reopen_days
    if within_reopening_window(ticket, days=days, now=timezone.now()):
        return "reopen"
    return "follow_up" if visit.page.channel_id or ticket.channel_id else "closed"


def _follow_up_url(visit: Visit, ticket: Ticket) -> str:
    """The form for a new ticket that follows this one, or an empty text."""
    if not visit.new_url:
        return ""
    return f"{visit.new_url}?{FOLLOW_UP_PARAM}={ticket.public_id}"


def _link(visit: Visit, ticket: Ticket | None) -> dict[str, str] | None:
    """How a page leads to another ticket that its reader may see."""
    if ticket is None:
        return None
    return {
        "url": visit.ticket_url(ticket),
        "reference": ticket.reference,
        "subject": ticket.subject,
    }
