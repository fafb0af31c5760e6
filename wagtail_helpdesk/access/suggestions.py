"""Articles that may answer a question, for those parts that must not import them.

The knowledge base registers itself from its ``ready()``; on a site without it nothing
is suggested. What a visitor may not open is never suggested to them: a provider asks
``access.visibility``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

#: Articles that are suggested at once (F5).
MOST_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An article that may answer a question.

    Attributes:
        page_id: Id of its page.
        revision_id: Id of the page's live revision, if it has one.
        locale: Language code of the page.
        title: Its title.
        url: Its address.
    """

    page_id: int
    revision_id: int | None
    locale: str
    title: str
    url: str


class Articles(Protocol):
    """Where suggestions come from."""

    def suggest(
        self, request: HttpRequest, text: str, *, limit: int
    ) -> list[Suggestion]:
        """The articles that fit a text best, in the language of the request.

        Args:
            request: The request; only what its visitor may open is found.
            text: What the visitor typed.
            limit: How many at most.
        """

    def get(self, request: HttpRequest, page_id: int) -> Suggestion | None:
        """One article, if the visitor may open it.

        Args:
            request: The request that is answered.
            page_id: Id of a page of any kind.
        """


_sources: list[Articles] = []


def register_articles(source: Articles) -> Articles:
    """Tell where suggestions come from.

    Args:
        source: What is asked.

    Returns:
        The source.
    """
    if source not in _sources:
        _sources.append(source)
    return source


def suggest(request: HttpRequest, text: str) -> list[Suggestion]:
    """The articles that may answer what somebody types, at most five.

    Args:
        request: The request that is answered.
        text: What they typed.
    """
    found: list[Suggestion] = []
    for source in _sources:
        if len(found) < MOST_SUGGESTIONS:
            limit = MOST_SUGGESTIONS - len(found)
            found += source.suggest(request, text, limit=limit)
    return found


def suggested(request: HttpRequest, page_id: int) -> Suggestion | None:
    """One article that was suggested, if the visitor may open it.

    Args:
        request: The request that is answered.
        page_id: Id of a page of any kind.
    """
    for source in _sources:
        if (found := source.get(request, page_id)) is not None:
            return found
    return None


def says_something(text: str) -> bool:
    """Three letters; two where a letter is a word (Chinese, Japanese, Korean).

    Args:
        text: What somebody has typed so far.
    """
    letters = sum(char.isalnum() for char in text)
    if any("\u2e80" <= char <= "\ud7ff" for char in text):
        return letters >= 2
    return letters >= 3


def visitor_hash(session_key: str) -> str:
    """What the ledger calls a session: another one every day, and never the session.

    Args:
        session_key: The key of the session.
    """
    day = timezone.now().date().isoformat()
    digest = salted_hmac(
        f"wagtail_helpdesk.deflection.{day}", session_key, algorithm="sha256"
    )
    return digest.hexdigest()[:32]
