"""The pages of the demo: front page, knowledge base, contact page, customer portal."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from wagtail.models import Locale, Page, PageViewRestriction, Site

from example_site.demo import articles, files
from example_site.demo.access import opening_group
from example_site.demo.bodies import article_body, block_id
from example_site.demo.desk import SENDERS, calendar, channel, contact_form
from example_site.demo.translating import translate
from example_site.demo.words import SOURCE, TRANSLATIONS, words
from example_site.home.models import HomePage, StandardPage
from wagtail_helpdesk.actions import CreateSystemPages
from wagtail_helpdesk.knowledge_base.models import (
    ArticlePage,
    CategoryPage,
    KnowledgeBaseHomePage,
)
from wagtail_helpdesk.models import Pipeline
from wagtail_helpdesk.portal.models import (
    PortalClosedStage,
    PortalHomePage,
    PortalSupportForm,
    SystemPage,
)

#: Slug of each category, the category it lies in, and its icon.
CATEGORIES = (
    ("getting-started", "", "rocket"),
    ("installation", "", "plug"),
    ("devices", "", "device"),
    ("routers", "devices", "globe"),
    ("sensors", "devices", "chart"),
    ("accounts-billing", "", "card"),
    ("troubleshooting", "", "wrench"),
    ("privacy-security", "", "shield"),
    ("partner-guides", "", "team"),
)
PRIVATE = "partner-guides"
#: Articles in the order of their categories; files lie in the order of the alphabet.
ORDER = (
    "set-up-your-hub",
    "tour-of-the-console",
    "invite-your-team",
    "plan-wireless-coverage",
    "mount-router-rack",
    "router-lights",
    "update-firmware",
    "set-up-vpn",
    "pair-a-sensor",
    "replace-sensor-battery",
    "calibrate-temperature",
    "reset-password",
    "read-your-invoice",
    "change-plan",
    "internet-is-slow",
    "hub-offline",
    "collect-diagnostics",
    "two-step-sign-in",
    "what-data-we-keep",
    "partner-bulk-provisioning",
    "partner-rma",
)
#: One of those that no telephone has (North American Numbering Plan).
PHONE = "+1 202-555-0143"
POPULAR = frozenset(
    {"set-up-your-hub", "router-lights", "internet-is-slow", "reset-password"}
)


def load_pages(*, hostname: str = "localhost", port: int = 80) -> bool:
    """Make the site with its pages in three languages.

    Args:
        hostname: The site's host, if it has to be made.
        port: Its port.

    Returns:
        Whether anything was made.
    """
    if HomePage.objects.exists():
        return False
    pages = _Pages()
    pages.load(hostname, port)
    pages.translate()
    CreateSystemPages(parent=pages.made["support"], page_type=SystemPage).execute()
    _spread_dates()
    Site.clear_site_root_paths_cache()
    return True


def _spread_dates() -> None:
    """Articles were published over a year: one date for all would look odd."""
    for page in ArticlePage.objects.all():
        weeks = ORDER.index(page.slug) * 7 % 30
        Page.objects.filter(pk=page.pk).update(
            first_published_at=page.first_published_at - timedelta(weeks=weeks + 22),
            last_published_at=page.last_published_at - timedelta(weeks=weeks, days=3),
        )


class _Pages:
    """Makes the English pages, then their translations."""

    def __init__(self) -> None:
        self.images = files.load_images()
        self.documents = files.load_documents()
        self.articles = _in_order(articles.read_articles(SOURCE))
        self.made: dict[str, Page] = {}

    def load(self, hostname: str, port: int) -> None:
        """The front page first, then what lies below it."""
        root = Page.get_first_root_node()
        # The page that Wagtail's first migration welcomes with makes room.
        Page.objects.filter(depth=2, slug="home").update(slug="welcome-to-wagtail")
        home = self._add(root, "home", self._home(SOURCE))
        site = Site.objects.filter(is_default_site=True).first()
        if site is None:
            site = Site(hostname=hostname, port=port, is_default_site=True)
        old_root, site.root_page = site.root_page_id, home
        site.site_name = words(SOURCE)["home"]["title"]
        site.save()
        for page in Page.objects.filter(pk=old_root, depth=2).exclude(pk=home.pk):
            page.delete()
        self._add(home, "help", self._help(SOURCE))
        for slug, parent, _icon in CATEGORIES:
            above = self.made[parent or "help"]
            self._add(above, slug, self._category(slug, SOURCE))
        for article in self.articles.values():
            above = self.made[article.category.rpartition("/")[2]]
            # Empty at first: bodies link to articles that come later.
            self._add(above, article.slug, self._article(article), publish=False)
        self._add(home, "support", self._portal(SOURCE))
        self._add(home, "contact", self._contact(SOURCE))
        self._restrict(self.made[PRIVATE])
        self._finish()

    def _finish(self) -> None:
        """What needs all pages: bodies with links, and the links between sections."""
        for article in self.articles.values():
            page = self.made[article.slug]
            page.body = self._body(article)
            page.save_revision().publish()
        help_home, portal = self.made["help"], self.made["support"]
        help_home.contact_page_id = self.made["contact"].pk
        help_home.portal_page_id = portal.pk
        help_home.show_portal_link = True
        help_home.save_revision().publish()
        billing = Pipeline.objects.get(name="Billing")
        portal.closed_stages.add(
            PortalClosedStage(stage=billing.stages.get(key="billing-closed"))
        )
        # Found in each language by its key, with the words of that language.
        portal.support_forms.add(PortalSupportForm(form=contact_form()))
        portal.save_revision().publish()
        home = self.made["home"]
        home.body = self._home_body(SOURCE)
        home.save_revision().publish()

    def translate(self) -> None:
        """The same pages in the other languages, as far as they are translated."""
        for language in TRANSLATIONS:
            locale = Locale.objects.get(language_code=language)
            for slug, page in self._in_language(language):
                page.slug = self.made[slug].slug
                translate(self.made[slug], page, locale)

    def _in_language(self, language: str) -> list[tuple[str, Page]]:
        home = self._home(language)
        home.body = self._home_body(language)
        translated = _in_order(articles.read_articles(language))
        sections = {self.articles[slug].category for slug in translated}
        used = {part for section in sections for part in section.split("/")}
        pages: list[tuple[str, Page]] = [
            ("home", home),
            ("help", self._help(language)),
            ("support", self._portal(language)),
            ("contact", self._contact(language)),
        ]
        pages += [
            (slug, self._category(slug, language))
            for slug, _parent, _icon in CATEGORIES
            if slug in used
        ]
        for slug, article in translated.items():
            page: Any = self._article(article)
            page.body = self._body(article)
            pages.append((slug, page))
        return pages

    def _add(self, parent: Page, slug: str, page: Page, publish: bool = True) -> Page:
        page.slug = slug
        page.locale = Locale.objects.get(language_code=SOURCE)
        page.live = publish
        parent.add_child(instance=page)
        if publish:
            page.save_revision().publish()
        self.made[slug] = page
        return page

    def _home(self, language: str) -> HomePage:
        texts = words(language)["home"]
        return HomePage(title=texts["title"], introduction=texts["introduction"])

    def _home_body(self, language: str) -> str:
        texts = words(language)["home"]
        targets = {"help": "help", "contact": "contact", "portal": "support"}
        cards = [
            {
                "type": "item",
                "id": block_id("home", "card", key),
                "value": {
                    "title": texts["cards"][key]["title"],
                    "text": texts["cards"][key]["text"],
                    "page": self.made[slug].pk,
                    "link_text": texts["cards"][key]["link"],
                },
            }
            for key, slug in targets.items()
        ]
        search = {"heading": texts["search_heading"], "help_centre": None, "label": ""}
        mine = {"heading": "", "portal": None, "number": 3, "only_own": False}
        blocks = (
            ("knowledge_base_search", search),
            ("my_open_tickets", mine),
            ("cards", {"heading": texts["cards_heading"], "cards": cards}),
            ("text", texts["body"].strip()),
        )
        return _stream("home", blocks)

    def _contact(self, language: str) -> StandardPage:
        texts = words(language)["contact"]
        form = {"heading": texts["form_heading"], "form": contact_form().pk}
        hours = {
            "heading": texts["hours_heading"],
            "calendar": calendar().pk,
            "show_now": True,
            "inbox": None,
        }
        # The form and the opening hours beside it say the rest.
        card = {
            "heading": texts["card_heading"],
            "text": texts["card_text"],
            "phone": PHONE,
            "email": SENDERS["Support"],
            "form_page": None,
            "portal_page": self.made["support"].pk,
            "inbox": None,
            "show_email": False,
            "show_hours": False,
            "show_answer": False,
        }
        blocks = (
            ("support_form", form),
            ("opening_hours", hours),
            ("contact_card", card),
        )
        return StandardPage(
            title=texts["title"],
            introduction=texts["introduction"],
            body=_stream("contact", blocks),
            show_in_menus=True,
        )

    def _help(self, language: str) -> KnowledgeBaseHomePage:
        texts = words(language)["help"]
        return KnowledgeBaseHomePage(
            title=texts["title"],
            heading=texts["heading"],
            introduction=texts["introduction"],
            show_in_menus=True,
        )

    def _category(self, slug: str, language: str) -> CategoryPage:
        texts = words(language)["categories"][slug]
        icons = {name: icon for name, _parent, icon in CATEGORIES}
        return CategoryPage(
            title=texts["title"], description=texts["description"], icon=icons[slug]
        )

    def _article(self, article: articles.Article) -> ArticlePage:
        return ArticlePage(
            title=article.title,
            introduction=article.summary,
            search_description=article.summary,
            is_popular=article.slug in POPULAR,
        )

    def _body(self, article: articles.Article) -> str:
        nodes = article.nodes(lambda slug: self._link(slug))
        body = article_body(
            article.slug, nodes, images=self.images, documents=self.documents
        )
        return json.dumps(body)

    def _link(self, slug: str) -> str:
        return f'linktype="page" id="{self.made[slug].pk}"'

    def _portal(self, language: str) -> PortalHomePage:
        texts = words(language)["portal"]
        return PortalHomePage(
            title=texts["title"],
            intro=texts["intro"],
            channel=channel("portal"),
            may_close=True,
            show_stages=True,
            asks_rating=True,
            show_in_menus=True,
        )

    def _restrict(self, page: Page) -> None:
        restriction = PageViewRestriction.objects.create(
            page=page, restriction_type=PageViewRestriction.GROUPS
        )
        restriction.groups.add(opening_group())


def _in_order(found: list[articles.Article]) -> dict[str, articles.Article]:
    """Articles by their slug, in the order in which readers find them."""
    by_slug = {article.slug: article for article in found}
    return {slug: by_slug[slug] for slug in ORDER if slug in by_slug}


def _stream(owner: str, blocks: Any) -> str:
    """The raw value of a StreamField, with ids that are the same in every language."""
    return json.dumps(
        [
            {"type": kind, "value": value, "id": block_id(owner, place)}
            for place, (kind, value) in enumerate(blocks)
        ]
    )
