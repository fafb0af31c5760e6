"""Kinds of fields whose answer is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_helpdesk.forms import bindings
from wagtail_helpdesk.forms.registry import FieldContext, FieldType
from wagtail_helpdesk.models import Priority, TicketProperty
from wagtail_helpdesk.models.properties import ChoiceBlock

_SHORT_LIST = 5


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


def _labels(form_field: forms.Field) -> dict[str, str]:
    choices = getattr(form_field, "choices", ())
    return {str(value): str(label) for value, label in choices}
