"""How long customers of a portal stay signed in, as a part of its page (B59)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Site

from wagtail_helpdesk.page_urls import PageUrls


class PortalSessionMixin(models.Model):
    """The idle time-out of a portal; ``access.sessions`` keeps it."""

    class IdleMinutes(models.IntegerChoices):
        OFF = 0, _("Never")
        TWENTY = 20, _("After 20 minutes")
        FORTY = 40, _("After 40 minutes")
        HOUR = 60, _("After 60 minutes")
        DAY = 24 * 60, _("After 24 hours")

    idle_minutes = models.PositiveSmallIntegerField(
        _("sign out when idle"),
        choices=IdleMinutes,
        default=IdleMinutes.OFF,
        help_text=_(
            "Customers are warned two minutes before and stay signed in with one key. "
            "Agents and editors are not signed out."
        ),
    )

    class Meta:
        abstract = True

    session_panels: ClassVar[list[Any]] = [FieldPanel("idle_minutes")]


def idle_times(request: HttpRequest) -> Iterator[int]:
    """The idle time-outs of the site's portals that are on; see ``access.portals``.

    Of all of them, also of those that this visitor may not open: it is about how long
    somebody may be away, not about what they see.

    Args:
        request: A request to the site.
    """
    site = Site.find_for_request(request)
    if site is None:
        return
    below = PageUrls.of(request).below_roots_of(site)
    for model in apps.get_models():
        if issubclass(model, PortalSessionMixin):
            pages: Any = model._default_manager
            yield from pages.filter(below, live=True, is_active=True).values_list(
                "idle_minutes", flat=True
            )
