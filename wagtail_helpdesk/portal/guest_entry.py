"""The portal's side door: a link from a mail that opens one ticket (F10)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Concatenate, ParamSpec

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse

from wagtail_helpdesk.access import guest_links
from wagtail_helpdesk.access.contacts import contact_for
from wagtail_helpdesk.access.guest_links import BadLink, GuestLink
from wagtail_helpdesk.access.serving import sign_in_first
from wagtail_helpdesk.models import MayAddPeople, PortalRules, Ticket
from wagtail_helpdesk.portal import kept_text
from wagtail_helpdesk.portal.entry import (
    Visit,
    closed,
    keep_private,
    portal_url,
    render,
    time_zone_of,
)
from wagtail_helpdesk.portal.navigation import remember_portal

P = ParamSpec("P")


@dataclass(frozen=True)
class GuestVisit(Visit):
    """One request of somebody who came by a link.

    Attributes:
        link: What its token says.
        own_url: The address of the link itself.
    """

    link: GuestLink
    own_url: str

    @property
    def is_guest(self) -> bool:
        return True

    @property
    def new_url(self) -> str:
        """Nothing: new requests are sent by who signs in, or by a form."""
        return ""

    @property
    def sign_in_url(self) -> str:
        """The ticket's page for its contact, once they have an account."""
        return f"{self.ticket_url_base}{self.link.ticket}/"

    def ticket_url(self, ticket: Ticket) -> str:
        """The link itself: it leads to no other ticket, whichever is asked for."""
        return self.own_url

    def render(
        self, template: str, context: dict[str, Any], *, status: int = 200
    ) -> TemplateResponse:
        own = {"files_url": f"{self.own_url}files/", "sign_up_url": self._sign_up_url}
        response = super().render(
            template, {**own, **context, "crumbs": []}, status=status
        )
        _lead_away(response, self.sign_in_url)
        return response

    @functools.cached_property
    def _sign_up_url(self) -> str:
        """Where this guest registers, or empty if that would not work."""
        if self.request.user.is_authenticated:
            return ""
        rule = self.page.sign_up_rule
        address = self.contact.email
        return self.sign_in_url if rule.takes(address) else ""


def guest_rules(page: Any) -> PortalRules:
    """What a guest may of what a portal lets customers do: read and reply.

    Their own tickets and those they take part in; what an organization shares is for
    its members, who sign in.

    Args:
        page: The portal's page.
    """
    return replace(
        page.rules, sharing="own", may_close=False, may_add_people=MayAddPeople.NOBODY
    )


def for_guests(
    view: Callable[Concatenate[Any, HttpRequest, str, GuestVisit | None, P], Any],
) -> Callable[Concatenate[Any, HttpRequest, str, P], HttpResponseBase]:
    """Let a view answer who holds a link, in a portal that takes guests.

    * The portal is off: a page says so, with the status 404.
    * It takes no guests, or the contact has an account: to the ticket's own page,
      which asks for the sign-in; text that was sent meanwhile is kept.
    * The token is forged, too old or of somebody who may not: the view gets no visit,
      whichever it is.

    Args:
        view: Takes the page, the request, the token and the visit, or ``None``.
    """

    @functools.wraps(view)
    def answer(
        page: Any, request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        remember_portal(request, page)
        response: HttpResponseBase
        if not page.is_active:
            response = closed(page, request)
        elif not page.takes_guests:
            response = _to_sign_in(page, request, guest_links.ticket_named_by(token))
        else:
            visit = _visit(page, request, token)
            contact = visit.contact if visit else None
            if visit is not None and visit.contact.user_id is not None:
                response = _to_account(visit)
            else:
                with time_zone_of(contact):
                    response = view(page, request, token, visit, *args, **kwargs)
                    if isinstance(response, TemplateResponse):
                        response.render()
        return keep_link_secret(response)

    return answer


def keep_link_secret(response: HttpResponseBase) -> HttpResponseBase:
    """Let nobody keep an answer, and its address go to no other page.

    The policy is not ``no-referrer``: with it browsers send forms with
    ``Origin: null``, which the CSRF check refuses (Fetch, section 3.1).

    Args:
        response: What answers a link with a token in it.
    """
    keep_private(response)
    response.setdefault("Referrer-Policy", "strict-origin")
    return response


def render_plain(
    page: Any,
    request: HttpRequest,
    token: str,
    template: str,
    context: dict[str, Any],
    *,
    status: int,
) -> TemplateResponse:
    """A page for who is nobody here, with the same frame for all of them.

    Args:
        page: The portal's page.
        request: The request.
        token: What the address has for one.
        template: Name of a template in the folder ``portal``.
        context: What the template needs.
        status: The HTTP status.
    """
    response = render(page, request, template, context, status=status)
    _lead_away(
        response, _ticket_page(page, request, guest_links.ticket_named_by(token))
    )
    return response


def _lead_away(response: TemplateResponse, url: str) -> None:
    """Let the frame's link to the sign-in lead on to another page than this one.

    The token would go into the address of the sign-in, and from there into logs.
    """
    if response.context_data is not None:
        response.context_data["hd"].after_sign_in = url


def _visit(page: Any, request: HttpRequest, token: str) -> GuestVisit | None:
    """The visit of who holds a token that works, else ``None``."""
    try:
        link = guest_links.read_token(token, days=page.guest_days)
    except BadLink:
        return None
    contact = guest_links.contact_of(link)
    if contact is None:
        return None
    return GuestVisit(
        page=page,
        request=request,
        contact=contact,
        rules=guest_rules(page),
        labels=page.labels,
        link=link,
        own_url=f"{portal_url(page, request)}g/{token}/",
    )


def _to_account(visit: GuestVisit) -> HttpResponse:
    """Whoever has an account reads the ticket there: the link is no second key to it.

    Where they are signed in, they are there at once.
    """
    if visit.request.method == "POST":
        kept_text.keep(visit.request, url=visit.sign_in_url)
    own = contact_for(visit.request.user)
    if own is not None and own.pk == visit.contact.pk:
        return HttpResponseRedirect(visit.sign_in_url)
    return sign_in_first(visit.request, back=visit.sign_in_url)


def _to_sign_in(page: Any, request: HttpRequest, public_id: str) -> HttpResponse:
    """The same for each token: nobody has looked whether it says anything."""
    url = _ticket_page(page, request, public_id)
    if request.user.is_authenticated:
        return HttpResponseRedirect(url)
    if request.method == "POST":
        kept_text.keep(request, url=url)
    return sign_in_first(request, back=url)


def _ticket_page(page: Any, request: HttpRequest, public_id: str) -> str:
    url = portal_url(page, request)
    return f"{url}r/{public_id}/" if public_id else url
