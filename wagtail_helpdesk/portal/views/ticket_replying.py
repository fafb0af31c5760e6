"""A customer's reply on a ticket (F7, R7)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions import ReceivedMessage, ReceiveMessage, ReplyAndClose
from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Ticket
from wagtail_helpdesk.portal import kept_text
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.forms import ReplyForm
from wagtail_helpdesk.portal.views import new_request
from wagtail_helpdesk.portal.views.ticket_acting import closed_text
from wagtail_helpdesk.portal.views.ticket_news import written_meanwhile
from wagtail_helpdesk.portal.views.ticket_page import page_of
from wagtail_helpdesk.portal.views.ticket_reading import not_found

#: The value of the button that closes the ticket with the reply.
REPLY_AND_CLOSE = "reply_close"


def reply(visit: Visit, ticket: Ticket) -> HttpResponse:
    """Take what was written, or show the page again with it and what is wrong."""
    request = visit.request
    form = ReplyForm(request.POST, request.FILES)
    if cut := new_request.cut_off(visit):
        form.add_cut_error(cut)
        return page_of(visit, ticket, form, status=413)
    if not form.is_valid():
        return page_of(visit, ticket, form)
    action = ReceiveMessage(
        ticket=ticket,
        contact=visit.contact,
        portal=visit.rules,
        channel=visit.page.channel,
        body_text=form.cleaned_data["body"],
        uploads=form.uploads(),
        client_token=form.cleaned_data["client_token"],
    )
    closes = request.POST.get("action") == REPLY_AND_CLOSE and visit.rules.may_close
    news = written_meanwhile(visit, ticket)
    # What has been sent already is not asked about again.
    if news and action.existing() is None:
        return _show_news(visit, ticket, form, news)
    try:
        received = (ReplyAndClose(reply=action) if closes else action).execute()
    except ActionPermissionError:
        return not_found(visit)
    except ActionError as error:
        if error.code == "closed":
            return _offer_form(visit, ticket, form, str(error.message))
        form.add_action_error(error)
        return page_of(visit, ticket, form)
    if received.created:
        messages.success(request, _sent_text(visit, ticket, received, closes=closes))
    kept_text.mark_sent(request, f"ticket-{ticket.public_id}")
    if not visit.shows(received.ticket):
        return HttpResponseRedirect(visit.url)
    url = visit.ticket_url(received.ticket)
    return HttpResponseRedirect(f"{url}#message-{received.message.public_id}")


def _show_news(
    visit: Visit, ticket: Ticket, form: ReplyForm, news: set[int]
) -> HttpResponse:
    """Nothing is sent yet: the page comes back with the text, and what is new."""
    told = _(
        "Somebody else has written meanwhile. Your reply was not sent yet: read what "
        "is new, then send it anyway or change it."
    )
    form.add_error(None, told)
    if form.uploads():
        names = ", ".join(clean_line(upload.name) for upload in form.uploads())
        form.add_error(
            "files", _("Choose your files again: %(names)s") % {"names": names}
        )
    return page_of(visit, ticket, form, status=409, news=news)


def _sent_text(
    visit: Visit, ticket: Ticket, received: ReceivedMessage, *, closes: bool
) -> str:
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
    if closes:
        return f"{_('Your reply was sent.')} {closed_text(visit, ticket)}"
    if ticket.is_closed:
        return _("Your reply was sent, and %(reference)s is open again.") % {
            "reference": ticket.reference
        }
    return _("Your reply was sent.")


def _offer_form(
    visit: Visit, ticket: Ticket, reply: ReplyForm, problem: str
) -> HttpResponse:
    """A reply on a closed ticket is not taken: offer the form, with the text in it."""
    subject = new_request.subject_of_answer(ticket.subject)
    texts = {"subject": subject, "body": reply.cleaned_data["body"]}
    offered = None
    if not visit.is_guest:
        offered = new_request.offer(
            visit, texts, notice=problem, status=409, follows=ticket
        )
    if offered is None:
        reply.add_error(None, problem)
        return page_of(visit, ticket, reply, status=409)
    return offered
