"""Parts of the page tree, and the parts that belong to them in other languages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import swapper
from django.db import router
from django.db.models import Q, QuerySet, Value
from wagtail.models import PageViewRestriction

from wagtail_helpdesk.statements.together import Row, Statement

swapper.set_app_prefix("wagtailcore", "wagtail")

# SQLite takes expressions 1,000 levels deep, and a chain of ORs is one level per link.
_CHUNK = 200
# Letters of ``path`` per level of the tree: treebeard's ``steplen``, kept by Wagtail.
_STEP = 4


def page_and_above(path: str) -> Iterator[str]:
    """The path of a page and of each page above it, from the page upwards."""
    return (path[:end] for end in range(len(path), 0, -_STEP))


def _is_inside(path: str, branches: Collection[str]) -> bool:
    """Whether the page at ``path`` or one above it is among ``branches``."""
    return any(above in branches for above in page_and_above(path))


@dataclass(frozen=True)
class Subtrees:
    """Parts of the page tree: pages with all that stands below them.

    Attributes:
        branches: Paths of pages that have pages below them.
        leaves: Paths of pages that have none; they all fit in one ``IN``.
    """

    branches: frozenset[str] = frozenset()
    leaves: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.branches or self.leaves)

    def __contains__(self, path: object) -> bool:
        if not isinstance(path, str) or not self:
            return False
        return path in self.leaves or _is_inside(path, self.branches)

    def including(self, pages: Iterable[tuple[str, int]]) -> Subtrees:
        """These subtrees and more, without those that lie inside another.

        Args:
            pages: Path and number of children of each page to add.
        """
        found = dict.fromkeys(self.branches, 1) | dict.fromkeys(self.leaves, 0)
        found.update(pages)
        branches: set[str] = set()
        leaves: set[str] = set()
        # Shorter paths first, so a page above is seen before those below it.
        for path in sorted(found, key=len):
            if not _is_inside(path, branches):
                (branches if found[path] else leaves).add(path)
        return Subtrees(frozenset(branches), frozenset(leaves))

    def conditions(self) -> Iterator[Q]:
        """Conditions that together match every page of the subtrees.

        They use the field ``path`` alone, so every search backend takes them too.
        """
        if self.leaves:
            yield Q(path__in=sorted(self.leaves))
        branches = sorted(self.branches)
        for start in range(0, len(branches), _CHUNK):
            condition = Q()
            for path in branches[start : start + _CHUNK]:
                condition |= Q(path__startswith=path)
            yield condition

    def within(self, path: str) -> Subtrees:
        """Those subtrees that touch the one that begins at ``path``."""
        if path in self:
            return self.including([(path, 1)])
        return Subtrees(
            frozenset(item for item in self.branches if item.startswith(path)),
            frozenset(item for item in self.leaves if item.startswith(path)),
        )


#: Id, type, page path and number of children of a restriction.
Restriction = tuple[int, str, str, int]


def _related(newest: Subtrees, closed: Subtrees) -> QuerySet[Any, Any]:
    """Translations and aliases of pages in one part of the tree, outside another.

    Args:
        newest: Where the pages are.
        closed: What is known already.

    Returns:
        Path and number of children, after two columns that restrictions have.
    """
    page_model = swapper.load_model("wagtailcore", "Page")
    # "In one of these" said as "not outside all of them": ORs would make one chain.
    not_inside = Q()
    for condition in newest.conditions():
        not_inside &= ~condition
    pages = page_model.objects.exclude(not_inside).order_by()
    related = Q(translation_key__in=pages.values("translation_key")) | Q(
        alias_of__in=pages.values("pk")
    )
    outside = page_model.objects.filter(related)
    for condition in closed.conditions():
        outside = outside.exclude(condition)
    columns: QuerySet[Any, Any] = outside.order_by().values_list(
        Value(0), Value(""), "path", "numchild"
    )
    return columns


@dataclass(frozen=True)
class _Steps:
    """How a closure was worked out: what was asked, and what was found.

    Attributes:
        closed: The result.
        questions: The queries, each of which depends on the findings before it.
        findings: The rows of each, in order of their path; the last ones are none.
    """

    closed: Subtrees
    questions: tuple[QuerySet[Any, Any], ...]
    findings: tuple[list[Row], ...]


def _work_out(restricted: Iterable[tuple[str, int]]) -> _Steps:
    closed = Subtrees().including(restricted)
    newest = closed
    questions: list[QuerySet[Any, Any]] = []
    findings: list[list[Row]] = []
    while newest:
        # What stands below a translation or an alias may have translations and aliases
        # of its own elsewhere, so go on until nothing new is found.
        questions.append(_related(newest, closed))
        findings.append(sorted(questions[-1]))
        found = [(path, below) for _, _, path, below in findings[-1]]
        newest = Subtrees().including(found)
        closed = closed.including(found)
    return _Steps(closed, tuple(questions), tuple(findings))


def closure(restricted: Iterable[tuple[str, int]]) -> Subtrees:
    """The subtrees of these pages, with their translations and aliases everywhere.

    Args:
        restricted: Path and number of children of each page with a restriction.
    """
    return _work_out(restricted).closed


@dataclass(frozen=True)
class Privacy:
    """All restrictions there are, and the subtrees that not everyone may see."""

    restrictions: tuple[Restriction, ...]
    private: Subtrees


@dataclass(frozen=True)
class _Remembered:
    """What the last request found, with the statement that shows whether it holds."""

    statement: Statement
    findings: list[list[Row]]
    privacy: Privacy


#: By database alias. It is only a guess of what will be found: see ``read_privacy``.
_remembered: dict[str, _Remembered] = {}


def read_privacy() -> Privacy:
    """Read the restrictions, and what they close in all languages, from the database.

    All questions that led to the last answer are asked again, in one statement. Each
    follows from the findings before it; so if all findings are the same as then, the
    answer is, and else it is worked out anew. Nothing is ever taken as unchanged.
    """
    using = router.db_for_read(PageViewRestriction)
    restrictions: QuerySet[Any, Any] = (
        PageViewRestriction.objects.using(using)
        .exclude(restriction_type=PageViewRestriction.NONE)
        .order_by()
        .values_list("pk", "restriction_type", "page__path", "page__numchild")
    )
    known = _remembered.get(using)
    if known is None:
        found = sorted(restrictions)
    else:
        findings = [sorted(rows) for rows in known.statement.rows()]
        if findings == known.findings:
            return known.privacy
        found = findings[0]
    steps = _work_out((path, below) for _, _, path, below in found)
    privacy = Privacy(tuple(found), steps.closed)
    _remembered[using] = _Remembered(
        Statement(restrictions, *steps.questions, using=using),
        [found, *steps.findings],
        privacy,
    )
    return privacy
