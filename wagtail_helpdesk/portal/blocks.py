"""A StreamField block that puts a customer's open requests on any page."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_helpdesk.forms.live import page_forms
from wagtail_helpdesk.portal.navigation import portal_models
from wagtail_helpdesk.portal.open_requests import open_requests, portal_for, sample

MOST_REQUESTS = 10


class PortalChooserBlock(blocks.PageChooserBlock):
    """A chooser for a portal, of whichever page type."""

    @cached_property
    def target_models(self) -> list[Any]:
        """The page types of this site; blocks are made before they are known."""
        return portal_models()


class MyOpenTicketsBlock(blocks.StructBlock):
    """The open tickets of whoever is signed in, by the rules of a portal (N2, R9)."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        required=False,
        default="",
        max_length=200,
        help_text=_("Empty: what the portal calls them, such as “My requests”."),
    )
    portal = PortalChooserBlock(
        label=_("Customer portal"),
        required=False,
        help_text=_(
            "Empty: the one of the site in the language of the page. Otherwise its "
            "translation is used where there is one."
        ),
    )
    number = blocks.IntegerBlock(
        label=_("Number of requests"),
        default=5,
        min_value=1,
        max_value=MOST_REQUESTS,
        help_text=_("From 1 to 10; those with the latest activity come first."),
    )
    only_own = blocks.BooleanBlock(
        label=_("Only what the customer has opened"),
        required=False,
        default=False,
        help_text=_(
            "Off: as in the portal's list, also those of their organization and those "
            "that they take part in."
        ),
    )

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add ``requests``, ``is_preview`` and ``is_shown``."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        request = context.get("request")
        context["is_shown"], context["requests"] = False, None
        if request is None or getattr(request, "user", None) is None:
            return context
        on_page = page_forms(request, context.get("page"))
        if request.user.is_authenticated:
            on_page.keep_personal()
        else:
            on_page.keep_varying()
        is_preview = bool(getattr(request, "is_preview", False))
        portal = portal_for(on_page, value.get("portal"))
        most = max(1, min(value.get("number") or 1, MOST_REQUESTS))
        shown = None
        if portal is not None and is_preview:
            shown = sample(request, portal, most=most)
        elif portal is not None:
            only_own = bool(value.get("only_own"))
            shown = open_requests(request, portal, most=most, only_own=only_own)
        context.update(
            requests=shown,
            is_preview=is_preview,
            # Only an editor reads that there is nothing.
            is_shown=shown is not None or is_preview,
        )
        if context["is_shown"]:
            context["needs_styles"] = on_page.take_styles()
            context["needs_request_styles"] = on_page.is_first("request styles")
        return context

    class Meta:
        icon = "list-ul"
        label = _("My open requests")
        template = "wagtail_helpdesk/blocks/my_open_tickets.html"
