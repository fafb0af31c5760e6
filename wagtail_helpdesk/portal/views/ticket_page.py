"""The page of one ticket: its conversation, and what stands around it (F7)."""

from __future__ import annotations

from collections.abc import Set

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import ngettext

from wagtail_helpdesk.access.follow_ups import FOLLOW_UP_PARAM
from wagtail_helpdesk.actions import closed_stage_for
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
from wagtail_helpdesk.portal.people import people_of
from wagtail_helpdesk.portal.properties import visible_properties
from wagtail_helpdesk.portal.rating import Asked, asked_about
from wagtail_helpdesk.portal.unread import note_reading, reach_back, unread_of
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
) -> HttpResponse:
    """The page, with the form for a reply.

    Args:
        visit: The request.
        ticket: A ticket that ``find_ticket`` has let through.
        form: The reply, empty or as it was sent.
        status: The HTTP status.
        news: Keys of messages to mark as new: the reply waits for them to be read.
        asked: The question how our help was, if an answer stands in it.
    """
    unread = unread_of(visit, ticket)
    thread = newest_messages(visit, ticket, _number_shown(visit))
    thread = reach_back(visit, ticket, unread, thread)
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
            unread=unread.keys,
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
        "asked": asked or asked_about(visit.page, ticket, visit.contact),
        "composer": _composer(visit, ticket),
        **_people(visit, ticket),
        "transcript_url": f"{visit.ticket_url(ticket)}transcript/",
        "may_close": _may_close(visit, ticket),
        "follow_up_url": _follow_up_url(visit, ticket),
        "follows": _follows(visit, ticket),
        "followed_by": _followed_by(visit, ticket),
        "draft": f"ticket-{ticket.public_id}",
        "sent_draft": kept_text.take_sent(visit.request),
    }
    if unread.keys:
        note_reading(visit, ticket, thread, unread)
    template = "guest.html" if visit.is_guest else "ticket.html"
    return visit.render(template, context, status=status)


def _people(visit: Visit, ticket: Ticket) -> dict[str, object]:
    """Who takes part, and what the reader may do about it.

    A guest knows of others only what they wrote, but may leave like everybody.
    """
    if visit.is_guest:
        return {"may_leave": ticket.contact_id != visit.contact.pk}
    people = people_of(ticket, visit.contact, visit.rules)
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


def _may_close(visit: Visit, ticket: Ticket) -> bool:
    """Whether the button "Close" would work (R8)."""
    if not visit.rules.may_close or ticket.is_closed:
        return False
    return closed_stage_for(ticket.pipeline, visit.rules) is not None


def _follow_up_url(visit: Visit, ticket: Ticket) -> str:
    """The form for a new ticket that follows this one, or an empty text."""
    if not visit.new_url:
        return ""
    return f"{visit.new_url}?{FOLLOW_UP_PARAM}={ticket.public_id}"


def _follows(visit: Visit, ticket: Ticket) -> dict[str, str] | None:
    """The ticket that this one follows, if the customer may see it."""
    if ticket.follow_up_of_id is None or visit.is_guest:
        return None
    tickets = Ticket.objects.visible_to_contact(visit.contact, visit.rules)
    found = tickets.filter(pk=ticket.follow_up_of_id).first()
    return _link(visit, found) if found else None


def _followed_by(visit: Visit, ticket: Ticket) -> dict[str, str] | None:
    """The newest ticket that follows this closed one, if the customer may see it."""
    if not ticket.is_closed or visit.is_guest:
        return None
    tickets = Ticket.objects.visible_to_contact(visit.contact, visit.rules)
    found = tickets.filter(follow_up_of=ticket).order_by("-pk").first()
    return _link(visit, found) if found else None


def _link(visit: Visit, ticket: Ticket) -> dict[str, str]:
    return {
        "url": visit.ticket_url(ticket),
        "reference": ticket.reference,
        "subject": ticket.subject,
    }
