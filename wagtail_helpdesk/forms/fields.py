"""The kinds of fields a support form can have.

A kind says three things: which block the editor fills in, which Django form field the
visitor gets, and how the answer is kept. An app adds one from its ``ready()``::

    register_field(RatingField())
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

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
from wagtail_helpdesk.forms.registry import (
    FieldContext,
    FieldType,
    field_type,
    key_block,
    register_field,
    stream_block,
)
from wagtail_helpdesk.models import Priority, TicketProperty
from wagtail_helpdesk.models.properties import ChoiceBlock

__all__ = [
    "FieldContext",
    "FieldType",
    "field_type",
    "register_field",
    "stream_block",
]

_SHORT_LIST = 5


class TextField(FieldType):
    """One line of text."""

    name = "text"
    label = _("Text")
    icon = "pilcrow"
    built_in: tuple[str, ...] = (
        bindings.SUBJECT,
        bindings.TYPE,
        bindings.NAME,
        bindings.ORGANIZATION,
    )
    property_types: tuple[str, ...] = (TicketProperty.Type.TEXT,)

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
    built_in: tuple[str, ...] = (bindings.DESCRIPTION,)
    property_types: tuple[str, ...] = (TicketProperty.Type.TEXT,)

    def form_field(
        self, value: Mapping[str, Any], context: FieldContext
    ) -> forms.Field:
        return LongTextField(**self.common(value))


class EmailFieldType(FieldType):
    """An e-mail address."""

    name = "email"
    label = _("E-mail address")
    icon = "mail"
    built_in: tuple[str, ...] = (bindings.EMAIL,)
    property_types: tuple[str, ...] = (TicketProperty.Type.TEXT,)

    def form_field(
        self, value: Mapping[str, Any], context: FieldContext
    ) -> forms.Field:
        return forms.EmailField(max_length=254, **self.common(value))


class PhoneFieldType(FieldType):
    """A phone number."""

    name = "phone"
    label = _("Phone number")
    icon = "mobile-alt"
    built_in: tuple[str, ...] = (bindings.PHONE,)
    property_types: tuple[str, ...] = (TicketProperty.Type.TEXT,)

    def form_field(
        self, value: Mapping[str, Any], context: FieldContext
    ) -> forms.Field:
        return PhoneField(**self.common(value))


class NumberFieldType(FieldType):
    """A number."""

    name = "number"
    label = _("Number")
    icon = "decimal"
    property_types: tuple[str, ...] = (TicketProperty.Type.NUMBER,)

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
    property_types: tuple[str, ...] = (TicketProperty.Type.DATE,)

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
    built_in: tuple[str, ...] = (bindings.PRIORITY, bindings.TYPE)
    property_types: tuple[str, ...] = (TicketProperty.Type.CHOICE,)

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

    def text(self, answer: Any, form_field: forms.Field) -> str:
        return _labels(form_field).get(answer, answer)


class ChoicesFieldType(ChoiceFieldType):
    """Any number of several."""

    name = "choices"
    label = _("Several choices")
    icon = "tasks"
    built_in: tuple[str, ...] = ()
    property_types: tuple[str, ...] = ()

    def form_field(
        self, value: Mapping[str, Any], context: FieldContext
    ) -> forms.Field:
        return forms.MultipleChoiceField(
            choices=self.pairs(value, context),
            widget=forms.CheckboxSelectMultiple,
            **self.common(value),
        )

    def text(self, answer: Any, form_field: forms.Field) -> str:
        labels = _labels(form_field)
        return ", ".join(labels.get(value, value) for value in answer)


class CheckboxFieldType(FieldType):
    """Yes or no."""

    name = "checkbox"
    label = _("Checkbox")
    icon = "check"
    property_types: tuple[str, ...] = (TicketProperty.Type.CHECKBOX,)

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


def _labels(form_field: forms.Field) -> dict[str, str]:
    choices = getattr(form_field, "choices", ())
    return {str(value): str(label) for value, label in choices}


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
