"""The site's pages: front page, knowledge base, contact page, customer portal."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from itertools import islice
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max
from wagtail.models import Locale, Page, PageViewRestriction, Site

from benchmarks.dataset import Article, Dataset
from benchmarks.dataset.core import END
from benchmarks.sinks import Sink
from benchmarks.sites.helpdesk.desk import READERS, Desk, load_form
from benchmarks.sites.helpdesk.tickets import LANGUAGES
from example_site.home.models import HomePage, StandardPage
from wagtail_helpdesk.knowledge_base.models import (
    ArticlePage,
    CategoryPage,
    KnowledgeBaseHomePage,
)
from wagtail_helpdesk.portal.models import PortalHomePage


def load_pages(data: Dataset, desk: Desk, *, articles: int | None = None) -> None:
    """Make the tree; the site has nothing but Wagtail's welcome page before."""
    for code in LANGUAGES.values():
        Locale.objects.get_or_create(language_code=code)
    locale = Locale.objects.get(language_code="en")
    root = Page.get_first_root_node()
    Page.objects.filter(depth=2).delete()
    root = Page.objects.get(pk=root.pk)
    home = root.add_child(
        instance=HomePage(title="Northwind", slug="home", locale=locale)
    )
    Site.objects.all().delete()
    Site.objects.create(
        hostname="127.0.0.1", port=80, root_page=home, is_default_site=True
    )
    contact = home.add_child(
        instance=StandardPage(
            title="Contact",
            slug="contact",
            locale=locale,
            show_in_menus=True,
            body=_stream(
                [
                    (
                        "support_form",
                        {"heading": "Write to us", "form": load_form(desk, locale).pk},
                    )
                ]
            ),
        )
    )
    portal = home.add_child(
        instance=PortalHomePage(
            title="Support",
            slug="support",
            locale=locale,
            channel=desk.portal_channel,
            sharing="organization",
            show_in_menus=True,
        )
    )
    help_home = home.add_child(
        instance=KnowledgeBaseHomePage(
            title="Help",
            slug="help",
            locale=locale,
            show_in_menus=True,
            contact_page=contact.page_ptr,
            portal_page=portal.page_ptr,
            show_portal_link=True,
        )
    )
    _load_articles(data, help_home, locale, articles)
    Site.clear_site_root_paths_cache()


def _load_articles(
    data: Dataset, help_home: Any, locale: Locale, count: int | None
) -> None:
    """Sections with their articles; the private ones are for one group only."""
    sections: dict[int, CategoryPage] = {}
    readers = Group.objects.get_or_create(name=READERS)[0]
    for category in data.categories():
        page = help_home.add_child(
            instance=CategoryPage(
                title=category.title, slug=category.slug, locale=locale
            )
        )
        sections[category.number] = page
        if category.is_private:
            restriction = PageViewRestriction.objects.create(
                page=page, restriction_type=PageViewRestriction.GROUPS
            )
            restriction.groups.add(readers)
    kind = ContentType.objects.get_for_model(ArticlePage)
    pages = Sink(Page, first_id=_next_id())
    rows: list[ArticlePage] = []
    for article in islice(data.articles(), count):
        section = sections[article.category]
        published = END - timedelta(days=article.number % 600)
        page = ArticlePage(
            title=article.title,
            draft_title=article.title,
            slug=article.slug,
            locale=locale,
            introduction=article.summary,
            search_description=article.summary,
            is_popular=article.number < 6,
            first_published_at=published,
            last_published_at=published,
            body=article_body(article),
            id=pages.next_id,
            page_ptr_id=pages.next_id,
            content_type=kind,
            # What ``add_child`` would find out with a dozen statements for each.
            depth=section.depth + 1,
            path=ArticlePage._get_path(
                section.path, section.depth + 1, 1 + section.numchild
            ),
            url_path=f"{section.url_path}{article.slug}/",
        )
        section.numchild += 1
        pages.add_instance(page)
        rows.append(page)
    pages.flush()
    for page in rows:
        # Its own table only.
        page.save_base(raw=True, force_insert=True)
    Page.objects.bulk_update(
        [section.page_ptr for section in _with_children(sections)], ["numchild"]
    )
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Page]):
            cursor.execute(statement)


def _with_children(sections: dict[int, CategoryPage]) -> list[CategoryPage]:
    for section in sections.values():
        section.page_ptr.numchild = section.numchild
    return list(sections.values())


def _next_id() -> int:
    return 1 + (Page.objects.aggregate(last=Max("pk"))["last"] or 0)


def article_body(article: Article) -> str:
    """The raw value of an article's StreamField."""
    blocks: list[tuple[str, Any]] = []
    text: list[str] = []
    for kind, part in article.body:
        if kind == "heading":
            text.append(f"<h2>{part}</h2>")
        elif kind == "paragraph":
            text.append(f"<p>{part}</p>")
        else:
            blocks += [("text", "".join(text))] if text else []
            text = []
            blocks.append(_list(part) if kind == "list" else _code(part))
    blocks += [("text", "".join(text))] if text else []
    return _stream(blocks)


def _list(lines: str) -> tuple[str, Any]:
    steps = [{"text": f"<p>{line}</p>", "image": None} for line in lines.splitlines()]
    return "steps", [{"type": "item", "value": step, "id": _id()} for step in steps]


def _code(code: str) -> tuple[str, Any]:
    return "code", {"language": "bash", "title": "", "code": code}


def _stream(blocks: list[tuple[str, Any]]) -> str:
    return json.dumps(
        [{"type": kind, "value": value, "id": _id()} for kind, value in blocks]
    )


def _id() -> str:
    return str(uuid.uuid4())
