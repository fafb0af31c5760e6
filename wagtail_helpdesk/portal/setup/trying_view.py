"""The button that sends a test ticket."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Ticket
from wagtail_helpdesk.permissions import agent_for
from wagtail_helpdesk.portal.setup import pages
from wagtail_helpdesk.portal.setup.changes import latest
from wagtail_helpdesk.portal.setup.trying import TestForm, send_test_ticket


@require_POST
def test_ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a ticket that shows whether requests arrive.

    Args:
        request: The request.
        pk: The portal's key.
    """
    page = pages.portal_for(request, pk)
    form = TestForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This form was sent before. Load the page again."))
        return redirect(pages.CHECKLIST, page.pk)
    try:
        opened = send_test_ticket(
            latest(page), request.user, str(form.cleaned_data["token"])
        )
    except (ActionError, ActionPermissionError) as error:
        messages.error(request, str(error))
        return redirect(pages.CHECKLIST, page.pk)
    _say_arrived(request, opened.ticket)
    return redirect(pages.CHECKLIST, page.pk)


def _say_arrived(request: HttpRequest, ticket: Ticket | None) -> None:
    buttons = []
    agent = agent_for(request.user)
    if ticket is None:
        text = _("The test has arrived. The inbox opens no tickets.")
    else:
        text = _("The test has arrived as %(ticket)s.") % {"ticket": ticket.reference}
        if Ticket.objects.visible_to_agent(agent).filter(pk=ticket.pk).exists():
            url = reverse("wagtail_helpdesk_admin:ticket", args=[ticket.public_id])
            buttons.append(messages.button(url, _("Open the ticket")))
    messages.success(request, text, buttons=buttons)
