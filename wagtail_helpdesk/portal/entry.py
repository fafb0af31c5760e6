"""The portal's door: who may come in, and what every answer of the portal has."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers

from wagtail_helpdesk.access import sessions
from wagtail_helpdesk.access.contacts import contact_for
from wagtail_helpdesk.access.reach import Reach, reach_of
from wagtail_helpdesk.access.serving import sign_in_first
from wagtail_helpdesk.frontend import frame_context
from wagtail_helpdesk.headers import mark_page
from wagtail_helpdesk.middleware import UPLOAD_PARAM
from wagtail_helpdesk.models import Contact, PortalRules, Ticket
from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.portal import kept_text
from wagtail_helpdesk.portal.at_the_door import read_at_the_door
from wagtail_helpdesk.portal.consent import consent_first
from wagtail_helpdesk.portal.denied import denied_context
from wagtail_helpdesk.portal.labels import RequestLabels
from wagtail_helpdesk.portal.navigation import remember_portal
from wagtail_helpdesk.portal.row_html import rows_html
from wagtail_helpdesk.portal.samples import sample_context
from wagtail_helpdesk.time_zones import zone_of_contact

if TYPE_CHECKING:
    from wagtail_helpdesk.portal.mixins import PortalHomePageMixin

P = ParamSpec("P")
TEMPLATES = "wagtail_helpdesk/portal"


@dataclass(frozen=True)
class Visit:
    """One request of a customer who may come in.

    Attributes:
        page: The portal's page.
        request: The request.
        contact: The customer, known by a verified address.
        rules: The portal's rules.
        labels: What the portal calls its tickets.
    """

    page: PortalHomePageMixin
    request: HttpRequest
    contact: Contact
    rules: PortalRules
    labels: RequestLabels

    @functools.cached_property
    def url(self) -> str:
        """The portal's address, which is the list's; ends in a slash."""
        return portal_url(self.page, self.request)

    @functools.cached_property
    def reach(self) -> Reach:
        """How far this customer sees, for lists of tickets."""
        return reach_of(self.contact, self.rules)

    @property
    def gets_answers(self) -> bool:
        """Whether we may tell this customer that our answers come by mail."""
        return self.contact.wants(Contact.Mail.ANSWER)

    @property
    def is_guest(self) -> bool:
        """Whether they came by a link to one ticket, without an account."""
        return False

    @property
    def new_url(self) -> str:
        """The form's address, or an empty text if nothing new can be sent."""
        return f"{self.url}new/" if self.page.takes_new else ""

    def ticket_url(self, ticket: Ticket) -> str:
        """The address of a ticket's page."""
        return f"{self.ticket_url_base}{ticket.public_id}/"

    def shows(self, ticket: Ticket) -> bool:
        """Whether a ticket that the customer has just written to is shown to them here.

        Visibility filters may hide it (B18); without any, nothing is asked.

        Args:
            ticket: A ticket of theirs, or one that they saw before.
        """
        if self.is_guest or not self.rules.filters:
            return True
        return Ticket.objects.filter(pk=ticket.pk).passing(self.rules).exists()

    def url_after(self, ticket: Ticket) -> str:
        """Where one goes on after a change of a ticket: its page, or else the list."""
        return self.ticket_url(ticket) if self.shows(ticket) else self.url

    @property
    def ticket_url_base(self) -> str:
        """What stands before a ticket's public id in its address."""
        return f"{self.url}r/"

    def render(
        self, template: str, context: dict[str, Any], *, status: int = 200
    ) -> TemplateResponse:
        """Answer with one of the portal's templates."""
        own = {
            "visit": self,
            "labels": self.labels,
            "portal_url": self.url,
            "upload_param": UPLOAD_PARAM,
        }
        return render(
            self.page,
            self.request,
            template,
            {**own, **context},
            status=status,
            contact=None if self.is_guest else self.contact,
        )


def portal_url(page: PortalHomePageMixin, request: HttpRequest) -> str:
    """The address of a portal page, or of the request if the page has none yet."""
    return PageUrls.of(request).of_page(page) or request.path


def render(
    page: PortalHomePageMixin,
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    contact: Contact | None = None,
) -> TemplateResponse:
    """Render a page of the portal inside the site's frame.

    Args:
        page: The portal's page.
        request: The request.
        template: Name of a template in the folder ``portal``.
        context: What the template needs beside the page and the frame.
        status: The HTTP status.
        contact: The customer, if one is known, so that nobody looks again.
    """
    around = frame_context(request, page=page)
    if contact is not None:
        around["hd"].contact = contact
    page_context = page.get_context(request)
    return TemplateResponse(
        request,
        f"{TEMPLATES}/{template}",
        {**page_context, **around, **context},
        status=status,
    )


def for_contacts(
    view: Callable[Concatenate[Any, Visit, P], HttpResponseBase],
) -> Callable[Concatenate[Any, HttpRequest, P], HttpResponseBase]:
    """Let a route of a portal page see customers only, and nobody else's cache see it.

    * The portal is off: a page says so, with the status 404.
    * Nobody is signed in: to the sign-in, and back here afterwards; text that was sent
      meanwhile is kept.
    * Signed in, but not a customer with a verified address, or not through a provider
      where the portal requires that, or in none of the groups that it requires: a page
      says why, with 403.
    * The portal's consent is missing or withdrawn, or the text has changed: to the
      consent, and back here afterwards. Routes marked ``before_consent`` are let off.

    Args:
        view: A method of the page that takes a ``Visit`` where a route has a request.
    """

    @functools.wraps(view)
    def route(
        page: Any, request: HttpRequest, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        remember_portal(request, page)
        # Also what no template of ours makes, such as a refused method.
        mark_page(request)
        contact = contact_for(request.user)
        response: HttpResponseBase
        with time_zone_of(contact):
            if not page.is_active:
                response = closed(page, request)
            elif not request.user.is_authenticated:
                kept_text.keep(request)
                response = _to_sign_in(request)
            elif contact is None or not _enters(page, request, contact):
                response = _denied(page, request, contact)
            else:
                sessions.open_portal(request, str(page.pk), page.idle_minutes)
                visit = visit_of(page, request, contact)
                asked = consent_first(visit, view)
                response = asked or view(page, visit, *args, **kwargs)
            if isinstance(response, TemplateResponse):
                # Now, while the customer's time zone is active.
                response.render()
        return keep_private(response)

    return route


def _enters(page: Any, request: HttpRequest, contact: Contact) -> bool:
    read_at_the_door(page, contact)
    return bool(page.lets_in(request, contact))


def visit_of(page: Any, request: HttpRequest, contact: Contact) -> Visit:
    """The visit of a customer who may come in; nothing is asked.

    Args:
        page: The portal's page.
        request: The request, which another page may answer.
        contact: The customer.
    """
    return Visit(
        page=page,
        request=request,
        contact=contact,
        rules=page.rules,
        labels=page.labels,
    )


def preview(page: PortalHomePageMixin, request: HttpRequest) -> HttpResponse:
    """The list as customers would see it, with sample tickets."""
    remember_portal(request, page)
    columns = page.shown_columns
    samples = sample_context(columns)
    context = {
        **samples,
        "rows_html": rows_html(samples["rows"], columns),
        "labels": page.labels,
        "portal_url": portal_url(page, request),
    }
    return render(page, request, "list.html", context)


def keep_private(response: HttpResponseBase) -> HttpResponseBase:
    """What a customer sees stays out of every cache and every index."""
    patch_cache_control(response, private=True, no_store=True)
    patch_vary_headers(response, ["Cookie"])
    response["X-Robots-Tag"] = "noindex"
    return response


def time_zone_of(contact: Contact | None) -> AbstractContextManager[Any]:
    """Times as the customer reads them (UX94); the site's zone if theirs is unknown."""
    zone = zone_of_contact(contact)
    return timezone.override(zone) if zone is not None else nullcontext()


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    # What was sent comes back to the page of its form, not to where forms are sent.
    if not request.POST:
        return sign_in_first(request)
    form = request.GET.get("form", "")
    query = f"?{urlencode({'form': form})}" if form else ""
    return sign_in_first(request, back=f"{request.path}{query}")


def closed(page: Any, request: HttpRequest) -> HttpResponse:
    """Say that the portal is off, with the status 404."""
    edit_url = ""
    if (
        request.user.has_perm("wagtailadmin.access_admin")
        and page.permissions_for_user(request.user).can_edit()
    ):
        edit_url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return render(page, request, "inactive.html", {"edit_url": edit_url}, status=404)


def _denied(page: Any, request: HttpRequest, contact: Contact | None) -> HttpResponse:
    """Say why a signed-in visitor sees nothing here (F12)."""
    context = denied_context(page, request, contact)
    return render(page, request, "denied.html", context, status=403)
