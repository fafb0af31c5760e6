"""What a kind of field is, and the registry that holds the kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_helpdesk.forms import bindings
from wagtail_helpdesk.models import TicketProperty
from wagtail_helpdesk.models.properties import KEY_PATTERN


@dataclass(frozen=True)
class FieldContext:
    """What a field may need to know beyond its own block.

    Attributes:
        properties: Custom ticket properties by key, in the form's language.
    """

    properties: Mapping[str, TicketProperty] = field(default_factory=dict)


class FieldType:
    """One kind of field. Subclass it, and register an instance."""

    #: Machine word, the block's name in stored forms; never changes.
    name: ClassVar[str]
    #: What editors read.
    label: ClassVar[Any]
    #: A Wagtail icon.
    icon: ClassVar[str] = "edit"
    #: Built-in properties that an answer may fill, see ``bindings``.
    built_in: tuple[str, ...] = ()
    #: Types of custom ticket properties that an answer may fill.
    property_types: tuple[str, ...] = ()
    #: Whether an answer comes from it; a heading has none.
    is_input: ClassVar[bool] = True

    def child_blocks(self) -> list[tuple[str, blocks.Block]]:
        """What the editor fills in, in order."""
        children: list[tuple[str, blocks.Block]] = [
            ("label", blocks.CharBlock(label=_("Label"), max_length=200)),
            ("key", key_block()),
            (
                "help_text",
                blocks.CharBlock(
                    label=_("Hint"), required=False, default="", max_length=300
                ),
            ),
            ("required", blocks.BooleanBlock(label=_("Required"), required=False)),
        ]
        if self.built_in or self.property_types:
            children.append(("binding", self.binding_block()))
        return children

    def binding_block(self) -> blocks.ChoiceBlock:
        """The choice of the property that the answer fills."""
        return bindings.LookedUpChoiceBlock(
            choices=bindings.choices(self.built_in, self.property_types),
            label=_("Fills"),
            required=False,
            help_text=_("Empty: the answer stands in the message only."),
        )

    def block(self) -> blocks.StructBlock:
        """The block of this kind."""
        return blocks.StructBlock(self.child_blocks(), icon=self.icon, label=self.label)

    def form_field(
        self, value: Mapping[str, Any], context: FieldContext
    ) -> forms.Field:
        """The Django field that a visitor fills in.

        Args:
            value: The block's value.
            context: What else is known.
        """
        raise TypeError(f"{type(self).__name__} has no input")

    def common(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments that every Django field takes."""
        return {
            "label": value["label"],
            "help_text": value.get("help_text") or "",
            "required": bool(value.get("required")),
        }

    def stored(self, answer: Any) -> Any:
        """The answer as a JSON value, as custom ticket properties keep it.

        Args:
            answer: What the Django field's cleaning made of it; never empty.
        """
        return answer

    def text(self, answer: Any, form_field: forms.Field) -> str:
        """The answer as agents read it in the message.

        Args:
            answer: What the Django field's cleaning made of it; never empty.
            form_field: The Django field, with its choices.
        """
        return str(answer)


def key_block() -> blocks.RegexBlock:
    """The machine key of a field: no text, so it is never translated."""
    return blocks.RegexBlock(
        regex=KEY_PATTERN,
        label=_("Key"),
        help_text=_(
            "Lower-case letters, digits and underscores, such as order_number."
        ),
        error_messages={
            "invalid": _("Use lower-case letters, digits and underscores only.")
        },
    )


_registry: dict[str, FieldType] = {}


def register_field(field_type: FieldType) -> FieldType:
    """Offer a kind of field to editors.

    Args:
        field_type: The kind; a later one of the same name replaces the earlier.

    Returns:
        The same.
    """
    _registry[field_type.name] = field_type
    return field_type


def field_type(name: str) -> FieldType | None:
    """The kind of this name; ``None`` if the app that brought it is gone."""
    return _registry.get(name)


def stream_block() -> blocks.StreamBlock:
    """All registered kinds as one block."""
    return blocks.StreamBlock(
        [(name, kind.block()) for name, kind in _registry.items()]
    )
