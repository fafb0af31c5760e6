"""What the restrictions of pages demand, and how it is written down on another page.

A page has a set of rules, one for each of its restrictions; whoever wants in has to
satisfy all of them, as in Wagtail. Two pages are equally private when their sets are
the same, whichever rows they consist of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import reduce

from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import PageViewRestriction

#: Off: a change of a restriction is one that we make ourselves while mirroring another.
_noticed: ContextVar[bool] = ContextVar("helpdesk_restriction_noticed", default=True)


@dataclass(frozen=True)
class Rule:
    """What one restriction demands.

    Attributes:
        kind: One of Wagtail's types of restriction; never ``none``.
        password: The shared password; empty for other types.
        groups: Keys of the groups of which one is enough; empty for other types.
    """

    kind: str
    password: str = ""
    groups: frozenset[int] = frozenset()

    @classmethod
    def of(cls, restriction: PageViewRestriction) -> Rule:
        """The rule of a saved restriction."""
        kind = restriction.restriction_type
        if kind == PageViewRestriction.PASSWORD:
            return cls(kind, password=restriction.password)
        if kind == PageViewRestriction.GROUPS:
            groups = frozenset(group.pk for group in restriction.groups.all())
            return cls(kind, groups=groups)
        return cls(kind)

    @property
    def names_nobody(self) -> bool:
        """Whether groups are demanded and none is named.

        So it is between two saves: Wagtail saves a restriction first, its groups after.
        Next to a rule that names some it says nothing.
        """
        return self.kind == PageViewRestriction.GROUPS and not self.groups

    def covers(self, other: Rule) -> bool:
        """Whether whoever satisfies this rule satisfies the other one too."""
        if self == other:
            return True
        if self.kind != PageViewRestriction.GROUPS:
            return False
        if other.kind == PageViewRestriction.GROUPS and not self.names_nobody:
            return other.names_nobody or self.groups <= other.groups
        return other.kind == PageViewRestriction.LOGIN


Rules = frozenset[Rule]
PUBLIC: Rules = frozenset()


def all_of(several: Iterable[Rules]) -> Rules:
    """The rules of several pages together."""
    return reduce(frozenset.union, several, PUBLIC)


def strictest(rules: Rules) -> Rules:
    """The same demand with fewest rules: none that another one includes.

    Rules of which neither includes the other, such as a shared password and a group,
    all stay, so nobody is let in whom one of them kept out.
    """
    return frozenset(
        rule
        for rule in rules
        if not any(other != rule and other.covers(rule) for other in rules)
    )


def lacking(wanted: Rules, present: Rules) -> Rules:
    """The rules that ``present`` does not include."""
    return frozenset(
        rule for rule in wanted if not any(known.covers(rule) for known in present)
    )


def settled(rules: Rules) -> Rules:
    """Without groups that are still to be named, where others are named."""
    if any(rule.groups for rule in rules):
        return frozenset(rule for rule in rules if not rule.names_nobody)
    return rules


def rules_of(pages: Collection[int]) -> dict[int, Rules]:
    """The rules on each of these pages itself, in two queries.

    Args:
        pages: Keys of pages.
    """
    found: dict[int, set[Rule]] = {pk: set() for pk in pages}
    for row in _rows().filter(page__in=pages):
        found[row.page_id].add(Rule.of(row))
    return {pk: settled(frozenset(rules)) for pk, rules in found.items()}


def rules_by_path() -> dict[str, Rules]:
    """The rules on every page that has some, by its path, in two queries."""
    found: dict[str, set[Rule]] = {}
    for row in _rows().select_related("page"):
        found.setdefault(row.page.path, set()).add(Rule.of(row))
    return {path: settled(frozenset(rules)) for path, rules in found.items()}


def set_rules(page: int, rules: Rules, *, changed: int | None = None) -> None:
    """Make the restrictions on a page say exactly this, changing as few as possible.

    Rows are changed in place where that is possible: sessions remember shared passwords
    by the key of the row.

    Args:
        page: Key of the page.
        rules: What its restrictions have to say.
        changed: Key of the restriction that somebody is just saving. It is not touched
            as long as its groups are still to be named.
    """
    with transaction.atomic(), unnoticed():
        missing = set(rules)
        spare: list[PageViewRestriction] = []
        for row in sorted(_rows().filter(page=page), key=lambda row: row.pk != changed):
            rule = Rule.of(row)
            if rule in missing:
                missing.remove(rule)
            elif not (row.pk == changed and rule.names_nobody):
                spare.append(row)
        for rule in sorted(missing, key=lambda rule: (rule.kind, rule.password)):
            row = spare.pop(0) if spare else PageViewRestriction(page_id=page)
            _write(row, rule)
        for row in spare:
            row.delete()


def drop_doubles(restriction: PageViewRestriction) -> None:
    """Delete other restrictions on the same page that say the same.

    Wagtail gives a copy or an alias a restriction without asking whether it has one.
    Nothing is logged: the page is as private as before.
    """
    rule = Rule.of(restriction)
    rows = _rows().filter(page=restriction.page_id).exclude(pk=restriction.pk)
    doubles = [row.pk for row in rows if Rule.of(row) == rule]
    if doubles:
        with unnoticed():
            PageViewRestriction.objects.filter(pk__in=doubles).delete()


def _rows() -> QuerySet[PageViewRestriction]:
    rows: QuerySet[PageViewRestriction] = PageViewRestriction.objects.exclude(
        restriction_type=PageViewRestriction.NONE
    )
    return rows.order_by("pk").prefetch_related("groups")


def _write(row: PageViewRestriction, rule: Rule) -> None:
    row.restriction_type, row.password = rule.kind, rule.password
    row.save()
    row.groups.set(rule.groups)


@contextmanager
def unnoticed() -> Iterator[None]:
    """What is written inside is the mirror's own work and is not mirrored again."""
    token = _noticed.set(False)
    try:
        yield
    finally:
        _noticed.reset(token)


def is_noticed() -> bool:
    """Whether a change of a restriction that happens now is somebody's own."""
    return _noticed.get()
