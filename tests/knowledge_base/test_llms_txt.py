"""``llms.txt``: the public articles, for whoever asks."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.models import Page, Site

from tests.factories import UserFactory
from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    restrict,
    translate,
)
from wagtail_helpdesk.knowledge_base import llms_txt

pytestmark = pytest.mark.django_db


def read(client: Client | None = None) -> str:
    response = (client or Client()).get("/llms.txt", headers={"host": "example.com"})
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return b"".join(response).decode()


def links(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("- ")]


def test_it_lists_articles_with_address_and_description(article, category):
    Site.objects.update(site_name="Northwind")
    described = ArticleFactory(
        parent=category,
        title="Pay by card",
        introduction="Not this.",
        search_description="Cards\n  we take.",
    )
    ArticleFactory(parent=category, title="Plain")
    assert read() == (
        "# Northwind\n"
        "\n"
        "## Help centre (English)\n"
        "\n"
        "- [Download an invoice](http://example.com/help/billing/download-an-invoice/)"
        ": Every invoice as a PDF.\n"
        f"- [Pay by card](http://example.com{described.get_url()}): Cards we take.\n"
        "- [Plain](http://example.com/help/billing/plain/)\n"
    )


def test_every_language_has_a_part_of_its_own(home, article):
    spanish = translate(article, "es", title="Descargar una factura")
    Page.objects.filter(pk=spanish.get_parent().get_parent().pk).update(live=True)
    text = read()
    assert "## Help centre (English)" in text
    assert "## Help centre (español)" in text
    assert "[Descargar una factura](http://example.com/es/help/" in text


def test_drafts_and_private_articles_are_left_out_whoever_asks(
    home, category, article, partners
):
    public = CategoryFactory(parent=home, title="Open")
    article.create_alias(parent=public, update_slug="invoice-2")
    translate(article, "es")
    draft = ArticleFactory(parent=public, title="Draft")
    Page.objects.filter(pk=draft.pk).update(live=False)
    assert len(links(read())) == 3
    restrict(category, partners)
    assert not links(read())
    boss = Client()
    boss.force_login(
        UserFactory(is_superuser=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert not links(read(boss))


def test_titles_are_no_markup(category):
    ArticleFactory(parent=category, title="[x](http://evil) `b`", slug="x")
    (line,) = links(read())
    assert line.startswith(r"- [\[x\](http://evil) \`b\`](http://example.com/help/")


def test_it_stops_at_the_limit(category, monkeypatch):
    for number in range(4):
        ArticleFactory(parent=category, title=f"Number {number}")
    monkeypatch.setattr(llms_txt, "MOST_ARTICLES", 3)
    assert len(links(read())) == 3


def test_a_host_without_a_site_has_none(home):
    Site.objects.all().delete()
    assert Client().get("/llms.txt").status_code == 404
