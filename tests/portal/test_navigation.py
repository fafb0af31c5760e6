"""The navigation of a portal, as its editor wants it (B34, B35)."""

import pytest
import wagtail_factories
from django.contrib.auth.models import Group
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset

from tests.factories import CustomerFactory
from tests.knowledge_base.factories import CategoryFactory, HomeFactory, restrict
from tests.portal.build import change
from tests.portal.test_new_request import parsed
from tests.portal.test_page_form import editor, save  # noqa: F401  (a fixture)
from wagtail_helpdesk.portal.navigation_settings import is_safe_address

pytestmark = pytest.mark.django_db


def link_to(portal, *rows):
    model = portal.navigation_links.model
    portal.navigation_links = [
        model(sort_order=number, **row) for number, row in enumerate(rows)
    ]
    portal.save()


def nav(client, url="/support/"):
    links = parsed(client.get(url)).select(".hd-nav__link")
    return {link.text.strip(): link["href"] for link in links}


@pytest.fixture
def help_home(db):
    return HomeFactory(title="Help")


def test_further_links_stand_after_the_portals_own(portal, client, help_home):
    """B34."""
    shop = wagtail_factories.PageFactory(
        parent=portal.get_parent(), title="Our shop", slug="shop"
    )
    link_to(
        portal,
        {"link_url": "https://example.com/status", "link_text": "Status"},
        {"link_page": shop},
        {"link_url": "/help/#faq", "link_text": "Questions"},
        # What no editor's form lets through is not shown either.
        {"link_url": "javascript:alert(1)", "link_text": "Bad"},
    )
    found = nav(client)
    assert list(found)[-4:] == ["New request", "Status", "Our shop", "Questions"]
    assert found["Status"] == "https://example.com/status"
    assert (found["Our shop"], found["Questions"]) == ("/shop/", "/help/#faq")
    assert "Status" not in nav(client, "/help/"), "they are the portal's"
    change(portal, is_active=False)
    assert "Status" not in nav(client)


def test_a_page_is_linked_for_those_who_may_open_it(
    portal, client, ana, sign_in, help_home
):
    """R9: by the one rule of reading."""
    inside = CategoryFactory(parent=help_home, title="Partners only")
    partners = Group.objects.create(name="Partners")
    restrict(inside, partners)
    link_to(portal, {"link_page": inside, "link_text": "Partner area"})
    assert "Partner area" not in nav(client)
    ben = CustomerFactory()
    ben.user.groups.add(partners)
    assert nav(sign_in(ben))["Partner area"] == inside.url
    inside.unpublish()
    assert "Partner area" not in nav(sign_in(ben))


def test_a_link_leads_to_the_page_in_the_portals_language(portal, client, help_home):
    link_to(portal, {"link_page": help_home, "link_text": "Read"})
    spanish = Locale.objects.create(language_code="es")
    for page in (portal.get_parent(), help_home, portal):
        page.copy_for_translation(spanish).save_revision().publish()
    assert nav(client)["Read"] == "/help/"
    assert nav(client, portal.get_translation(spanish).url)["Read"] == "/es/help/"


def test_a_preview_shows_links_that_are_not_saved_yet(portal, help_home):
    model = portal.navigation_links.model
    portal.navigation_links = [
        model(link_page=help_home, link_text="Read"),
        model(link_url="/shop/", link_text="Shop"),
    ]
    response = portal.make_preview_request()
    response.render()
    links = [link.text for link in parsed(response).select(".hd-nav__link")]
    assert links[-2:] == ["Read", "Shop"]


def test_the_help_centre_can_be_left_out(portal, client, help_home):
    """B34."""
    assert "Help" in nav(client)
    change(portal, show_help_centre=False)
    assert "Help" not in nav(client)
    assert "Help" in nav(client, "/help/"), "it is the portal's own affair"


def test_no_link_leads_to_a_portal_that_the_reader_may_not_know(
    portal, help_home, client, ana
):
    """B35."""
    help_home.portal_page, help_home.show_portal_link = portal, True
    help_home.save()
    assert parsed(client.get("/help/")).select(".hd-portal-link")
    restrict(portal, Group.objects.create(name="Partners"))
    assert not parsed(client.get("/help/")).select(".hd-portal-link")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({}, "Choose a page, or write an address"),
        ({"link_url": "//example.com", "link_text": "x"}, "begins with https://"),
        ({"link_url": "/shop/"}, "Write the text of the link"),
    ],
)
def test_the_editor_is_told_what_is_wrong_with_a_link(
    portal,
    editor,  # noqa: F811
    row,
    told,
):
    row = {"link_page": "", "link_url": "", "link_text": "", **row}
    response = save(editor, portal, navigation_links=inline_formset([row]))
    assert told in response.content.decode()
    assert not portal.navigation_links.exists()


def test_which_addresses_lead_to_pages():
    for address in ("/", "/a/?b=c#d", "https://example.com", "http://localhost:8000/"):
        assert is_safe_address(address), address
    for address in (
        *("", "help/", "//example.com", "/\\example.com", "/\t/example.com"),
        *("javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "ftp://a/"),
        *(
            "https:",
            "https://",
            "http://[",
            "https://a b/",
            " https://a/",
            "mailto:a@b",
        ),
    ):
        assert not is_safe_address(address), address
