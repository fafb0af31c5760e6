"""The block "Contact card" on any page (N2)."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client, RequestFactory
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.models import Locale

from example_site.home.models import StandardPage
from tests.factories import ChannelFactory, InboxFactory
from tests.forms.test_opening_hours import clock, office  # noqa: F401
from tests.knowledge_base.factories import restrict
from tests.portal.build import change, make_portal
from wagtail_helpdesk.blocks import ContactCardBlock

pytestmark = pytest.mark.django_db

USUAL = {
    **dict.fromkeys(("heading", "text", "phone", "email"), ""),
    **dict.fromkeys(("form_page", "portal_page", "inbox")),
    "show_email": False,
    "show_hours": True,
    "show_answer": True,
}


def card(**values):
    return "contact_card", {**USUAL, **values}


def add_page(home, *blocks, slug="reach"):
    page = home.add_child(
        instance=StandardPage(title="Reach us", slug=slug, body=list(blocks))
    )
    page.save_revision().publish()
    return page


def shown(path="/reach/"):
    html = BeautifulSoup(Client().get(path).content, "html.parser")
    return html.select_one(".hd-embed")


def links(node):
    return [(link.text, link["href"]) for link in node.select("a")]


def words(node):
    return " ".join(node.text.split())


def test_every_way_to_reach_the_team(home):
    portal, form = make_portal(), add_page(home, slug="contact")
    add_page(
        home,
        card(
            heading="<i>Us</i>",
            text="Line <b>one</b>\nline two",
            phone="+44 (0)20 7946-0018",
            email="help+us@northwind.example",
            form_page=form,
            portal_page=portal,
        ),
    )
    found = shown()
    assert links(found) == [
        ("+44 (0)20 7946-0018", "tel:+442079460018"),
        ("help+us@northwind.example", "mailto:help%2Bus@northwind.example"),
        ("Write to us", "/contact/"),
        ("Go to Customer portal", "/support/"),
    ]
    assert found.h2.text == "<i>Us</i>"
    assert "Line <b>one</b>" in found.text


@pytest.mark.parametrize("values", [{}, {"heading": "Reach us"}])
def test_an_empty_card_shows_nothing(home, values):
    add_page(home, card(**values))
    assert shown() is None


def test_when_somebody_is_there_and_answers(home, office, clock):  # noqa: F811
    inbox = InboxFactory(calendar=office, first_reply_minutes=180)
    page = add_page(home, card(inbox=inbox))
    found = words(shown())
    assert "Open now, until 1 p.m. All times are local times in Madrid." in found
    assert "we answer by today 2:30 p.m. (CET)." in found
    assert "private" in Client().get("/reach/")["Cache-Control"]

    page.body = [card(inbox=inbox, show_answer=False, show_hours=False, phone="112")]
    page.save_revision().publish()
    assert words(shown()) == "Phone: 112"
    assert "private" not in Client().get("/reach/").get("Cache-Control", "")


@pytest.mark.parametrize(
    ("channel", "is_told"),
    [
        ({"config": {}}, True),
        ({"config": {"addresses": ["Help@northwind.example", "x@in.example"]}}, True),
        # It takes mail for another address only, which customers do not know.
        ({"config": {"addresses": ["x@in.example"]}}, False),
        ({"config": {}, "is_enabled": False}, False),
        ({"config": {}, "type": "form"}, False),
    ],
)
def test_only_an_address_that_customers_know_and_that_takes_mail(
    home, channel, is_told
):
    inbox = InboxFactory(from_email="help@northwind.example")
    ChannelFactory(inbox=inbox, **{"type": "email", **channel})
    add_page(home, card(inbox=inbox, show_email=True, phone="112"))
    found = shown()
    assert ("help@northwind.example" in found.text) is is_told
    assert "x@in.example" not in found.text


def test_pages_that_lead_nowhere_are_left_out(home):
    portal, form = make_portal(), add_page(home, slug="contact")
    add_page(home, card(phone="112", form_page=form, portal_page=portal))
    assert len(links(shown())) == 3
    change(portal, is_active=False)
    restrict(form)
    assert links(shown()) == [("112", "tel:112")]
    assert "Cookie" in Client().get("/reach/")["Vary"]
    form.unpublish()
    assert links(shown()) == [("112", "tel:112")]


def test_a_translated_page_leads_to_translations(home):
    form = add_page(home, slug="contact")
    page = add_page(home, card(form_page=form))
    spanish = Locale.objects.create(language_code="es")
    for one in (home, form, page):
        one.copy_for_translation(spanish).save_revision().publish()
    assert links(shown("/es/reach/"))[0][1] == "/es/contact/"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("phone", "call me", "Enter a phone number such as +34 600 123 456."),
        ("phone", "javascript:alert(1)", "Enter a phone number such as"),
        ("email", "help@", "Enter a valid email address."),
    ],
)
def test_an_editor_is_told_what_is_wrong(db, field, typed, said):
    block = ContactCardBlock()
    value = block.value_from_datadict({f"b-{field}": typed}, {}, "b")
    with pytest.raises(StructBlockValidationError) as caught:
        block.clean(value)
    (errors,) = caught.value.block_errors.values()
    assert said in str(errors)
    assert set(caught.value.block_errors) == {field}


def test_outside_of_a_request_only_what_always_holds_is_shown(home):
    inbox = InboxFactory()
    block = ContactCardBlock()
    value = block.to_python({"phone": "112", "inbox": inbox.pk, "form_page": home.pk})
    html = block.render(value)
    assert "tel:112" in html
    assert "Write to us" not in html
    gone = block.to_python({"inbox": 999_999, "form_page": 999_999})
    request = RequestFactory().get("/")
    assert block.render(gone, {"request": request}).strip() == ""


def test_translators_get_the_texts_and_may_change_phone_and_pages(home):
    """wagtail-localize finds texts by itself, but not that a number is none."""
    from wagtail_localize.segments import extract, ingest

    values = {"heading": "Us", "text": "Call us", "phone": "112", "form_page": home}
    page = add_page(home, card(**values))
    segments = extract.extract_segments(page)
    found = {
        (type(one).__name__, one.path.split(".")[-1])
        for one in segments
        if one.path.startswith("body")
    }
    assert found == {
        ("StringSegmentValue", "heading"),
        ("StringSegmentValue", "text"),
        ("OverridableSegmentValue", "phone"),
        ("OverridableSegmentValue", "form_page"),
    }
    (phone,) = (one for one in segments if one.path.endswith("phone"))
    phone.data = "091"
    field = StandardPage._meta.get_field("body")
    writer = ingest.StreamFieldSegmentsWriter(field, home.locale, home.locale)
    writer.handle_stream_block(page.body, [phone.unwrap()[1]])
    assert page.body[0].value["phone"] == "091"


def test_an_editor_finds_the_blocks_in_the_page_editor(admin_client, home):
    page = add_page(home, card(phone="112"))
    response = admin_client.get(f"/admin/pages/{page.pk}/edit/")
    assert response.status_code == 200
    for name in ("Contact card", "My open requests", "Knowledge base search"):
        assert name in response.text
