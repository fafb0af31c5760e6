"""The knowledge base: 500 articles in twelve sections, two of them private."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from benchmarks.dataset.records import Article, Category
from benchmarks.dataset.words import Language

ARTICLES = 500
_CATEGORIES = (
    "Getting started",
    "Accounts",
    "Billing",
    "Devices",
    "Networks",
    "Alerts",
    "Reports",
    "Integrations",
    "Troubleshooting",
    "Releases",
    "Partner handbook",
    "Service manual",
)
_PRIVATE = ("Partner handbook", "Service manual")


def categories() -> list[Category]:
    """The sections in their order."""
    return [
        Category(index, title, title.casefold().replace(" ", "-"), title in _PRIVATE)
        for index, title in enumerate(_CATEGORIES)
    ]


def articles(seed: int, common: str, medium: str, rare: str) -> Iterator[Article]:
    """All articles; sections take turns.

    Args:
        seed: Decides the texts.
        common: A word for 15 % of the articles.
        medium: A word for 2 % of them.
        rare: A word for four of them.
    """
    rng = Random(f"{seed}/articles")
    english = Language("en")
    for index in range(ARTICLES):
        category = index % len(_CATEGORIES)
        title = f"{english.subject(rng)[:60].rstrip()} {index}"
        words = [
            word
            for word, every in ((rare, 125), (medium, 50), (common, 7))
            if index % every == 0
        ]
        parts = [("paragraph", english.text(rng, 4).replace("\n\n", " "))]
        if words:
            parts.append(("paragraph", f"See also {' '.join(words)}."))
        for _ in range(rng.randint(2, 5)):
            parts.append(("heading", english.subject(rng)[:50].rstrip()))
            for _ in range(rng.randint(1, 3)):
                text = english.text(rng, rng.randint(2, 5)).replace("\n\n", " ")
                parts.append(("paragraph", text))
            if rng.random() < 0.5:
                steps = [english.sentence(rng) for _ in range(rng.randint(3, 6))]
                parts.append(("list", "\n".join(steps)))
            if rng.random() < 0.15:
                parts.append(("code", f"device set {rng.randrange(999)}\nreboot now"))
        yield Article(
            number=index,
            title=title,
            slug=f"article-{index}",
            category=category,
            summary=english.sentence(rng),
            body=tuple(parts),
        )
