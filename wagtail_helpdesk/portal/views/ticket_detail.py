"""One ticket with its conversation, the reply and closing (F7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import (
    Count,
    Exists,
    OuterRef,
    QuerySet,
    Window,
    prefetch_related_objects,
)
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_helpdesk.actions import (
    CloseOwnTicket,
    ReceivedMessage,
    ReceiveMessage,
    closed_stage_for,
)
from wagtail_helpdesk.actions.change_stage import within_reopening_window
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.frontend import Crumb
from wagtail_helpdesk.models import Attachment, Contact, Message, Ticket
from wagtail_helpdesk.portal import kept_text
from wagtail_helpdesk.portal.display import (
    agent_name,
    contact_name,
    entries_of,
    for_rows,
    status_sentence,
    ticket_status,
)
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.forms import ReplyForm
from wagtail_helpdesk.portal.properties import visible_properties
from wagtail_helpdesk.portal.views import new_request
from wagtail_helpdesk.statements.querysets import ask

#: Messages shown at first; the rest is one link away.
SHOWN = 20
#: How many more that link shows.
MORE = 100


def show(visit: Visit, public_id: str) -> HttpResponse:
    """The ticket; a POST replies to it or closes it."""
    ticket = find_ticket(visit, public_id)
    if ticket is None:
        return not_found(visit)
    return answer(visit, ticket)


def answer(visit: Visit, ticket: Ticket) -> HttpResponse:
    """The same of a ticket that ``find_ticket`` has let through."""
    if visit.request.method == "POST":
        if visit.request.POST.get("action") == "close":
            return _close(visit, ticket)
        return _reply(visit, ticket)
    form = ReplyForm(initial=kept_text.take(visit.request))
    return _page(visit, ticket, form)


def find_ticket(visit: Visit, public_id: str) -> Ticket | None:
    """The ticket with this id if the customer may see it (R9), else ``None``."""
    if "\x00" in public_id:
        return None
    rules = visit.rules
    # What an action reads besides, and what closing asks for.
    is_more_needed = visit.request.method == "POST" or rules.may_close

    def build(values: Mapping[str, Any]) -> QuerySet[Ticket]:
        tickets = Ticket.objects.visible_to_contact(
            Contact(pk=values["contact"]), rules
        )
        tickets = for_rows(tickets, rules).filter(public_id=values["public_id"])
        if is_more_needed:
            tickets = tickets.select_related("pipeline", "channel__inbox")
        return tickets[:1]

    found = ask(
        ("portal ticket", rules.visibility_key, rules.show_stages) + (is_more_needed,),
        {"contact": visit.contact.pk, "public_id": public_id},
        build,
        using=Ticket.objects.db,
    )
    return found[0] if found else None


def not_found(visit: Visit) -> HttpResponse:
    """The same answer for a ticket that is not there and one that is not theirs."""
    return visit.render("not_found.html", {}, status=404)


def newest_messages(visit: Visit, ticket: Ticket, number: int) -> list[Any]:
    """The newest messages that the customer may read (R10), oldest first: never a note.

    Takes two queries; one if no file came with them.

    Args:
        visit: The request.
        ticket: A ticket that ``find_ticket`` has let through.
        number: How many at most.

    Returns:
        Messages with ``in_total``, how many there are, and ``has_files``.
    """
    rules = visit.rules

    def build(values: Mapping[str, Any]) -> QuerySet[Message]:
        files = Attachment.objects.filter(message=OuterRef("pk"))
        return (
            Message.objects.shown_in(rules, now=values["now"])
            .filter(conversation__ticket=values["ticket"])
            .select_related("author_contact", "author_agent__user")
            .annotate(in_total=Window(Count("pk")), has_files=Exists(files))
            .order_by("-created_at", "-pk")[:number]
        )

    values = {"ticket": ticket.pk, "now": timezone.now()}
    using = Message.objects.db
    if number == SHOWN:
        key = ("portal messages", rules.thread_policy)
        found = ask(key, values, build, using=using)
    else:
        found = list(build(values))
    with_files = [message for message in found if message.has_files]
    if with_files:
        prefetch_related_objects(with_files, "attachments")
    return found[::-1]


def _page(
    visit: Visit, ticket: Ticket, form: ReplyForm, *, status: int = 200
) -> HttpResponse:
    shown = _number_shown(visit)
    thread = newest_messages(visit, ticket, shown)
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
        "entries": entries_of(thread, viewer=visit.contact, rules=visit.rules),
        "earlier": _earlier_text(folded),
        "earlier_url": f"?show={shown + MORE}",
        "first_shown": thread[0].public_id if thread else "",
        "requester": _requester(visit, ticket),
        "owner": agent_name(ticket.owner, visit.rules) if ticket.owner else "",
        "properties": visible_properties(ticket),
        "form": form,
        "composer": _composer(visit, ticket),
        "may_close": _may_close(visit, ticket),
        "follows": _follows(visit, ticket),
        "followed_by": _followed_by(visit, ticket),
        "draft": f"ticket-{ticket.public_id}",
        "sent_draft": kept_text.take_sent(visit.request),
    }
    template = "guest.html" if visit.is_guest else "ticket.html"
    return visit.render(template, context, status=status)


def _requester(visit: Visit, ticket: Ticket) -> str:
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


def _reply(visit: Visit, ticket: Ticket) -> HttpResponse:
    request = visit.request
    form = ReplyForm(request.POST, request.FILES)
    if cut := new_request.cut_off(visit):
        form.add_cut_error(cut)
        return _page(visit, ticket, form, status=413)
    if not form.is_valid():
        return _page(visit, ticket, form)
    try:
        received = ReceiveMessage(
            ticket=ticket,
            contact=visit.contact,
            portal=visit.rules,
            channel=visit.page.channel,
            body_text=form.cleaned_data["body"],
            uploads=form.uploads(),
            client_token=form.cleaned_data["client_token"],
        ).execute()
    except ActionPermissionError:
        return not_found(visit)
    except ActionError as error:
        if error.code == "closed":
            return _offer_form(visit, ticket, form, str(error.message))
        form.add_action_error(error)
        return _page(visit, ticket, form)
    if received.created:
        messages.success(request, _sent_text(visit, ticket, received))
    kept_text.mark_sent(request, f"ticket-{ticket.public_id}")
    if not visit.is_guest and not new_request.is_visible(visit, received.ticket):
        return HttpResponseRedirect(visit.url)
    url = visit.ticket_url(received.ticket)
    return HttpResponseRedirect(f"{url}#message-{received.message.public_id}")


def _sent_text(visit: Visit, ticket: Ticket, received: ReceivedMessage) -> str:
    if received.is_follow_up and visit.is_guest:
        # Translators: %(reference)s is a ticket's number, such as HD-1042.
        return _(
            "Your message was sent as %(reference)s. A mail brings you the link to it."
        ) % {"reference": received.ticket.reference}
    if received.is_follow_up:
        # Translators: %(reference)s is a ticket's number, such as HD-1042.
        return _("Your message was sent. It is linked to %(reference)s.") % {
            "reference": ticket.reference
        }
    if ticket.is_closed:
        return _("Your reply was sent, and %(reference)s is open again.") % {
            "reference": ticket.reference
        }
    return _("Your reply was sent.")


def _offer_form(
    visit: Visit, ticket: Ticket, reply: ReplyForm, problem: str
) -> HttpResponse:
    """A reply on a closed ticket is not taken: offer the form, with the text in it."""
    texts = {"subject": ticket.subject, "body": reply.cleaned_data["body"]}
    offered = None
    if not visit.is_guest:
        offered = new_request.offer(visit, texts, notice=problem, status=409)
    if offered is None:
        reply.add_error(None, problem)
        return _page(visit, ticket, reply, status=409)
    return offered


def _close(visit: Visit, ticket: Ticket) -> HttpResponse:
    try:
        CloseOwnTicket(
            ticket=ticket, contact=visit.contact, portal=visit.rules
        ).execute()
    except (ActionPermissionError, ActionError) as error:
        messages.error(visit.request, str(error))
    else:
        messages.success(
            visit.request,
            _("%(reference)s is closed.") % {"reference": ticket.reference},
        )
        if not new_request.is_visible(visit, ticket):
            return HttpResponseRedirect(visit.url)
    return HttpResponseRedirect(visit.ticket_url(ticket))
