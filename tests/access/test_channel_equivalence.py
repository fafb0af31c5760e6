"""One decision on every surface: what one channel tells a visitor of, all of them do.

An article that a visitor may open is in the list of its category, beside other
articles, among the newest, found by the search and in the API; one that they may not
open is in none. What is open to everyone is in the sitemap and in ``llms.txt``.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from wagtail.models import Page, PageViewRestriction

from tests.access.channels import WORD, Visitor, told_by, told_to_everyone
from tests.factories import UserFactory
from tests.knowledge_base.conftest import searches
from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    HomeFactory,
    locale,
    member_of,
    restrict,
    site_root,
    translate,
)
from wagtail_helpdesk.knowledge_base.models import ArticlePage

#: What is restricted to whom: pages of ``Site``, and names of groups; none is "login".
CASES: dict[str, list[tuple[str, list[str]]]] = {
    "nothing": [],
    "the article, to the signed in": [("article", [])],
    "the article, to a group": [("article", ["Partners"])],
    "its category, to the signed in": [("manuals", [])],
    "its category, to a group": [("manuals", ["Partners"])],
    "the knowledge base, to a group": [("home", ["Partners"])],
    "the translation, to a group": [("spanish", ["Partners"])],
    "the alias, to the signed in": [("alias", [])],
    "where the alias stands, to a group": [("open", ["Partners"])],
    "both, to two groups": [("manuals", ["Partners"]), ("article", ["Resellers"])],
    "the article, to a group nobody is in": [("article", ["Resellers"])],
}


class Site:
    """A small knowledge base: two categories, a translation and an alias."""

    def __init__(self) -> None:
        self.home = HomeFactory()
        self.manuals = CategoryFactory(parent=self.home, title="Manuals")
        self.open = CategoryFactory(parent=self.home, title="Open")
        self.article = ArticleFactory(parent=self.manuals, title=f"{WORD} prices")
        self.terms = ArticleFactory(parent=self.open, title=f"{WORD} terms")
        self.spanish = translate(self.article, "es", title=f"{WORD} precios")
        self.alias = self.article.create_alias(parent=self.open, update_slug="again")
        self.groups = {
            name: Group.objects.create(name=name) for name in ("Partners", "Resellers")
        }

    def visitors(self) -> dict[str, Visitor]:
        return {
            "anonymous": Visitor(),
            "signed in": Visitor(member_of()),
            "member": Visitor(member_of(self.groups["Partners"])),
            "superuser": Visitor(UserFactory(is_superuser=True)),
        }


def articles() -> list[Page]:
    """All that are asked for, as they are now."""
    return list(ArticlePage.objects.live().filter(title__contains=WORD))


def assert_one_answer(visitors: dict[str, Visitor]) -> dict[str, set[int]]:
    """Hold all channels to what is served, and say what that is for each visitor."""
    pages, served = articles(), {}
    names = {page.pk: page.get_url() for page in pages}
    wrong = []

    def compare(who: str, told: dict[str, set[int]], expected: set[int]) -> None:
        for channel, found in told.items():
            wrong.extend(
                f"{who}: {names[pk]} {'in' if pk in found else 'not in'} {channel}"
                for pk in found ^ expected
            )

    for who, visitor in visitors.items():
        told = told_by(visitor, pages)
        served[who] = told["served"]
        compare(who, told, served[who])
    compare("everyone", told_to_everyone(pages), served["anonymous"])
    assert not wrong, "\n".join(wrong)
    return served


@searches
@pytest.mark.parametrize("case", CASES)
def test_every_channel_tells_the_same(case: str) -> None:
    site = Site()
    for name, groups in CASES[case]:
        page = getattr(site, name)
        restrict(page, *(site.groups[group] for group in groups))
    served = assert_one_answer(site.visitors())
    assert len(served["superuser"]) == 4
    if case == "nothing":
        assert served["anonymous"] == served["superuser"]
    else:
        # Else the channels could agree because nothing is private.
        assert served["anonymous"] < served["superuser"]


class ASiteThatEditorsChange(RuleBasedStateMachine):
    """Any order of restricting, lifting, moving, translating and aliasing."""

    def __init__(self) -> None:
        super().__init__()
        self._changes = transaction.atomic()
        self._changes.__enter__()
        cache.clear()
        self.aliases = 0

    @initialize()
    def build(self) -> None:
        self.site = Site()
        self.visitors = self.site.visitors()

    def teardown(self) -> None:
        try:
            assert_one_answer(self.visitors)
        finally:
            transaction.set_rollback(True)
            self._changes.__exit__(None, None, None)
            cache.clear()

    def page(self, number: int) -> Page:
        """One of the pages there are, whatever the number."""
        pages = Page.objects.descendant_of(site_root()).order_by("path")
        return pages[number % pages.count()]

    def article(self, number: int) -> ArticlePage:
        found = ArticlePage.objects.descendant_of(site_root())
        found = found.filter(title__contains=WORD).order_by("path")
        return found[number % found.count()]

    def category(self, number: int) -> Page:
        chosen = (self.site.manuals, self.site.open)[number % 2]
        return Page.objects.get(pk=chosen.pk)

    @rule(number=st.integers(0, 20), groups=st.sets(st.sampled_from("PR")))
    def restrict(self, number: int, groups: set[str]) -> None:
        chosen = [g for name, g in self.site.groups.items() if name[0] in groups]
        page = self.page(number)
        PageViewRestriction.objects.filter(page=page).delete()
        restrict(page, *chosen)

    @precondition(lambda self: PageViewRestriction.objects.exists())
    @rule(number=st.integers(0, 20))
    def lift(self, number: int) -> None:
        found = PageViewRestriction.objects.order_by("pk")
        found[number % found.count()].delete()

    @rule(number=st.integers(0, 5), to=st.integers(0, 1))
    def move(self, number: int, to: int) -> None:
        self.article(number).move(self.category(to), pos="last-child")

    @precondition(lambda self: self.aliases < 2)
    @rule(number=st.integers(0, 5), to=st.integers(0, 1))
    def alias(self, number: int, to: int) -> None:
        self.aliases += 1
        self.article(number).create_alias(
            parent=self.category(to), update_slug=f"alias-{self.aliases}"
        )

    @rule(number=st.integers(0, 5))
    def translate(self, number: int) -> None:
        page = self.article(number)
        if not page.has_translation(locale("es")):
            translate(page, "es")

    @rule(names=st.sets(st.sampled_from("PR")))
    def join(self, names: set[str]) -> None:
        user: Any = self.visitors["member"].user
        user.groups.set(g for name, g in self.site.groups.items() if name[0] in names)


@pytest.mark.django_db
def test_every_channel_tells_the_same_whatever_editors_do() -> None:
    run_state_machine_as_test(
        ASiteThatEditorsChange,
        settings=settings(max_examples=6, stateful_step_count=8, deadline=None),
    )
