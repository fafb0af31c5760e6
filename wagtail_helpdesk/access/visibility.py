"""Which pages a visitor may know of: one rule for every list, search and link.

Wagtail decides for the page that is served, by the restrictions on it and on the pages
above it. That leaves holes (reproduced on Wagtail 8.0 with wagtail-localize 1.14): a
restriction put on a page after it was translated does not reach the translation, an
alias of a page that is private by inheritance is public where it stands, and
``.public()`` hides private pages from those who may read them.

So a page is closed to a visitor when any of these is:

* a restriction on the page itself or on a page above it, as in Wagtail;
* a translation of the page, in any language;
* the page that it is an alias of.

The answer is a short list of subtrees (``path`` prefixes), worked out with a number of
queries that does not grow with the number of pages, restrictions or groups.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import swapper
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.models import PageViewRestriction

swapper.set_app_prefix("wagtailcore", "wagtail")

_REQUEST_ATTRIBUTE = "_helpdesk_visibility"
# SQLite takes expressions 1,000 levels deep, and a chain of ORs is one level per link.
_CHUNK = 200
# Letters of ``path`` per level of the tree: treebeard's ``steplen``, kept by Wagtail.
_STEP = 4

_PageQuerySet = TypeVar("_PageQuerySet", bound=QuerySet[Any])


def _is_inside(path: str, branches: Collection[str]) -> bool:
    """Whether the page at ``path`` or one above it is among ``branches``."""
    return any(path[:end] in branches for end in range(len(path), 0, -_STEP))


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


def _closure(restricted: Iterable[tuple[str, int]]) -> Subtrees:
    """The subtrees of these pages, with their translations and aliases everywhere.

    Args:
        restricted: Path and number of children of each page with a restriction.
    """
    page_model = swapper.load_model("wagtailcore", "Page")
    closed = Subtrees().including(restricted)
    newest = closed
    while newest:
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
        # What stands below a translation or an alias may have translations and aliases
        # of its own elsewhere, so go on until nothing new is found.
        found = list(outside.order_by().values_list("path", "numchild"))
        newest = Subtrees().including(found)
        closed = closed.including(found)
    return closed


class Visibility:
    """What one visitor may see of the site's pages.

    Use ``Visibility.of(request)`` in views, which remembers the answer for the request
    and knows the shared passwords given in this session.

    Args:
        user: The visitor; ``None`` is an anonymous one.
        passed: Ids of the restrictions whose shared password the visitor has given.
    """

    def __init__(self, user: Any, passed: Collection[int] = ()) -> None:
        self.user = user
        self.passed = frozenset(passed)

    @classmethod
    def of(cls, request: HttpRequest) -> Visibility:
        """The visibility of whoever sent this request."""
        known: Visibility | None = getattr(request, _REQUEST_ATTRIBUTE, None)
        if known is None:
            user = getattr(request, "user", None)
            session = getattr(request, "session", None)
            key = PageViewRestriction.passed_view_restrictions_session_key
            # Reading an empty session of an anonymous visitor costs no query.
            passed = session.get(key, ()) if session is not None else ()
            known = cls(user, passed)
            setattr(request, _REQUEST_ATTRIBUTE, known)
        return known

    @cached_property
    def _restrictions(self) -> list[tuple[int, str, str, int]]:
        """Id, type, page path and number of children of every restriction there is."""
        return list(
            PageViewRestriction.objects.exclude(
                restriction_type=PageViewRestriction.NONE
            ).values_list("pk", "restriction_type", "page__path", "page__numchild")
        )

    @cached_property
    def _granted_by_group(self) -> frozenset[int]:
        """Ids of the restrictions that one of the visitor's groups satisfies."""
        groups = self.user.groups.order_by().values("pk")
        return frozenset(
            PageViewRestriction.objects.filter(
                restriction_type=PageViewRestriction.GROUPS, groups__in=groups
            ).values_list("pk", flat=True)
        )

    def _passes(self, pk: int, restriction_type: str) -> bool:
        """Whether the visitor satisfies a restriction, as Wagtail would say."""
        if restriction_type == PageViewRestriction.PASSWORD:
            return pk in self.passed
        if self.user is None or not self.user.is_authenticated:
            return False
        if restriction_type == PageViewRestriction.LOGIN:
            return True
        return pk in self._granted_by_group

    @cached_property
    def private(self) -> Subtrees:
        """Subtrees that not everyone may see, whether this visitor may or not."""
        return _closure((path, below) for _, _, path, below in self._restrictions)

    @cached_property
    def closed(self) -> Subtrees:
        """Subtrees that this visitor must not learn of."""
        if self.user is not None and self.user.is_superuser and self.user.is_active:
            return Subtrees()
        refused = [
            (path, below)
            for pk, restriction_type, path, below in self._restrictions
            if not self._passes(pk, restriction_type)
        ]
        if len(refused) == len(self._restrictions):
            return self.private
        return _closure(refused)

    def pages(self, queryset: _PageQuerySet) -> _PageQuerySet:
        """Leave out what this visitor must not see.

        Args:
            queryset: Pages of any type. It may be searched afterwards: the conditions
                are on ``path``, which every search backend filters by.

        Returns:
            The same pages without the closed ones; drafts are not looked at, so add
            ``.live()``.
        """
        for condition in self.closed.conditions():
            queryset = queryset.exclude(condition)
        return queryset

    def can_view(self, page: Any) -> bool:
        """Whether this visitor may see ``page``."""
        return page.path not in self.closed

    def is_private(self, page: Any) -> bool:
        """Whether someone else may not see ``page``; such a page carries a lock."""
        return page.path in self.private

    def is_private_at(self, path: str) -> bool:
        """The same for the page at ``path`` of the tree."""
        return path in self.private


def pages_visible_to(user: Any, queryset: _PageQuerySet) -> _PageQuerySet:
    """Pages of ``queryset`` that ``user`` may see, in every language.

    The strictest restriction counts over a page, the pages above it, its translations
    and the page it is an alias of. Superusers pass every restriction. Pages behind a
    shared password are left out; in a view, ``Visibility.of(request).pages(queryset)``
    also knows the passwords that were given.

    Args:
        user: The visitor; ``None`` or an ``AnonymousUser`` is an anonymous one.
        queryset: Pages of any type.

    Returns:
        The visible pages. Drafts are not looked at: add ``.live()``.
    """
    return Visibility(user).pages(queryset)
