"""The people of one ticket: customers add them, and take them off (F7, L23)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.access.contacts import colleagues_of
from wagtail_helpdesk.actions import AddParticipant, RemoveParticipant
from wagtail_helpdesk.channels.email.addresses import own_addresses
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.frontend import Crumb
from wagtail_helpdesk.models import MayAddPeople, Ticket, normalise_email
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.people import people_of
from wagtail_helpdesk.portal.views.ticket_moved import elsewhere
from wagtail_helpdesk.portal.views.ticket_page import requester_name
from wagtail_helpdesk.portal.views.ticket_reading import find_ticket, not_found
from wagtail_helpdesk.rate_limits import count_attempt, parse_rate
from wagtail_helpdesk.system_pages import too_many_requests

#: Most colleagues to choose from.
MOST_COLLEAGUES = 200
_SETTING = "ADD_PEOPLE_RATE_LIMIT"


class AddPersonForm(forms.Form):
    """Whom to add: a colleague by name, or anybody by address, as the portal says.

    Args:
        visit: The request.
        data: What was sent; ``None``: the empty form.
    """

    use_required_attribute = False

    colleague = forms.ChoiceField(label=gettext_lazy("A colleague"), required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("They get a mail with a link to it."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )

    def __init__(self, visit: Visit, data: Any = None) -> None:
        super().__init__(data)
        names = colleagues_of(visit.contact, visit.rules).order_by("name", "pk")
        known = list(names.values_list("public_id", "name")[:MOST_COLLEAGUES])
        choice: Any = self.fields["colleague"]
        choice.choices = [("", _("Choose…")), *known]
        if not known:
            del self.fields["colleague"]
        if visit.rules.may_add_people != MayAddPeople.ANYONE:
            del self.fields["email"]

    def clean_email(self) -> str:
        """Refuse our own addresses: a mail to one would come back as a request."""
        email: str = self.cleaned_data["email"]
        if email and normalise_email(email) in own_addresses():
            raise forms.ValidationError(_("This address is one of ours."))
        return email

    def clean(self) -> dict[str, Any]:
        """Refuse a form that names nobody, or two at once."""
        cleaned = super().clean() or {}
        named = [name for name in self.fields if cleaned.get(name)]
        if not self.errors and len(named) != 1:
            told = (
                _("Choose a colleague or write an address, not both.")
                if named
                else _("Say whom to add.")
            )
            self.add_error(next(iter(self.fields), None), told)
        return cleaned


def show(visit: Visit, public_id: str) -> HttpResponse:
    """The list with its buttons and the form; a POST adds or removes."""
    ticket = find_ticket(visit, public_id)
    if ticket is None:
        return elsewhere(visit, public_id)
    if visit.request.method != "POST":
        return _page(visit, ticket, _form(visit))
    if "remove" in visit.request.POST:
        return _remove(visit, ticket)
    return _add(visit, ticket)


def people_url(visit: Visit, ticket: Ticket) -> str:
    """The address of this page."""
    return f"{visit.ticket_url(ticket)}people/"


def _form(visit: Visit, data: Any = None) -> AddPersonForm | None:
    if visit.rules.may_add_people == MayAddPeople.NOBODY:
        return None
    form = AddPersonForm(visit, data)
    return form if form.fields else None


def _page(
    visit: Visit, ticket: Ticket, form: AddPersonForm | None, *, status: int = 200
) -> HttpResponse:
    context = {
        "ticket": ticket,
        "ticket_url": visit.ticket_url(ticket),
        "people": people_of(ticket, visit.contact, visit.rules),
        "requester": requester_name(visit, ticket),
        "is_own": ticket.contact_id == visit.contact.pk,
        "form": form,
        "crumbs": [
            Crumb(visit.labels.mine, visit.url),
            Crumb(ticket.reference, visit.ticket_url(ticket)),
            Crumb(_("People")),
        ],
    }
    return visit.render("people.html", context, status=status)


def _add(visit: Visit, ticket: Ticket) -> HttpResponse:
    form = _form(visit, visit.request.POST)
    if form is None:
        messages.error(visit.request, _("People cannot be added here."))
        return _page(visit, ticket, None, status=403)
    if not form.is_valid():
        return _page(visit, ticket, form)
    rate = parse_rate(helpdesk_settings.ADD_PEOPLE_RATE_LIMIT, setting=_SETTING)
    attempt = count_attempt(rate, scope="add people", who=f"contact:{visit.contact.pk}")
    if attempt.wait:
        return too_many_requests(visit.request, wait=attempt.wait)
    email = form.cleaned_data.get("email", "")
    try:
        AddParticipant(
            ticket=ticket,
            contact=visit.contact,
            portal=visit.rules,
            email=email,
            colleague=form.cleaned_data.get("colleague", ""),
        ).execute()
    except ActionPermissionError:
        return not_found(visit)
    except ActionError as error:
        field = error.field if error.field in form.fields else None
        form.add_error(field, str(error.message))
        return _page(visit, ticket, form)
    # The same words for an address that is known and for one that is not.
    told = _("Added. They read it now, and get a mail with the link.")
    messages.success(visit.request, told)
    return HttpResponseRedirect(people_url(visit, ticket))


def _remove(visit: Visit, ticket: Ticket) -> HttpResponse:
    key = visit.request.POST.get("remove", "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return not_found(visit)
    try:
        RemoveParticipant(
            ticket=ticket,
            contact=visit.contact,
            portal=visit.rules,
            participant=int(key),
        ).execute()
    except ActionPermissionError:
        return not_found(visit)
    except ActionError as error:
        messages.error(visit.request, str(error.message))
    else:
        messages.success(visit.request, _("Removed."))
    return HttpResponseRedirect(people_url(visit, ticket))
