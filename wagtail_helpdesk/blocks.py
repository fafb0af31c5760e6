"""StreamField blocks that put the help desk on any page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from wagtail_helpdesk.forms.live import page_forms


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
