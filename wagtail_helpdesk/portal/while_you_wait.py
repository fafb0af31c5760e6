"""After something new was sent: articles that may answer it meanwhile (F8)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions import CloseOwnTicket, closed_stage_for
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Deflection, Ticket
from wagtail_helpdesk.portal import suggestions
from wagtail_helpdesk.portal.entry import Visit

#: Value of ``action`` that the button "This solved it" sends.
SOLVED = "solved"


def context_for(visit: Visit, ticket: Ticket | None) -> dict[str, Any]:
    """What ``includes/while_you_wait.html`` needs.

    Args:
        visit: The visit.
        ticket: What was sent.
    """
    if ticket is None or ticket.is_closed:
        return {}
    found = suggestions.for_text(visit, ticket.subject)
    return {
        "suggestions": found,
        "solved_url": created_url(visit, ticket) if found else "",
        "may_solve": bool(found) and _may_close(visit, ticket),
    }


def created_url(visit: Visit, ticket: Ticket) -> str:
    """The address of the page after sending."""
    return f"{visit.url}new/sent/{ticket.public_id}/"


def sent_by_form(visit: Visit, reference: str) -> Ticket | None:
    """The ticket that a support form has just opened, if it is theirs to see.

    Args:
        visit: The visit.
        reference: What the form engine says was opened; may be empty.
    """
    digits = reference.rpartition("-")[2]
    if not (digits.isascii() and digits.isdigit()):
        return None
    tickets = Ticket.objects.visible_to_contact(visit.contact, visit.rules)
    return (
        tickets.filter(number=int(digits)).select_related("stage", "pipeline").first()
    )


def _may_close(visit: Visit, ticket: Ticket) -> bool:
    if not visit.rules.may_close:
        return False
    return closed_stage_for(ticket.pipeline, visit.rules) is not None


def solve(visit: Visit, ticket: Ticket) -> HttpResponse:
    """Close the request because an article has answered it, and say how to go on."""
    was_closed = ticket.is_closed
    try:
        CloseOwnTicket(
            ticket=ticket, contact=visit.contact, portal=visit.rules
        ).execute()
    except (ActionPermissionError, ActionError) as error:
        messages.error(visit.request, str(error))
    else:
        if not was_closed:
            suggestions.record(visit.request, visit.page.pk, Deflection.Kind.SOLVED)
        messages.success(visit.request, _solved_text(visit, ticket))
    return HttpResponseRedirect(visit.url_after(ticket))


def _solved_text(visit: Visit, ticket: Ticket) -> str:
    # Translators: %(reference)s is a ticket's number, such as HD-1042.
    if visit.rules.reply_on_closed and visit.rules.reopen_days:
        text = _(
            "%(reference)s is closed, since an article has answered it. If you need us "
            "after all, write a reply below: it opens it again."
        )
    else:
        text = _(
            "%(reference)s is closed, since an article has answered it. If you need us "
            "after all, send us a new message."
        )
    return text % {"reference": ticket.reference}
