"""The home page of a knowledge base (F1)."""

import pytest
import wagtail_factories
from django.core.exceptions import ValidationError

from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    HomeFactory,
    member_of,
    restrict,
    site_root,
    translate,
)
from tests.knowledge_base.pages import get, main, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal():
    return wagtail_factories.PageFactory(
        parent=site_root(), title="Orders & returns", slug="support"
    )


def test_it_asks_how_it_can_help_and_has_a_search_box(home):
    soup = get("/help/")
    assert words(soup.h1) == "How can we help?"
    form = soup.select_one("form[role=search]")
    assert form["action"] == "/help/search/"
    assert form.select_one("label")["for"] == form.select_one("input")["id"]


def test_editors_choose_heading_and_introduction(home):
    home.heading = "What are you looking for?"
    home.introduction = "All about hubs."
    home.save()
    soup = get("/help/")
    assert words(soup.h1) == "What are you looking for?"
    assert "All about hubs." in words(main(soup))


def test_a_category_shows_icon_name_description_and_number_of_articles(article):
    card = get("/help/").select_one(".hd-topic")
    assert card.select_one("svg")
    assert words(card.h3) == "Billing"
    assert "Invoices and cards." in words(card)
    assert "1 article" in words(card)
    assert card.a["href"] == "/help/billing/"


def test_articles_of_sub_categories_count_too(home, category, article):
    inner = CategoryFactory(parent=category, title="Cards")
    ArticleFactory(parent=inner)
    ArticleFactory(parent=inner, live=False)
    assert "2 articles" in words(get("/help/").select_one(".hd-topic"))


def test_categories_stand_in_the_order_of_the_explorer(home):
    for title in ("Zebra", "Apple", "Mango"):
        CategoryFactory(parent=home, title=title)
    titles = [words(tag) for tag in get("/help/").select(".hd-topic h3")]
    assert titles == ["Zebra", "Apple", "Mango"]


def test_private_categories_and_their_articles_are_not_counted(
    home, category, article, partners
):
    ArticleFactory(parent=category, title="Secret prices", is_popular=True)
    restrict(category.get_children().get(title="Secret prices"), partners)
    outside = main(get("/help/"))
    assert "1 article" in words(outside)
    assert "Secret prices" not in words(outside)

    inside = main(get("/help/", user=member_of(partners)))
    assert "2 articles" in words(inside)
    assert "Secret prices Private" in words(inside)


def test_popular_articles_are_those_that_editors_marked(category, article):
    ArticleFactory(parent=category, title="Change your plan", is_popular=True)
    soup = get("/help/")
    popular = soup.select_one("[aria-labelledby=hd-popular]")
    assert [words(a) for a in popular.select("a")] == ["Change your plan"]
    recent = soup.select_one("[aria-labelledby=hd-recent]")
    assert [words(a) for a in recent.select("a")] == [
        "Change your plan",
        "Download an invoice",
    ]


def test_an_empty_one_offers_the_first_category_to_those_who_may_make_it(home):
    assert "There are no articles yet" in words(main(get("/help/")))
    assert not main(get("/help/")).select(".hd-empty a")
    admin = member_of(is_superuser=True, is_staff=True)
    link = main(get("/help/", user=admin)).select_one(".hd-empty a")
    assert words(link) == "Add your first category"
    assert link["href"] == f"/admin/pages/{home.pk}/add_subpage/"


def test_the_portal_link_names_the_portal_when_it_is_switched_on(home, portal):
    """B35."""
    assert not get("/help/").select(".hd-portal-link")
    home.portal_page = portal
    home.show_portal_link = True
    home.save()
    link = get("/help/").select_one(".hd-portal-link")
    assert words(link) == "Go to Orders & returns"
    assert link["href"] == "/support/"


def test_the_portal_link_is_on_every_page_of_the_knowledge_base(article, portal):
    """B35."""
    home = article.home
    home.portal_page, home.show_portal_link = portal, True
    home.save()
    for url in ("/help/billing/", article.url, "/help/search/?q=invoice"):
        assert get(url).select_one(".hd-portal-link"), url


def test_a_portal_that_is_not_live_has_no_link(home, portal):
    """B35."""
    home.portal_page, home.show_portal_link = portal, True
    home.save()
    portal.unpublish()
    assert not get("/help/").select(".hd-portal-link")


def test_the_portal_link_leads_to_the_portal_in_the_same_language(home, portal):
    """B35; a link to a page in another language is a dead end for most readers."""
    home.portal_page, home.show_portal_link = portal, True
    home.save()
    spanish = translate(home, "es", title="Ayuda")
    assert get(spanish.url).select_one(".hd-portal-link")["href"] == "/support/"
    translate(portal, "es", title="Pedidos")
    link = get(spanish.url).select_one(".hd-portal-link")
    assert link["href"] == "/es/support/"
    assert "Pedidos" in words(link)


def test_the_portal_switch_needs_a_portal(home):
    home.show_portal_link = True
    with pytest.raises(ValidationError) as error:
        home.full_clean()
    assert "portal_page" in error.value.message_dict


def test_help_is_one_link_away(home, category):
    contact = wagtail_factories.PageFactory(
        parent=site_root(), title="Contact", slug="contact"
    )
    home.contact_page = contact
    home.save()
    assert get("/help/").select_one(".hd-cta a")["href"] == "/contact/"
    assert get("/help/billing/").select_one(".hd-cta a")["href"] == "/contact/"
    contact.unpublish()
    assert not get("/help/").select(".hd-cta a[href='/contact/']")


def test_the_navigation_has_the_knowledge_base_of_the_language(home):
    translate(home, "es", title="Ayuda")
    item = get("/es/help/").select_one(".hd-nav a[aria-current=page]")
    assert (words(item), item["href"]) == ("Ayuda", "/es/help/")
    item = get("/help/search/").select_one(".hd-nav a[aria-current=true]")
    assert (words(item), item["href"]) == ("Help centre", "/help/")


def test_the_navigation_of_other_pages_leads_here_unless_it_is_private(home, rf):
    from wagtail_helpdesk.knowledge_base.navigation import navigation

    def entries(user):
        request = rf.get("/accounts/login/")
        request.user = user
        return [item.url for item in navigation(request)]

    assert entries(None) == ["/help/"]
    restrict(home)
    assert entries(None) == []
    assert entries(member_of()) == ["/help/"]


def test_languages_do_not_mix(home, article):
    spanish = translate(home, "es", title="Ayuda")
    translate(article, "es", title="Descargar una factura")
    shown = words(main(get(spanish.url)))
    assert "Descargar una factura" in shown
    assert "Download an invoice" not in shown
    assert "1 art" in shown


def test_two_knowledge_bases_of_a_site_do_not_mix(home, article):
    HomeFactory(title="Partner help", slug="partner-help")
    assert "Download an invoice" not in words(main(get("/partner-help/")))


def test_no_shared_cache_keeps_what_a_member_sees(client, home):
    assert "no-store" not in client.get("/help/").get("Cache-Control", "")
    assert "Cookie" in client.get("/help/")["Vary"]
    client.force_login(member_of(), backend="django.contrib.auth.backends.ModelBackend")
    assert "no-store" in client.get("/help/")["Cache-Control"]
