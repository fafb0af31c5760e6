"""StreamField blocks that put the help desk on any page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from wagtail_helpdesk.contact_card import contact_card
from wagtail_helpdesk.forms.inputs import LONGEST_PHONE, PhoneField
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


class PhoneBlock(blocks.CharBlock):
    """A phone number as people write it."""

    def __init__(
        self, required: bool = True, help_text: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(
            required=required, help_text=help_text, max_length=LONGEST_PHONE, **kwargs
        )
        self.field = PhoneField(required=required, help_text=help_text or "")

    def get_translatable_segments(self, value: str) -> list[Any]:
        """No text to translate, but another country may have another number.

        These two methods are wagtail-localize's contract, and called by it alone.
        """
        from wagtail_localize.segments import OverridableSegmentValue

        return [OverridableSegmentValue("", value)] if value else []

    def restore_translated_segments(self, value: str, segments: Iterable[Any]) -> str:
        """The number that a translator wrote, or the same."""
        for segment in segments:
            value = segment.data
        return value

    class Meta:
        icon = "mobile-alt"


class ContactCardBlock(blocks.StructBlock):
    """Ways to reach the team, whether somebody is there, by when it answers (N2)."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        required=False,
        default="",
        max_length=200,
        help_text=_("Optional."),
    )
    text = blocks.TextBlock(label=_("Text"), required=False, default="", rows=3)
    phone = PhoneBlock(label=_("Phone number"), required=False, default="")
    email = blocks.EmailBlock(label=_("E-mail address"), required=False, default="")
    form_page = blocks.PageChooserBlock(
        label=_("Page with a form"),
        required=False,
        help_text=_("Its translation is used where there is one."),
    )
    portal_page = blocks.PageChooserBlock(
        label=_("Customer portal"),
        required=False,
        help_text=_("Its translation is used where there is one."),
    )
    inbox = SettingChooserBlock(
        "wagtail_helpdesk.Inbox",
        label=_("Inbox"),
        required=False,
        help_text=_("Optional. The one that the next three speak of."),
    )
    show_email = blocks.BooleanBlock(
        label=_("Show the inbox's address"),
        required=False,
        default=False,
        help_text=_(
            "The address that its mails come from, if an e-mail channel takes mail for "
            "it and no other address stands above."
        ),
    )
    show_hours = blocks.BooleanBlock(
        label=_("Say whether somebody is there now"),
        required=False,
        default=True,
        help_text=_(
            "Such a page is made anew for every visit: caches that visitors share do "
            "not keep it."
        ),
    )
    show_answer = blocks.BooleanBlock(
        label=_("Say by when a request is answered"),
        required=False,
        default=True,
        help_text=_("If the inbox promises it. The page is made anew as well."),
    )

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add ``card``, ``is_shown`` and ``needs_styles``."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        request = context.get("request")
        on_page = None
        if request is not None:
            on_page = page_forms(request, context.get("page"))
        card = contact_card(value, on_page)
        context["card"] = card
        context["is_shown"] = bool(value.get("text")) or not card.is_empty
        if on_page is not None and context["is_shown"]:
            context["needs_styles"] = on_page.take_styles()
        return context

    class Meta:
        icon = "mail"
        label = _("Contact card")
        template = "wagtail_helpdesk/blocks/contact_card.html"
