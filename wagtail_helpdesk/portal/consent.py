"""Nothing of a portal shows before its consent is given (R17, B57)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)

from wagtail_helpdesk.access.consents import ConsentNotice
from wagtail_helpdesk.models import Consent, Contact
from wagtail_helpdesk.portal import kept_text
from wagtail_helpdesk.portal.at_the_door import known_at_the_door
from wagtail_helpdesk.portal.meant import portal_at
from wagtail_helpdesk.portal.navigation import portal_of

if TYPE_CHECKING:
    from wagtail_helpdesk.portal.entry import Visit

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
_BEFORE = "helpdesk_before_consent"


def before_consent(view: View) -> View:
    """Mark a route that customers reach without having agreed: it shows no ticket.

    Args:
        view: A method of the page; stands below ``for_contacts``.
    """
    setattr(view, _BEFORE, True)
    return view


def consent_first(visit: Visit, view: Callable[..., Any]) -> HttpResponse | None:
    """Lead a customer to the consent, if it is missing or older than the text.

    What they sent meanwhile is kept, and stands in its form again afterwards.

    Args:
        visit: The visit.
        view: What would answer.

    Returns:
        A redirect, or ``None`` if the view may answer.
    """
    if getattr(view, _BEFORE, False) or not needs_consent(visit.page, visit.contact):
        return None
    request = visit.request
    back = request.get_full_path()
    if request.method == "POST":
        kept_text.keep(request)
        # What was sent comes back to the page of its form.
        back = request.path
    return HttpResponseRedirect(f"{visit.url}consent/?{urlencode({'next': back})}")


def needs_consent(page: Any, contact: Contact) -> bool:
    """Whether a contact has still to agree to the present text of a portal.

    Agreeing in one language counts in all: the texts are translations of one another.

    Args:
        page: The portal's page.
        contact: The customer.
    """
    notice = page.consent_notice
    if notice is None:
        return False
    known = None
    if notice.source == page.consent_source:
        known = known_at_the_door(page, contact)
    given = (
        set(known.consents)
        if known is not None
        else set(
            Consent.objects.standing()
            .filter(contact=contact, source=notice.source)
            .values_list("version", flat=True)
        )
    )
    if notice.version in given:
        return False
    if not given:
        return True
    return given.isdisjoint(_versions_in_other_languages(page))


def _versions_in_other_languages(page: Any) -> set[str]:
    others = type(page)._default_manager.filter(
        translation_key=page.translation_key, live=True
    )
    notices = [
        other.consent_notice
        for other in others.exclude(pk=page.pk).select_related("locale")
    ]
    return {notice.version for notice in notices if notice is not None}


def sign_up_notice(request: HttpRequest, target: str) -> ConsentNotice | None:
    """What a visitor who registers agrees to; see ``access.consents``.

    It is asked for by the portal that they go on to, else by the one that the
    navigation leads to.

    Args:
        request: The request of the registration page.
        target: Where they go on to afterwards; may be empty.
    """
    page = portal_at(request, target)
    if page is None or not page.is_active:
        page = portal_of(request)
    if page is None or not page.consent_at_sign_up:
        return None
    notice: ConsentNotice | None = page.consent_notice
    return notice
