"""Inputs of the list's filters, written without a template for each option.

Django renders every ``<option>`` from a template of its own; with a few hundred of them
that costs more than all the rest of the page. These write the same HTML.
"""

from __future__ import annotations

from html import escape
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe


class LeanSelect(forms.Select):
    """A ``<select>``."""

    def use_required_attribute(self, initial: Any) -> bool:
        """No: a filter may be empty. Django's would read the choices to find out."""
        return False

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        """The element as HTML; labels and values are escaped."""
        chosen = {str(entry) for entry in self.format_value(value)}
        parts = []
        for key, label in self.choices:
            if isinstance(label, (list, tuple)):
                options = "".join(_option(pk, text, chosen) for pk, text in label)
                parts.append(
                    f'<optgroup label="{escape(str(key))}">{options}</optgroup>'
                )
            else:
                parts.append(_option(key, label, chosen))
        final = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        # Every part was escaped above.
        return mark_safe(f"<select{flatatt(final)}>{''.join(parts)}</select>")  # noqa: S308


class _LeanInput:
    def render(
        self: Any, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        """The element as HTML; the value is escaped."""
        final = {"type": self.input_type, "name": name}
        if (text := self.format_value(value)) is not None:
            final["value"] = text
        final = self.build_attrs(self.attrs, {**final, **(attrs or {})})
        return mark_safe(f"<input{flatatt(final)}>")  # noqa: S308  (flatatt escapes)


class LeanTextInput(_LeanInput, forms.TextInput):
    """A line of text."""


class LeanSearchInput(_LeanInput, forms.SearchInput):
    """A search box."""


class LeanDateInput(_LeanInput, forms.DateInput):
    """A day, chosen with what the browser has for it."""

    input_type = "date"


def _option(value: Any, label: Any, chosen: set[str]) -> str:
    value, label = str(value), str(label)
    selected = " selected" if value in chosen else ""
    return f'<option value="{escape(value)}"{selected}>{escape(label)}</option>'
