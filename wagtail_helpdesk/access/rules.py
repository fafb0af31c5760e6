"""The rule of a dynamic access group: what a contact has to be to be a member.

A rule is JSON of a closed vocabulary, compiled to conditions by the table ``_FIELDS``;
no name of a column or lookup ever comes from it::

    {"and": [
        {"field": "email_domain", "in": ["acme.example", "*.acme.example"]},
        {"not": {"field": "language", "in": ["pt-br"]}}
    ]}

``email_domain``
    The whole domain of one of the contact's *verified* addresses, never a part of it:
    ``evil-acme.example`` is not ``acme.example``. ``*.acme.example`` means every domain
    below ``acme.example``, without itself. Domains in which anybody gets an address are
    refused, unless the term says ``"allow_public": true``.
``organization``
    The ``public_id`` of an organization the contact belongs to.
``language``
    The contact's language; a contact without one has the site's default.

Terms about single sign-on, tags and properties will come when contacts have them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from wagtail_helpdesk.access.public_domains import PUBLIC_DOMAINS
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Contact, Identity, Membership
from wagtail_helpdesk.models.contacts import ContactQuerySet

#: Levels of ``and``, ``or`` and ``not`` around a term, the term among them.
MAX_DEPTH = 4
#: Terms in a rule, and values in a term.
MAX_TERMS = MAX_VALUES = 50

_DOMAIN = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}\Z"
)
_PUBLIC_ID = re.compile(r"[a-z0-9]{1,16}\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*\Z")


class RuleError(ActionError):
    """A rule is wrong.

    Attributes:
        path: Where in the rule, such as ``and[1].in[0]``; empty for the whole.
        value: What stands there.
        problem: The message without the place, for where that is plain to see.
    """

    def __init__(self, path: str, value: Any, problem: str, **more: str) -> None:
        self.path, self.value = path, value
        self.problem = problem % {"value": str(value)[:100], **more}
        message = f"{path}: {self.problem}" if path else self.problem
        super().__init__("bad_rule", message, field="rule")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was checked.

    Attributes:
        data: The rule as it is stored, its values in one form.
        condition: The same as a condition on contacts.
    """

    data: dict[str, Any]
    condition: Q

    def contacts(self) -> ContactQuerySet:
        """The contacts it matches."""
        return Contact.objects.filter(self.condition, erased_at=None)


def parse_rule(data: Any) -> Rule:
    """Check a rule and compile it.

    Args:
        data: What ``json.loads`` made of it.

    Raises:
        RuleError: It says something outside of the vocabulary.
    """
    return _Parser().rule(data)


class _Parser:
    def __init__(self) -> None:
        self._terms = 0

    def rule(self, data: Any) -> Rule:
        return Rule(*self._node(data, "", 1))

    def _node(self, data: Any, path: str, depth: int) -> tuple[dict[str, Any], Q]:
        if not isinstance(data, dict):
            raise RuleError(
                path,
                data,
                _(
                    "“%(value)s” is no rule. Write an object with “field” and “in”, or "
                    "with “and”, “or” or “not”."
                ),
            )
        if depth > MAX_DEPTH:
            raise RuleError(
                path, depth, _("The rule is nested too deeply. Use at most 4 levels.")
            )
        if "field" in data:
            return self._term(data, path)
        if len(data) != 1 or next(iter(data)) not in {"and", "or", "not"}:
            raise RuleError(
                path,
                ", ".join(map(str, data)) or "{}",
                _("“%(value)s” is not known. Use one of “and”, “or”, “not”, “field”."),
            )
        word, inner = next(iter(data.items()))
        below = f"{path}.{word}" if path else word
        if word == "not":
            part, condition = self._node(inner, below, depth + 1)
            return {"not": part}, ~condition
        if not isinstance(inner, list) or not inner:
            raise RuleError(below, inner, _("Write a list of one rule or more."))
        parts = [
            self._node(one, f"{below}[{number}]", depth + 1)
            for number, one in enumerate(inner)
        ]
        joined = parts[0][1]
        for _part, condition in parts[1:]:
            joined = joined & condition if word == "and" else joined | condition
        return {word: [part for part, _condition in parts]}, joined

    def _term(self, data: dict[str, Any], path: str) -> tuple[dict[str, Any], Q]:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise RuleError(
                path, self._terms, _("The rule has too many terms. Use at most 50.")
            )
        name = data["field"]
        field = _FIELDS.get(name) if isinstance(name, str) else None
        if field is None:
            raise RuleError(
                _at(path, "field"),
                name,
                _("“%(value)s” cannot be asked for. Use one of: %(fields)s."),
                fields=", ".join(_FIELDS),
            )
        unknown = set(data) - {"field", "in", *field.options}
        if unknown:
            raise RuleError(
                path,
                ", ".join(sorted(map(str, unknown))),
                _("“%(value)s” means nothing in a term. Take it out."),
            )
        options = {key: data[key] for key in field.options if key in data}
        for key, option in options.items():
            if not isinstance(option, bool):
                raise RuleError(
                    _at(path, key), option, _("“%(value)s” is neither true nor false.")
                )
        values = data.get("in")
        place = _at(path, "in")
        if not isinstance(values, list) or not values:
            raise RuleError(place, values, _("Write a list of one value or more."))
        if len(values) > MAX_VALUES:
            raise RuleError(
                place, len(values), _("%(value)s values are too many. Use at most 50.")
            )
        clean = [
            field.clean(value, f"{place}[{number}]", options)
            for number, value in enumerate(values)
        ]
        clean = list(dict.fromkeys(clean))
        return {"field": name, "in": clean, **options}, field.condition(clean)


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise RuleError(path, value, _("“%(value)s” is no text."))
    return value.strip().casefold()


def _clean_domain(value: Any, path: str, options: dict[str, Any]) -> str:
    text = _text(value, path)
    domain = text.removeprefix("*.")
    if not _DOMAIN.match(domain):
        raise RuleError(
            path,
            value,
            _("“%(value)s” is no domain, such as acme.example or *.acme.example."),
        )
    if domain in PUBLIC_DOMAINS and not options.get("allow_public"):
        raise RuleError(
            path,
            value,
            _(
                "Anybody can get an address at “%(value)s”. Take it out, or allow "
                "public mail domains if you mean it."
            ),
        )
    return text


def _clean_organization(value: Any, path: str, options: dict[str, Any]) -> str:
    text = _text(value, path)
    if not _PUBLIC_ID.match(text):
        raise RuleError(path, value, _("“%(value)s” is no id of an organization."))
    return text


def _clean_language(value: Any, path: str, options: dict[str, Any]) -> str:
    text = _text(value, path).replace("_", "-")
    if not _LANGUAGE.match(text):
        raise RuleError(
            path, value, _("“%(value)s” is no language code, such as es or pt-br.")
        )
    return text


def _in_domains(values: list[str]) -> Q:
    address = Q()
    for value in values:
        # What follows the last "@" is the domain, and neither suffix contains another:
        # so nothing in front of the "@" can pose as a domain.
        suffix = value.removeprefix("*") if value[0] == "*" else f"@{value}"
        address |= Q(value__endswith=suffix)
    return Q(
        Exists(
            Identity.objects.filter(
                address,
                contact=OuterRef("pk"),
                kind=Identity.Kind.EMAIL,
                verified_at__isnull=False,
            )
        )
    )


def _in_organizations(values: list[str]) -> Q:
    return Q(
        Exists(
            Membership.objects.filter(
                contact=OuterRef("pk"), organization__public_id__in=values
            )
        )
    )


def _in_languages(values: list[str]) -> Q:
    # As a contact's language is stored, and as a person writes it.
    codes = {*values, *(_with_capitals(value) for value in values)}
    if settings.LANGUAGE_CODE.casefold() in values:
        codes.add("")
    return Q(language__in=sorted(codes))


def _with_capitals(code: str) -> str:
    language, dash, region = code.partition("-")
    return f"{language}{dash}{region.upper()}"


@dataclass(frozen=True, slots=True)
class _Field:
    clean: Callable[[Any, str, dict[str, Any]], str]
    condition: Callable[[list[str]], Q]
    options: tuple[str, ...] = ()


_FIELDS = {
    "email_domain": _Field(_clean_domain, _in_domains, ("allow_public",)),
    "organization": _Field(_clean_organization, _in_organizations),
    "language": _Field(_clean_language, _in_languages),
}
