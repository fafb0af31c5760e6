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

from collections.abc import Collection
from functools import cached_property
from typing import Any, TypeVar

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.models import PageViewRestriction

from wagtail_helpdesk.access.explaining import explain
from wagtail_helpdesk.access.reasons import Explanation
from wagtail_helpdesk.access.subtrees import (
    Privacy,
    Restriction,
    Subtrees,
    closure,
    read_privacy,
)
from wagtail_helpdesk.access.viewed import is_stand_in
from wagtail_helpdesk.statements.slots import KeptQuery, Slot, kept_query

__all__ = ["Subtrees", "Visibility", "pages_visible_to"]

_REQUEST_ATTRIBUTE = "_helpdesk_visibility"

_PageQuerySet = TypeVar("_PageQuerySet", bound=QuerySet[Any])


def _granted_to() -> KeptQuery | None:
    """The restrictions that a user satisfies by one of their groups."""
    users: Any = get_user_model()
    user: Any = Slot("user", users._meta.pk)
    groups = users._base_manager.filter(pk=user).values("groups")
    restrictions = PageViewRestriction.objects.filter(
        restriction_type=PageViewRestriction.GROUPS, groups__in=groups
    )
    return KeptQuery.of(restrictions.order_by(), ["pk"])


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
            passed = ()
            # What an agent typed is not known to the contact they look as. Reading an
            # empty session of an anonymous visitor costs no query.
            if session is not None and not is_stand_in(user):
                passed = session.get(key, ())
            known = cls(user, passed)
            setattr(request, _REQUEST_ATTRIBUTE, known)
        return known

    @cached_property
    def _privacy(self) -> Privacy:
        """What is restricted, as the database says now."""
        return read_privacy()

    @property
    def _restrictions(self) -> tuple[Restriction, ...]:
        """Id, type, page path and number of children of every restriction there is."""
        return self._privacy.restrictions

    @cached_property
    def _granted_by_group(self) -> frozenset[int]:
        """Ids of the restrictions that one of the visitor's groups satisfies."""
        if is_stand_in(self.user):
            granted = PageViewRestriction.objects.filter(
                restriction_type=PageViewRestriction.GROUPS,
                groups__in=self.user.groups.all(),
            )
            return frozenset(granted.values_list("pk", flat=True))
        using = PageViewRestriction.objects.all().db
        query = kept_query(using, ("granted by group",), _granted_to)
        rows = query.rows({"user": self.user.pk}) if query else []
        return frozenset(row.pk for row in rows)

    @cached_property
    def _opened_by_password(self) -> frozenset[int]:
        """Ids of the restrictions whose password was given, on whichever counterpart.

        Translations and aliases carry the same password, each on a row of its own, and
        all of them close the page: one answer has to open them together.
        """
        if not self.passed:
            return self.passed
        rows = list(
            PageViewRestriction.objects.filter(
                restriction_type=PageViewRestriction.PASSWORD
            ).values_list(
                "pk",
                "password",
                "page__translation_key",
                "page__alias_of__translation_key",
            )
        )
        opened = set(self.passed)
        given: set[tuple[str, Any]] = set()
        found = -1
        while found < len(given):
            found = len(given)
            for pk, password, *keys in rows:
                places = {(password, key) for key in keys if key is not None}
                if pk in opened or places & given:
                    opened.add(pk)
                    given |= places
        return frozenset(opened)

    def _passes(self, pk: int, restriction_type: str) -> bool:
        """Whether the visitor satisfies a restriction, as Wagtail would say."""
        if restriction_type == PageViewRestriction.PASSWORD:
            return pk in self._opened_by_password
        if self.user is None or not self.user.is_authenticated:
            return False
        if restriction_type == PageViewRestriction.LOGIN:
            return True
        return pk in self._granted_by_group

    @property
    def private(self) -> Subtrees:
        """Subtrees that not everyone may see, whether this visitor may or not."""
        return self._privacy.private

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
        return closure(refused)

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

    def why(self, page: Any) -> Explanation:
        """Which restrictions close ``page``, how each reaches it, and who passes.

        The same whoever asks: it is for editors. Of a public page nothing more is read
        from the database, of a private one what takes four queries in most trees.
        """
        return explain(page.path) if self.is_private(page) else Explanation()


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
