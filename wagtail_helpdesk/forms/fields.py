"""The kinds of fields a support form can have, and the registry that holds them.

A kind says three things: which block the editor fills in, which Django form field the
visitor gets, and how the answer is kept. An app adds one from its ``ready()``::

    register_field(RatingField())
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_helpdesk.forms import bindings
from wagtail_helpdesk.forms.inputs import (
    DateInput,
    FilesField,
    LineField,
    LongTextField,
    NumberField,
    PhoneField,
    plain_number,
)
from wagtail_helpdesk.models import Priority, TicketProperty
from wagtail_helpdesk.models.properties import KEY_PATTERN, ChoiceBlock

_SHORT_LIST = 5


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
    built_in: ClassVar[tuple[str, ...]] = ()
    #: Types of custom ticket properties that an answer may fill.
    property_types: ClassVar[tuple[str, ...]] = ()
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
        return blocks.ChoiceBlock(
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
        """The answer as a JSON value, as custom ticket properties keep it."""
        return answer

    def text(self, answer: Any, form_field: forms.Field) -> str:
        """The answer as agents read it in the message."""
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


class TextField(FieldType):
    """One line of text."""

    name = "text"
    label = _("Text")
    icon = "pilcrow"
    built_in = (bindings.SUBJECT, bindings.TYPE, bindings.NAME, bindings.ORGANIZATION)
    property_types = (TicketProperty.Type.TEXT,)

    def form_field(
        self, value: Mapping[str, Any], context: FieldContext
    ) -> forms.Field:
        limit = 50 if value.get("binding") == bindings.TYPE else 255
        limit = 200 if value.get("binding") == bindings.NAME else limit
        return LineField(max_length=limit, **self.common(value))


class LongTextFieldType(FieldType):
    """Several lines of text."""

    name = "long_text"
    label = _("Long text")
    icon = "doc-full"
    built_in = (bindings.DESCRIPTION,)
    property_types = (TicketProperty.Type.TEXT,)

    def form_field(
        self, value: Mapping[str, Any], context: FieldContext
    ) -> forms.Field:
        return LongTextField(**self.common(value))


class EmailFieldType(FieldType):
    """An e-mail address."""

    name = "email"
    label = _("E-mail address")
    icon = "mail"
    built_in = (bindings.EMAIL,)
    property_types = (TicketProperty.Type.TEXT,)

    def form_field(
        self, value: Mapping[str, Any], context: FieldContext
    ) -> forms.Field:
        return forms.EmailField(max_length=254, **self.common(value))


class PhoneFieldType(FieldType):
    """A phone number."""

    name = "phone"
    label = _("Phone number")
    icon = "mobile-alt"
    built_in = (bindings.PHONE,)
    property_types = (TicketProperty.Type.TEXT,)

    def form_field(
        self, value: Mapping[str, Any], context: FieldContext
    ) -> forms.Field:
        return PhoneField(**self.common(value))


class NumberFieldType(FieldType):
    """A number."""

    name = "number"
    label = _("Number")
    icon = "decimal"
    property_types = (TicketProperty.Type.NUMBER,)

    def form_field(
        self, value: Mapping[str, Any], context: FieldContext
    ) -> forms.Field:
        return NumberField(**self.common(value))

    def stored(self, answer: Decimal) -> int | float:
        return plain_number(answer)

    def text(self, answer: Decimal, form_field: forms.Field) -> str:
        return number_format(plain_number(answer))


class DateFieldType(FieldType):
    """A date."""

    name = "date"
    label = _("Date")
    icon = "calendar-alt"
    property_types = (TicketProperty.Type.DATE,)

    def form_field(
        self, value: Mapping[str, Any], context: FieldContext
    ) -> forms.Field:
        return forms.DateField(widget=DateInput(), **self.common(value))

    def stored(self, answer: datetime.date) -> str:
        return answer.isoformat()

    def text(self, answer: datetime.date, form_field: forms.Field) -> str:
        return date_format(answer, "DATE_FORMAT")


class ChoiceFieldType(FieldType):
    """One of several: radio buttons for a few, a list for many."""

    name = "choice"
    label = _("Choice")
    icon = "list-ul"
    built_in = (bindings.PRIORITY, bindings.TYPE)
    property_types = (TicketProperty.Type.CHOICE,)

    def child_blocks(self) -> list[tuple[str, blocks.Block]]:
        choices = blocks.StreamBlock(
            [("choice", ChoiceBlock())],
            label=_("Choices"),
            required=False,
            help_text=_(
                "Leave empty to offer all priorities or the choices of the property."
            ),
        )
        return [*super().child_blocks(), ("choices", choices)]

    def pairs(
        self, value: Mapping[str, Any], context: FieldContext
    ) -> list[tuple[str, str]]:
        """Stored value and label of each choice."""
        own = [(c.value["value"], c.value["label"]) for c in value.get("choices") or ()]
        if own:
            return own
        binding = value.get("binding") or ""
        if binding == bindings.PRIORITY:
            return [(p.name.lower(), str(p.label)) for p in Priority]
        known = context.properties.get(bindings.property_key(binding))
        return list(known.choice_labels().items()) if known else []

    def form_field(
        self, value: Mapping[str, Any], context: FieldContext
    ) -> forms.Field:
        pairs = self.pairs(value, context)
        common = self.common(value)
        if len(pairs) <= _SHORT_LIST and common["required"]:
            return forms.ChoiceField(choices=pairs, widget=forms.RadioSelect, **common)
        return forms.ChoiceField(choices=[("", gettext("Choose…")), *pairs], **common)

    def text(self, answer: str, form_field: forms.Field) -> str:
        return _labels(form_field).get(answer, answer)


class ChoicesFieldType(ChoiceFieldType):
    """Any number of several."""

    name = "choices"
    label = _("Several choices")
    icon = "tasks"
    built_in = ()
    property_types = ()

    def form_field(
        self, value: Mapping[str, Any], context: FieldContext
    ) -> forms.Field:
        return forms.MultipleChoiceField(
            choices=self.pairs(value, context),
            widget=forms.CheckboxSelectMultiple,
            **self.common(value),
        )

    def text(self, answer: list[str], form_field: forms.Field) -> str:
        labels = _labels(form_field)
        return ", ".join(labels.get(value, value) for value in answer)


class CheckboxFieldType(FieldType):
    """Yes or no."""

    name = "checkbox"
    label = _("Checkbox")
    icon = "check"
    property_types = (TicketProperty.Type.CHECKBOX,)

    def form_field(
        self, value: Mapping[str, Any], context: FieldContext
    ) -> forms.Field:
        return forms.BooleanField(**self.common(value))

    def text(self, answer: bool, form_field: forms.Field) -> str:
        return gettext("Yes") if answer else gettext("No")


class FilesFieldType(FieldType):
    """Files, several at once; they become attachments of the message."""

    name = "files"
    label = _("Files")
    icon = "upload"

    def form_field(
        self, value: Mapping[str, Any], context: FieldContext
    ) -> forms.Field:
        return FilesField(**self.common(value))


class HiddenFieldType(FieldType):
    """A value that visitors never see and cannot change (B30)."""

    name = "hidden"
    label = _("Hidden value")
    icon = "view"
    built_in = (bindings.SUBJECT, bindings.PRIORITY, bindings.TYPE)
    property_types = tuple(TicketProperty.Type.values)
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
        stage = blocks.ChoiceBlock(
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


def _labels(form_field: forms.Field) -> dict[str, str]:
    choices = getattr(form_field, "choices", ())
    return {str(value): str(label) for value, label in choices}


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


_BUILT_IN: tuple[Callable[[], FieldType], ...] = (
    TextField,
    LongTextFieldType,
    EmailFieldType,
    PhoneFieldType,
    NumberFieldType,
    DateFieldType,
    ChoiceFieldType,
    ChoicesFieldType,
    CheckboxFieldType,
    FilesFieldType,
    HiddenFieldType,
    HiddenStageFieldType,
    HeadingFieldType,
)
for _kind in _BUILT_IN:
    register_field(_kind())
