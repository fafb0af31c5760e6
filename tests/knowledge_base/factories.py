"""Pages of a knowledge base for tests."""

from __future__ import annotations

from typing import Any

import wagtail_factories
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.text import slugify
from factory import LazyAttribute, LazyFunction, Sequence
from wagtail.models import Locale, Page, PageViewRestriction, Site

from wagtail_helpdesk.knowledge_base.models import (
    ArticlePage,
    CategoryPage,
    KnowledgeBaseHomePage,
)


def site_root() -> Page:
    """The front page of the default site."""
    return Site.objects.get(is_default_site=True).root_page


class _Page(wagtail_factories.PageFactory):
    parent = LazyFunction(site_root)
    slug = LazyAttribute(lambda page: slugify(page.title, allow_unicode=True))
    first_published_at = LazyFunction(timezone.now)
    last_published_at = LazyFunction(timezone.now)


class HomeFactory(_Page):
    title = "Help centre"
    slug = "help"

    class Meta:
        model = KnowledgeBaseHomePage


class CategoryFactory(_Page):
    title = Sequence(lambda number: f"Category {number}")

    class Meta:
        model = CategoryPage


class ArticleFactory(_Page):
    title = Sequence(lambda number: f"Article {number}")

    class Meta:
        model = ArticlePage


def body(*blocks: tuple[str, Any]) -> list[dict[str, Any]]:
    """An article's body from pairs of block type and raw value."""
    return [{"type": kind, "value": value} for kind, value in blocks]


def text(html: str) -> list[dict[str, Any]]:
    """An article's body of one text block."""
    return body(("text", html))


def restrict(page: Page, *groups: Group, password: str = "") -> PageViewRestriction:
    """Make a page private: to groups, to everyone signed in, or by a password."""
    kind = PageViewRestriction.LOGIN
    if password:
        kind = PageViewRestriction.PASSWORD
    elif groups:
        kind = PageViewRestriction.GROUPS
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type=kind, password=password
    )
    restriction.groups.set(groups)
    return restriction


def restrict_past_the_mirror(page: Page, *groups: Group) -> PageViewRestriction:
    """A restriction that reaches no translation and no alias, as from a script."""
    kind = PageViewRestriction.GROUPS if groups else PageViewRestriction.LOGIN
    restriction = PageViewRestriction(page_id=page.pk, restriction_type=kind)
    PageViewRestriction.objects.bulk_create([restriction])
    restriction = PageViewRestriction.objects.latest("pk")
    through = PageViewRestriction.groups.through
    through.objects.bulk_create(
        through(pageviewrestriction_id=restriction.pk, group_id=group.pk)
        for group in groups
    )
    return restriction


def member_of(*groups: Group, **fields: Any) -> Any:
    """A user in these groups."""
    count = get_user_model().objects.count()
    user = get_user_model().objects.create_user(
        username=f"member-{count}",
        email=f"member-{count}@example.com",
        password="pass",
        **fields,
    )
    user.groups.set(groups)
    return user


def locale(code: str) -> Locale:
    """A language of the site, with a translation of its front page."""
    found, _ = Locale.objects.get_or_create(language_code=code)
    root = site_root()
    if not root.has_translation(found):
        root.copy_for_translation(found).save_revision().publish()
    return found


def translate(page: Page, code: str, **fields: Any) -> Page:
    """A published translation of a page; what is above it is translated first."""
    translated = page.copy_for_translation(locale(code), copy_parents=True)
    for name, value in {
        "live": True,
        "last_published_at": timezone.now(),
        **fields,
    }.items():
        setattr(translated, name, value)
    translated.save()
    return translated
