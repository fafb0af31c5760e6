"""Which collections a visitor may see into: the rule for images and documents.

Wagtail keeps the privacy of images and documents on their collections, and asks for it
when a document is served. The rule here is Wagtail's own: a restriction holds for the
collection and for all collections below it, and who passes each of them gets in. It is
read in one query for the whole site, however many collections are private.
"""

from __future__ import annotations

from collections.abc import Collection as Several
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import CollectionViewRestriction

_REQUEST_ATTRIBUTE = "_helpdesk_collections"


class CollectionVisibility:
    """What one visitor may see of the site's collections.

    Use ``CollectionVisibility.of(request)`` in views: it remembers the answer for the
    request and knows the shared passwords given in this session.

    Args:
        user: The visitor; ``None`` is an anonymous one. A callable is asked for the
            visitor when something private is met, and not before.
        passed: Ids of the restrictions whose shared password the visitor has given, or
            a callable that knows them.
    """

    def __init__(self, user: Any, passed: Any = ()) -> None:
        self._user = user
        self._passed = passed

    @classmethod
    def of(cls, request: HttpRequest) -> CollectionVisibility:
        """The visibility of whoever sent this request.

        Neither the user nor the session is looked at before something private is met:
        an answer that depends on nobody must not vary by cookie.
        """
        known: CollectionVisibility | None = getattr(request, _REQUEST_ATTRIBUTE, None)
        if known is None:
            key = CollectionViewRestriction.passed_view_restrictions_session_key

            def passed() -> Any:
                session = getattr(request, "session", None)
                return session.get(key, ()) if session is not None else ()

            known = cls(lambda: getattr(request, "user", None), passed)
            setattr(request, _REQUEST_ATTRIBUTE, known)
        return known

    @cached_property
    def user(self) -> Any:
        """The visitor, or ``None``."""
        return self._user() if callable(self._user) else self._user

    @cached_property
    def _opened_by_password(self) -> frozenset[int]:
        """Ids of the restrictions whose shared password was given in this session."""
        return frozenset(self._passed() if callable(self._passed) else self._passed)

    @cached_property
    def _restrictions(self) -> list[tuple[int, str, str]]:
        """Id, type and path of the collection of every restriction there is."""
        rows = CollectionViewRestriction.objects.exclude(
            restriction_type=CollectionViewRestriction.NONE
        )
        return list(rows.values_list("pk", "restriction_type", "collection__path"))

    @cached_property
    def _granted_by_group(self) -> frozenset[int]:
        """Ids of the restrictions that one of the visitor's groups satisfies."""
        granted = CollectionViewRestriction.objects.filter(
            restriction_type=CollectionViewRestriction.GROUPS,
            groups__in=self.user.groups.all(),
        )
        return frozenset(granted.values_list("pk", flat=True))

    def _passes(self, pk: int, restriction_type: str) -> bool:
        """Whether the visitor satisfies a restriction, as Wagtail would say."""
        user = self.user
        if user is not None and user.is_superuser and user.is_active:
            return True
        if restriction_type == CollectionViewRestriction.PASSWORD:
            return pk in self._opened_by_password
        if user is None or not user.is_authenticated:
            return False
        if restriction_type == CollectionViewRestriction.LOGIN:
            return True
        return pk in self._granted_by_group

    def is_private(self, path: str) -> bool:
        """Whether a restriction holds for the collection at this ``path``."""
        return any(path.startswith(above) for _, _, above in self._restrictions)

    def can_view(self, path: str) -> bool:
        """Whether this visitor passes all restrictions on the collection at ``path``.

        Args:
            path: The collection's place in the tree, ``collection.path``.
        """
        return all(
            self._passes(pk, restriction_type)
            for pk, restriction_type, above in self._restrictions
            if path.startswith(above)
        )

    def needs_password(self, path: str) -> bool:
        """Whether a shared password, not given yet, would bring the visitor nearer."""
        return any(
            not self._passes(pk, restriction_type)
            for pk, restriction_type, above in self._restrictions
            if path.startswith(above)
            and restriction_type == CollectionViewRestriction.PASSWORD
        )


def private_collections(using: str | None = None) -> Q | None:
    """A condition on collections that are private, by themselves or from above.

    Args:
        using: The database to ask; ``None`` is the default one.

    Returns:
        A condition on ``path``, or ``None`` when no collection is private.
    """
    rows = CollectionViewRestriction.objects.using(using).exclude(
        restriction_type=CollectionViewRestriction.NONE
    )
    paths: Several[str] = set(rows.values_list("collection__path", flat=True))
    condition = None
    for path in sorted(paths):
        below = Q(path__startswith=path)
        condition = below if condition is None else condition | below
    return condition
