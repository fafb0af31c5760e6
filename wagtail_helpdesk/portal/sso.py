"""Which portal a sign-in leads to, for the providers that belong to one portal."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest
from wagtail.models import Locale

from wagtail_helpdesk.portal.meant import portal_meant, published_portals
from wagtail_helpdesk.portal.navigation import portal_models


def portal_choices() -> list[tuple[UUID, str]]:
    """Each portal once, by its name in the first language of the site."""
    default = Locale.get_default().pk
    found: dict[UUID, str] = {}
    for model in portal_models():
        pages = model.objects.order_by("path").values_list(
            "translation_key", "title", "locale"
        )
        for key, title, locale in pages:
            if key not in found or locale == default:
                found[key] = title
    return sorted(found.items(), key=lambda choice: choice[1])


def portal_keys(request: HttpRequest) -> Iterable[UUID]:
    """The portal that is meant; without one, every portal of the site."""
    portals = published_portals(request)
    meant = portal_meant(request, portals)
    return {page.translation_key for page in ([meant] if meant else portals)}


def by_provider_only(request: HttpRequest) -> bool:
    """Whether the portal that is meant takes only whom a provider signed in (B54).

    Without one that is meant it is the general sign-in, where also those who work here
    sign in.
    """
    meant = portal_meant(request)
    return meant is not None and bool(meant.by_provider_only)
