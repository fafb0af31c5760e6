"""What a customer has agreed to, where and when, and its withdrawal (B57)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_helpdesk.actions import WithdrawConsent
from wagtail_helpdesk.frontend import Crumb
from wagtail_helpdesk.models import Consent
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.navigation import portal_models
from wagtail_helpdesk.portal.views.ticket_reading import not_found

_PORTAL = "portal:"


@dataclass(frozen=True)
class Place:
    """All that was agreed to in one place.

    Attributes:
        source: The place, as consents name it.
        label: The place in words.
        is_portal: Whether it is this portal.
        consents: What was agreed to, the newest first.
    """

    source: str
    label: str
    is_portal: bool
    consents: list[Consent]

    @property
    def stands(self) -> bool:
        """Whether anything is left to withdraw."""
        return any(consent.withdrawn_at is None for consent in self.consents)


def show(visit: Visit) -> HttpResponse:
    """The customer's consents; a POST withdraws those of one place."""
    places = places_of(visit)
    if visit.request.method == "POST":
        return _withdraw(visit, places)
    context = {
        "places": places,
        "privacy_url": f"{visit.url}privacy/",
        "crumbs": [
            Crumb(visit.labels.mine, visit.url),
            Crumb(_("Privacy and consent")),
        ],
    }
    return visit.render("privacy.html", context)


def places_of(visit: Visit) -> list[Place]:
    """What the customer has agreed to, by place, the newest place first."""
    found: dict[str, list[Consent]] = {}
    rows = Consent.objects.filter(contact=visit.contact)
    for consent in rows.order_by("-given_at", "-pk"):
        found.setdefault(consent.source, []).append(consent)
    own = visit.page.consent_source
    titles = _titles(source for source in found if source != own)
    titles[own] = visit.page.title
    return [
        Place(
            source=source,
            label=titles.get(source) or _label(source),
            is_portal=source == own,
            consents=consents,
        )
        for source, consents in found.items()
    ]


def _withdraw(visit: Visit, places: Iterable[Place]) -> HttpResponse:
    source = visit.request.POST.get("source", "")
    if source not in {place.source for place in places}:
        # Somebody else's, or none at all: the same answer.
        return not_found(visit)
    if WithdrawConsent(contact=visit.contact, source=source).execute():
        messages.success(visit.request, _("You have withdrawn your consent."))
    return HttpResponseRedirect(f"{visit.url}privacy/")


def _titles(sources: Iterable[str]) -> dict[str, str]:
    """The titles of other portals, by source."""
    keys = []
    for source in sources:
        if source.startswith(_PORTAL):
            try:
                keys.append(UUID(source.removeprefix(_PORTAL)))
            except ValueError:
                continue
    if not keys:
        return {}
    return {
        f"{_PORTAL}{key}": title
        for model in portal_models()
        for key, title in model.objects.filter(translation_key__in=keys)
        .order_by("-pk")
        .values_list("translation_key", "title")
    }


def _label(source: str) -> str:
    if source.startswith("form:"):
        return pgettext("where somebody agreed", "A form on this site")
    if source.startswith(_PORTAL):
        return pgettext("where somebody agreed", "A portal that is gone")
    return pgettext("where somebody agreed", "Elsewhere on this site")
