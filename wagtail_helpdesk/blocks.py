"""StreamField blocks that put the help desk on any page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from wagtail_helpdesk.forms.live import page_forms
from wagtail_helpdesk.forms.submission import visitor_of
from wagtail_helpdesk.opening_hours import shown_hours
from wagtail_helpdesk.promises import due_if_sent_now_to, promise_for


class SupportFormBlock(blocks.StructBlock):
    """A support form, in the language of the page it stands on (F9)."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        required=False,
        default="",
        max_length=200,
        help_text=_("Optional."),
    )

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        # By name: blocks are made while models are still being loaded.
        chooser = SnippetChooserBlock("wagtail_helpdesk.SupportForm", label=_("Form"))
        super().__init__([*(local_blocks or ()), ("form", chooser)], **kwargs)

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add ``live_form``: the form as it stands on this page, or ``None``."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["live_form"] = None
        request = context.get("request")
        support_form = value.get("form")
        if request is None or support_form is None:
            return context
        localised = support_form.localized
        if localised.live or getattr(request, "is_preview", False):
            forms = page_forms(request, context.get("page"))
            context["live_form"] = forms.live(localised)
        return context

    class Meta:
        icon = "form"
        label = _("Support form")
        template = "wagtail_helpdesk/blocks/support_form.html"


class SettingChooserBlock(blocks.ChooserBlock):
    """One of the help desk's settings, from a list of their names.

    Args:
        target_model: The name of its model, ``app_label.Model``.
    """

    widget = forms.Select()

    def __init__(self, target_model: str, **kwargs: Any) -> None:
        self.target_model = target_model
        super().__init__(**kwargs)

    def get_form_state(self, value: Any) -> Any:
        """The key as Wagtail's script for lists takes it: in a list, as a text."""
        return self.widget.format_value(self.field.prepare_value(value))

    def value_from_form(self, value: Any) -> Any:
        """What was chosen; ``None`` if that is no key."""
        try:
            return super().value_from_form(value)
        except (ValueError, OverflowError):
            return None

    class Meta:
        icon = "cogs"


class OpeningHoursBlock(blocks.StructBlock):
    """When somebody is there, with the coming holidays and what holds now (N2)."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        required=False,
        default="",
        max_length=200,
        help_text=_("Optional."),
    )
    calendar = SettingChooserBlock(
        "wagtail_helpdesk.BusinessCalendar", label=_("Business hours")
    )
    show_now = blocks.BooleanBlock(
        label=_("Say whether it is open now"),
        required=False,
        default=True,
        help_text=_(
            "Such a page is made anew for every visit: caches that visitors share do "
            "not keep it."
        ),
    )
    inbox = SettingChooserBlock(
        "wagtail_helpdesk.Inbox",
        label=_("Inbox"),
        required=False,
        help_text=_(
            "Optional. Adds by when a request to this inbox is answered, where the "
            "page says whether it is open now."
        ),
    )

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add ``hours``, ``promise`` and ``needs_styles``."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        request, calendar = context.get("request"), value.get("calendar")
        # Without a request nobody could keep the answer out of a cache.
        with_now = bool(value.get("show_now")) and request is not None
        context["hours"] = context["promise"] = None
        if calendar is None:
            return context
        context["hours"] = shown_hours(calendar, with_now=with_now)
        if request is None:
            return context
        on_page = page_forms(request, context.get("page"))
        context["needs_styles"] = on_page.take_styles()
        if with_now:
            on_page.is_momentary = True
            due = due_if_sent_now_to(value.get("inbox"))
            contact = visitor_of(request).contact if due is not None else None
            context["promise"] = promise_for(contact, due)
        return context

    class Meta:
        icon = "time"
        label = _("Opening hours")
        template = "wagtail_helpdesk/blocks/opening_hours.html"
