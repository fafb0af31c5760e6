"""The form for a new ticket (F8)."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language

from wagtail_helpdesk.actions import OpenTicket, Origin
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.frontend import Crumb
from wagtail_helpdesk.portal import kept_text
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.forms import NewRequestForm

#: Stands for the id in the address of the page after sending, where the inbox opens no
#: tickets and the customer will find nothing in the list.
NO_TICKET = "-"


def show(visit: Visit) -> HttpResponse:
    """The empty form, or what a sent one leads to."""
    request = visit.request
    if not visit.new_url:
        return visit.render("no_form.html", {}, status=404)
    if request.method == "POST":
        return _send(visit)
    initial = {"subject": request.GET.get("subject", "").replace("\x00", "")[:200]}
    initial.update(kept_text.take(request))
    return render_form(visit, NewRequestForm(initial=initial))


def render_form(
    visit: Visit, form: NewRequestForm, *, notice: str = "", status: int = 200
) -> HttpResponse:
    """The form's page.

    Args:
        visit: The visit.
        form: The form, empty or with errors.
        notice: Why the customer is here, if they did not ask for it.
        status: The HTTP status.
    """
    context = {
        "form": form,
        "notice": notice,
        "crumbs": [
            Crumb(visit.labels.mine, visit.url),
            Crumb(visit.labels.new),
        ],
    }
    return visit.render("new.html", context, status=status)


def _send(visit: Visit) -> HttpResponse:
    request, page = visit.request, visit.page
    form = NewRequestForm(request.POST, request.FILES)
    if not form.is_valid():
        return render_form(visit, form)
    try:
        opened = OpenTicket(
            channel=page.channel,
            contact=visit.contact,
            subject=form.cleaned_data["subject"],
            body_text=form.cleaned_data["body"],
            uploads=form.uploads(),
            language=get_language() or "",
            origin=Origin(
                page_id=page.pk,
                revision_id=page.live_revision_id,
                locale=page.locale.language_code,
            ),
            client_token=form.cleaned_data["client_token"],
        ).execute()
    except ActionPermissionError as error:
        form.add_error(None, str(error))
        return render_form(visit, form, status=403)
    except ActionError as error:
        form.add_action_error(error)
        return render_form(visit, form)
    public_id = opened.ticket.public_id if opened.ticket else NO_TICKET
    kept_text.mark_sent(request, "new")
    return HttpResponseRedirect(f"{visit.new_url}sent/{public_id}/")
