"""Kinds of fields whose answer is typed, ticked or uploaded."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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
from wagtail_helpdesk.forms.registry import FieldContext, FieldType
from wagtail_helpdesk.models import TicketProperty


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
