"""One ticket for somebody without an account, and a new link by mail (F10)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.access import guest_links
from wagtail_helpdesk.access.files import serve_attachment
from wagtail_helpdesk.actions import SendGuestLink
from wagtail_helpdesk.forms.spam import client_address
from wagtail_helpdesk.models import Attachment, Ticket
from wagtail_helpdesk.portal.guest_entry import (
    GuestVisit,
    for_guests,
    guest_rules,
    render_plain,
)
from wagtail_helpdesk.portal.views import ticket_detail, transcript
from wagtail_helpdesk.portal.views.ticket_moved import find_current
from wagtail_helpdesk.rate_limits import count_attempt
from wagtail_helpdesk.system_pages import too_many_requests

#: New links that one place may ask for, and in how many seconds.
ASKS = (10, 60 * 60)


class NewLinkForm(forms.Form):
    """To whom a new link goes."""

    use_required_attribute = False

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )


@for_guests
def show(
    page: Any, request: HttpRequest, token: str, visit: GuestVisit | None
) -> HttpResponseBase:
    """The ticket; a POST replies to it. Opening it changes nothing: scanners do that.

    Args:
        page: The portal's page.
        request: The request.
        token: From the address; anything at all.
        visit: Whose link it is, if it works.
    """
    if visit is not None:
        ticket = find_current(visit, visit.link.ticket)
        if ticket is not None:
            response = ticket_detail.answer(visit, ticket)
            if response.status_code != 404:
                return response
    if request.method == "POST" and request.POST.get("action") == "renew":
        return _renew(page, request, token)
    return _over(page, request, token, NewLinkForm(), status=410)


@for_guests
def transcript_file(
    page: Any, request: HttpRequest, token: str, visit: GuestVisit | None
) -> HttpResponseBase:
    """The ticket as a file, by the same link.

    Args:
        page: The portal's page.
        request: The request.
        token: From the address; anything at all.
        visit: Whose link it is, if it works.

    Raises:
        Http404: The link opens nothing.
    """
    ticket = find_current(visit, visit.link.ticket) if visit is not None else None
    if visit is None or ticket is None:
        raise Http404
    return transcript.file_of(visit, ticket)


@for_guests
def file(
    page: Any,
    request: HttpRequest,
    token: str,
    visit: GuestVisit | None,
    public_id: str,
) -> HttpResponseBase:
    """A file of the ticket, by the same link and the same rule as its message.

    Args:
        page: The portal's page.
        request: The request.
        token: From the address; anything at all.
        visit: Whose link it is, if it works.
        public_id: The attachment's public id.

    Raises:
        Http404: There is no such file, or the link does not open it.
    """
    if visit is None or "\x00" in public_id:
        raise Http404
    found = (
        Attachment.objects.visible_to_contact(visit.contact, visit.rules)
        .filter(
            public_id=public_id,
            message__conversation__ticket__in=Ticket.objects.named(visit.link.ticket),
        )
        .first()
    )
    if found is None:
        raise Http404
    return serve_attachment(request, found)


def _over(
    page: Any, request: HttpRequest, token: str, form: forms.Form, *, status: int
) -> HttpResponseBase:
    """The link opens nothing: one page for every reason there is."""
    context = {"form": form, "unsent": request.POST.get("body", "")}
    return render_plain(page, request, token, "guest_over.html", context, status=status)


def _renew(page: Any, request: HttpRequest, token: str) -> HttpResponseBase:
    """Mail a new link to the owner of an address, and tell nobody whether it went."""
    form = NewLinkForm(request.POST)
    if not form.is_valid():
        return _over(page, request, token, form, status=400)
    attempt = count_attempt(ASKS, scope="guest link", who=client_address(request))
    if attempt.wait:
        return too_many_requests(request, wait=attempt.wait)
    SendGuestLink(
        email=form.cleaned_data["email"],
        ticket=guest_links.ticket_named_by(token),
        portal=guest_rules(page),
    ).execute()
    return render_plain(page, request, token, "guest_asked.html", {}, status=200)
