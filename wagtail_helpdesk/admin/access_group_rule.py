"""The rule of an access group as rows of a form: a field and its values each."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.access.rules import MAX_TERMS, MAX_VALUES, RuleError, parse_rule
from wagtail_helpdesk.models import Organization

_ORGANIZATION = "organization"


class RuleRowForm(forms.Form):
    """One term of a rule."""

    field = forms.ChoiceField(
        label=gettext_lazy("What"),
        required=False,
        choices=[
            ("", "–"),
            ("email_domain", gettext_lazy("Verified e-mail domain")),
            (_ORGANIZATION, gettext_lazy("Organization")),
            ("language", gettext_lazy("Language")),
        ],
    )
    negated = forms.ChoiceField(
        label=gettext_lazy("Condition"),
        required=False,
        choices=[
            ("", gettext_lazy("is one of")),
            ("not", gettext_lazy("is none of")),
        ],
    )
    values = forms.CharField(
        label=gettext_lazy("Values, one on each line"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        field = data.get("field")
        values = [v.strip() for v in data.get("values", "").splitlines() if v.strip()]
        if self.errors or not (field or values):
            return data
        if not field:
            self.add_error("field", _("Choose what these values are."))
        elif not values:
            self.add_error("values", _("Write a value, or choose nothing here."))
        elif field == _ORGANIZATION:
            values = self._organizations(values)
        data["listed"] = values
        return data

    def _organizations(self, names: list[str]) -> list[str]:
        """The ids of organizations, each written as its name or its id."""
        if len(names) > MAX_VALUES:
            self.add_error("values", _("Write at most 50 values."))
            return []
        wanted = reduce(or_, (Q(name__iexact=n) | Q(public_id=n) for n in names))
        known = list(
            Organization.objects.filter(wanted).values_list("name", "public_id")
        )
        ids = []
        for name in names:
            found = [
                public_id
                for known_name, public_id in known
                if public_id == name or known_name.casefold() == name.casefold()
            ]
            if len(found) == 1:
                ids += found
            elif found:
                self.add_error(
                    "values",
                    _("Several organizations are named “%(name)s”. Use one of: %(ids)s")
                    % {"name": name, "ids": ", ".join(found)},
                )
            else:
                self.add_error(
                    "values", _("No organization is named “%(name)s”.") % {"name": name}
                )
        return ids

    def term(self, *, allow_public: bool) -> dict[str, Any] | None:
        """The row as a rule, or ``None`` for an empty row or one with an error."""
        data = self.cleaned_data
        if self.errors or not data.get("listed"):
            return None
        term: dict[str, Any] = {"field": data["field"], "in": data["listed"]}
        if allow_public and term["field"] == "email_domain":
            term["allow_public"] = True
        try:
            parse_rule(term)
        except RuleError as error:
            self.add_error("values", error.problem)
            return None
        return {"not": term} if data["negated"] else term


RuleRows = forms.formset_factory(
    RuleRowForm,
    extra=3,
    max_num=MAX_TERMS,
    absolute_max=MAX_TERMS,
    validate_max=True,
)


def rule_of(
    rows: forms.BaseFormSet[RuleRowForm], match: str, *, allow_public: bool
) -> dict[str, Any] | None:
    """The rows of a posted form as one rule; ``None`` if one of them is wrong.

    Args:
        rows: A bound ``RuleRows``, which gets the errors.
        match: ``and`` or ``or``.
        allow_public: Whether mail domains count in which anybody gets an address.
    """
    if not rows.is_valid():
        return None
    terms = [row.term(allow_public=allow_public) for row in rows.forms]
    if any(row.errors for row in rows.forms):
        return None
    return {match: [term for term in terms if term is not None]}


def rows_of(rule: Any) -> tuple[str, list[dict[str, Any]]] | None:
    """A rule as ``and`` or ``or`` and the initial values of its rows.

    Returns:
        ``None`` for a rule that rows cannot show: one with rules inside rules.
    """
    if not isinstance(rule, dict) or not rule:
        return "and", []
    if "field" in rule or "not" in rule:
        rule = {"and": [rule]}
    match, inner = next(iter(rule.items()))
    rows = [_row(one) for one in inner]
    if any(row is None for row in rows):
        return None
    _name_organizations(row for row in rows if row and row["field"] == _ORGANIZATION)
    for row in rows:
        if row:
            row["values"] = "\n".join(row["values"])
    return match, [row for row in rows if row]


def _row(rule: dict[str, Any]) -> dict[str, Any] | None:
    negated = "not" in rule
    term = rule["not"] if negated else rule
    if "field" not in term:
        return None
    return {
        "field": term["field"],
        "negated": "not" if negated else "",
        "values": list(term["in"]),
    }


def _name_organizations(rows: Iterable[dict[str, Any]]) -> None:
    """Write organizations by their names, where no other has the same."""
    listed = list(rows)
    ids = {value for row in listed for value in row["values"]}
    if not ids:
        return
    names = dict(
        Organization.objects.filter(public_id__in=ids).values_list("public_id", "name")
    )
    once = set(
        Organization.objects.filter(name__in=names.values())
        .order_by()
        .values_list("name")
        .annotate(number=Count("pk"))
        .filter(number=1)
        .values_list("name", flat=True)
    )
    for row in listed:
        row["values"] = [
            names[value] if names.get(value) in once else value
            for value in row["values"]
        ]
