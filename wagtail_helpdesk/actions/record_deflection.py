"""The ledger of suggested articles: shown, opened, solved it, request sent anyway (N4).

It is a ledger of its own and writes no event: an event says who did something, and this
must not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import Action
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Deflection


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """An article as somebody saw it.

    Attributes:
        page_id: Id of its page.
        revision_id: Id of the page's live revision, if it has one.
        locale: Language code of the page.
    """

    page_id: int
    revision_id: int | None = None
    locale: str = ""


class RecordDeflection(Action[int]):
    """Write what became of suggested articles; the same twice on one day is one row.

    Takes one statement where articles are given. For what comes after them (``SOLVED``,
    ``FILED``) the ledger knows which ones the visitor opened today; it then takes two,
    and writes nothing for a visitor who was shown nothing.

    Args:
        kind: A ``Deflection.Kind``.
        visitor: The hash of the session, see ``access.suggestions.visitor_hash``.
        articles: The articles it is about; none: those the visitor opened today.
        page_id: Id of the page that the form stands on.

    Returns:
        How many rows were written at most.
    """

    def __init__(
        self,
        *,
        kind: Deflection.Kind,
        visitor: str,
        articles: Sequence[ArticleVersion] = (),
        page_id: int | None = None,
    ) -> None:
        self.kind = kind
        self.visitor = visitor
        self.articles = articles
        self.page_id = page_id

    def perform(self) -> int:
        articles = self.articles or self._opened_today()
        rows = [
            Deflection(
                kind=self.kind,
                visitor=self.visitor,
                article_id=article.page_id if article else None,
                revision_id=article.revision_id if article else None,
                locale=article.locale if article else "",
                page_id=self.page_id,
            )
            for article in articles
        ]
        if rows:
            Deflection.objects.bulk_create(rows, ignore_conflicts=True)
        return len(rows)

    def _opened_today(self) -> Sequence[ArticleVersion | None]:
        """What the visitor opened; ``[None]`` if they were shown articles only."""
        kinds = Deflection.Kind
        if self.kind in (kinds.SHOWN, kinds.OPENED):
            return ()
        seen = Deflection.objects.filter(
            visitor=self.visitor, kind__in=(kinds.SHOWN, kinds.OPENED)
        )
        rows = list(
            seen.order_by("-at", "-pk").values_list(
                "kind", "article", "revision", "locale"
            )[:100]
        )
        opened = [
            ArticleVersion(article, revision, locale)
            for kind, article, revision, locale in rows
            if kind == kinds.OPENED and article is not None
        ]
        if self.kind == kinds.SOLVED:
            # The one that was read last is the one that did it.
            opened = opened[:1]
        return opened or ([None] if rows else [])


class PurgeDeflections(Action[int]):
    """Delete what has been in the ledger longer than ``DEFLECTION_DAYS`` days.

    Args:
        limit: At most so many rows in one transaction.

    Returns:
        How many rows were deleted.
    """

    def __init__(self, *, limit: int = 5000) -> None:
        if limit < 1:
            raise ActionError("bad_limit", _("The limit must be 1 or more."))
        self.limit = limit

    def perform(self) -> int:
        old = Deflection.objects.older_than(helpdesk_settings.DEFLECTION_DAYS)
        keys = list(old.order_by("at").values_list("pk", flat=True)[: self.limit])
        deleted, _rows = Deflection.objects.filter(pk__in=keys).delete()
        return deleted
