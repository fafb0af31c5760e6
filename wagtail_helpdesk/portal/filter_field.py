"""The form of visibility filters: rows of a property, a condition and values (B18).

Rows are plain inputs, so that they work without JavaScript.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.compare import (
    TextFieldComparison,
    diff_text,
    register_comparison_class,
)

from wagtail_helpdesk.access.filter_parsing import FilterError, parse_filter
from wagtail_helpdesk.access.ticket_filters import (
    OPERATOR_LABELS,
    describe,
    property_choices,
    texts_of,
)
from wagtail_helpdesk.models.ticket_filters import CUSTOM, MAX_FILTERS, filters_of

#: Empty rows below those that are filled in.
SPARE = 3
_PARTS = ("property", "operator", "values")
_UNREADABLE = "unreadable"

Rows = list[dict[str, str]]


class FiltersWidget(forms.Widget):
    """Rows of inputs; their value is a list of texts by name."""

    template_name = "wagtail_helpdesk/admin/widgets/visibility_filters.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        rows: Rows = list(value or [])
        empty = dict.fromkeys(_PARTS, "")
        rows += [empty] * min(SPARE, MAX_FILTERS - len(rows))
        properties: list[tuple[str, Any]] = [("", "–"), *property_choices()]
        known = dict(properties)
        # Offered as well, so that saving the form never drops a filter unnoticed.
        gone = {row["property"] for row in rows} - set(known)
        properties += [(value, value.removeprefix(CUSTOM)) for value in sorted(gone)]
        context.update(
            rows=rows,
            properties=properties,
            operators=list(OPERATOR_LABELS.items()),
            element_id=(attrs or {}).get("id") or f"id_{name}",
        )
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Rows:
        """The rows that are not empty."""
        rows = []
        for number in range(MAX_FILTERS):
            texts = {
                part: str(data.get(f"{name}-{number}-{part}", "")).strip()
                for part in _PARTS
            }
            if texts["property"] or texts["values"]:
                rows.append(texts)
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-0-property" not in data

    def id_for_label(self, id_: str) -> str:
        return ""


class FiltersFormField(forms.Field):
    """What an editor wrote, as it is stored."""

    widget = FiltersWidget

    def prepare_value(self, value: Any) -> Rows:
        """Stored filters by name; what makes no sense stays until it is emptied."""
        if _are_rows(value):
            return list(value)
        return [
            {
                "property": one.property or _UNREADABLE,
                "operator": one.operator,
                "values": "\n".join(texts_of(one)),
            }
            for one in filters_of(value or [])
        ]

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """Check each row, and tell of each what is wrong with it."""
        stored, problems = [], []
        for number, row in enumerate(value or [], start=1):
            lines = [line.strip() for line in row["values"].splitlines()]
            try:
                one = parse_filter(
                    row["property"], row["operator"], [line for line in lines if line]
                )
            except FilterError as error:
                problems.append(
                    _("Row %(number)d: %(problem)s")
                    % {"number": number, "problem": error.message}
                )
                continue
            stored.append(
                {
                    "property": one.property,
                    "operator": one.operator,
                    "values": list(one.values),
                }
            )
        if problems:
            raise ValidationError(problems)
        return stored

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != [
            {**row, "values": "\n".join(row["values"].splitlines())}
            for row in data or []
        ]


def _are_rows(value: Any) -> bool:
    """Whether these are texts of the form, not what is stored."""
    return isinstance(value, list) and all(
        isinstance(row, dict)
        and set(row) == set(_PARTS)
        and all(isinstance(text, str) for text in row.values())
        for row in value
    )


class VisibilityFiltersField(models.JSONField):
    """Visibility filters as JSON; see ``ticket_filters.filters_of``."""

    def formfield(self, **kwargs: Any) -> Any:
        return FiltersFormField(
            required=False,
            label=kwargs.get("label", capfirst(self.verbose_name)),
            help_text=kwargs.get("help_text", self.help_text),
        )


class FiltersComparison(TextFieldComparison):
    """Two versions of the filters in words, for the history of the page."""

    def htmldiff(self) -> Any:
        """What was taken away and what was added."""
        old, new = (
            "; ".join(map(describe, filters_of(value)))
            for value in (self.val_a, self.val_b)
        )
        return diff_text(old, new).to_html()


register_comparison_class(VisibilityFiltersField, comparison_class=FiltersComparison)
