"""Kinds of fields that visitors do not fill in: hidden values, and headings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_helpdesk.forms import bindings
from wagtail_helpdesk.forms.registry import FieldType, key_block
from wagtail_helpdesk.models import TicketProperty


class HiddenFieldType(FieldType):
    """A value that visitors never see and cannot change (B30)."""

    name = "hidden"
    label = _("Hidden value")
    icon = "view"
    built_in: tuple[str, ...] = (bindings.SUBJECT, bindings.PRIORITY, bindings.TYPE)
    property_types: tuple[str, ...] = tuple(TicketProperty.Type.values)
    is_input = False

    def child_blocks(self) -> list[tuple[str, blocks.Block]]:
        return [
            ("label", blocks.CharBlock(label=_("Label"), max_length=200)),
            ("key", key_block()),
            ("binding", self.binding_block()),
            # No text block: a stored value is the same in every language.
            ("value", blocks.RegexBlock(regex=r"^.{1,255}$", label=_("Value"))),
        ]


class HiddenStageFieldType(FieldType):
    """The pipeline and stage in which the form's tickets start (B29)."""

    name = "hidden_stage"
    label = _("Pipeline and stage (hidden)")
    icon = "order"
    is_input = False

    def child_blocks(self) -> list[tuple[str, blocks.Block]]:
        stage = bindings.LookedUpChoiceBlock(
            choices=bindings.stage_choices,
            label=_("Pipeline and stage"),
            required=False,
            help_text=_("Empty: as the channel says."),
        )
        return [("stage", stage)]


class HeadingFieldType(FieldType):
    """A heading between fields."""

    name = "heading"
    label = _("Heading")
    icon = "title"
    is_input = False

    def child_blocks(self) -> list[tuple[str, blocks.Block]]:
        text = blocks.CharBlock(
            label=_("Explanation"), required=False, default="", max_length=500
        )
        return [
            ("heading", blocks.CharBlock(label=_("Heading"), max_length=200)),
            ("text", text),
        ]
