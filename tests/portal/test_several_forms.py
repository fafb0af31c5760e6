"""Several forms of one portal: the choice, and each with its words (B23 to B28)."""

import pytest
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from tests.factories import ChannelFactory, SupportFormFactory
from tests.knowledge_base.factories import HomeFactory
from tests.portal.build import change, connect, make_ticket
from tests.portal.test_new_request import fill_in, parsed, text_of
from tests.portal.test_page_form import editor, save  # noqa: F401  (a fixture)
from wagtail_helpdesk.access.follow_ups import FOLLOW_UP_PARAM
from wagtail_helpdesk.models import Ticket
from wagtail_helpdesk.portal.setup import pages, steps

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_hurry(settings):
    settings.WAGTAIL_HELPDESK = {"FORM_MIN_SECONDS": 0}


@pytest.fixture
def repair(db):
    return SupportFormFactory(key="repair", name="Repair form")


@pytest.fixture
def order(db):
    return SupportFormFactory(key="order", name="Order form")


@pytest.fixture
def both(portal, repair, order):
    """The portal with two forms and words for each."""
    connect(
        portal,
        {"form": repair, "menu_text": "Repair", "header_text": "What is broken?"},
        {"form": order, "menu_text": "Order", "description": "Spare parts"},
    )
    return portal


def choices(response):
    return parsed(response).select("#hd-main .hd-list a")


def nav(response):
    return [link.text.strip() for link in parsed(response).select(".hd-nav__link")]


def test_among_several_forms_the_customer_chooses(both, client, ana):
    """F8: what the address says about the request goes on to the form."""
    old = make_ticket(ana, "hello", subject="Pump", closed=True)
    asked = f"subject=A+%26+B&article=7&{FOLLOW_UP_PARAM}={old.public_id}&x=1"
    response = client.get(f"/support/new/?{asked}")
    assert [link.text for link in choices(response)] == ["Repair", "Order"]
    assert "Spare parts" in text_of(response)
    assert nav(response)[-1] == parsed(response).h1.text == "New request"
    expected = f"article=7&subject=A+%26+B&{FOLLOW_UP_PARAM}={old.public_id}"
    link = choices(response)[0]["href"]
    assert link == f"/support/new/?form=repair&{expected}"
    page = parsed(client.get(link))
    assert page.h1.text == "What is broken?"
    assert page.select_one('[name$="-subject"]')["value"] == "A & B"
    assert old.reference in page.select_one("#hd-main .hd-note").text
    crumbs = page.select(".hd-crumbs a")
    assert crumbs[-1]["href"] == f"/support/new/?{expected}"
    assert parsed(client.get("/support/new/?form=order")).h1.text == "Order"


def test_each_form_files_in_its_inbox_and_thanks(both, client, order, ana):
    """B26, B28, UX11: also after an error."""
    page = parsed(client.get("/support/new/?form=order"))
    action, data = fill_in(page, description="Since Monday")
    page = parsed(client.post(action, data))
    assert page.select(".hd-summary") and page.h1.text == "Order"
    assert page.textarea.text.strip() == "Since Monday"
    action, data = fill_in(page, subject="A new pump")
    response = client.post(action, data)
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.contact) == (order.channel, ana)
    thanks = client.get(response["Location"])
    assert ticket.reference in text_of(thanks)
    assert parsed(thanks).h1.text == "Order"


def test_a_form_of_elsewhere_is_answered_like_none(both, client):
    """R9: deny by default."""
    SupportFormFactory(key="secret", name="Board only")
    foreign = client.get("/support/new/?form=secret")
    missing = client.get("/support/new/?form=nothing%00")
    assert foreign.status_code == missing.status_code == 404
    assert text_of(foreign) == text_of(missing)
    assert "is not here" in text_of(foreign) and len(choices(foreign)) == 2


def test_a_form_that_was_taken_away_is_not_sent_and_its_text_waits(
    both, client, order, repair
):
    """UX27."""
    page = parsed(client.get("/support/new/?form=order"))
    action, data = fill_in(page, subject="A new pump", description="Since Monday")
    other = SupportFormFactory(key="other")
    connect(both, {"form": repair, "menu_text": "R"}, {"form": other, "menu_text": "O"})
    response = client.post(action, data)
    assert response.status_code == 409
    assert "Nothing was sent" in text_of(response)
    assert not Ticket.objects.exists()
    page = parsed(client.get(choices(response)[1]["href"]))
    assert page.textarea.text.strip() == "Since Monday"
    connect(both, other)
    page = parsed(client.post(action, data))
    assert page.select_one('[name$="-subject"]')["value"] == "A new pump"


def test_the_built_in_form_is_not_taken_any_more_where_others_are_connected(
    portal, client, repair, order
):
    """UX27: nobody gets around the questions and the consent of the forms."""
    texts = {"subject": "A new pump", "body": "Since Monday", "client_token": "t" * 24}
    connect(portal, repair)
    response = client.post("/support/new/", texts)
    assert response.status_code == 409 and "Nothing was sent" in text_of(response)
    page = parsed(response)
    assert page.select_one('[name$="-subject"]')["value"] == "A new pump"
    assert page.textarea.text.strip() == "Since Monday"
    connect(portal, {"form": repair, "menu_text": "R"}, {"form": order})
    response = client.post("/support/new/", texts)
    assert response.status_code == 409
    page = parsed(client.get(choices(response)[1]["href"]))
    assert page.textarea.text.strip() == "Since Monday"
    assert not Ticket.objects.exists()


def test_a_text_waits_until_one_of_the_forms_is_sent(both, client, ana):
    """UX27: whoever chose the wrong form goes back and chooses again."""
    change(both, reply_on_closed=False)
    old = make_ticket(ana, "hello", subject="Pump", closed=True)
    reply = f"/support/r/{old.public_id}/"
    links = choices(client.post(reply, {"body": "More to say"}))
    for link in links:
        page = parsed(client.get(link["href"]))
        assert page.textarea.text.strip() == "More to say"
    action, data = fill_in(page)
    assert client.post(action, data).status_code == 303
    page = parsed(client.get(links[0]["href"]))
    assert page.textarea.text.strip() == ""


def test_a_reply_on_a_closed_request_waits_for_the_choice(both, client, ana):
    """R7."""
    change(both, reply_on_closed=False)
    old = make_ticket(ana, "hello", subject="Pump", closed=True)
    response = client.post(f"/support/r/{old.public_id}/", {"body": "More to say"})
    assert response.status_code == 409
    action, data = fill_in(parsed(client.get(choices(response)[0]["href"])))
    assert client.post(action, data).status_code == 303
    filed = Ticket.objects.exclude(pk=old.pk).get()
    assert (filed.subject, filed.follow_up_of) == ("Re: Pump", old)


def test_after_the_session_has_ended_it_is_the_same_form(both, client, ana):
    """UX27."""
    page = parsed(client.get("/support/new/?form=order"))
    action, data = fill_in(page, subject="A new pump", description="Since Monday")
    client.logout()
    response = client.post(action, data)
    assert "form%3Dorder" in response["Location"]
    client.force_login(ana.user, backend="django.contrib.auth.backends.ModelBackend")
    page = parsed(client.get("/support/new/?form=order"))
    assert page.textarea.text.strip() == "Since Monday"


def test_a_single_form_names_the_link_everywhere(portal, client, repair, order):
    """B24, B25: a form that is not published counts for nothing."""
    HomeFactory()
    connect(portal, {"form": repair, "menu_text": "Repair"}, order)
    change(portal, form_menu_text="Contact us", form_header_text="How can we help?")
    for url in ("/support/", "/help/"):
        assert nav(client.get(url))[-1] == "Contact us"
    assert parsed(client.get("/support/new/")).h1.text == "How can we help?"
    order.unpublish()
    for url in ("/support/", "/help/"):
        assert nav(client.get(url))[-1] == "Repair"
    page = client.get("/support/new/")
    assert parsed(page).h1.text == "Repair" and fill_in(parsed(page))
    change(portal, channel=None)
    repair.unpublish()
    for url in ("/support/", "/help/"):
        assert "Contact us" not in nav(client.get(url))
    assert client.get("/support/new/").status_code == 404


def test_a_draft_that_went_wrong_shows_a_form_once(portal, client, repair, order):
    connect(portal, repair, repair, order)
    links = choices(client.get("/support/new/"))
    assert [link["href"][-6:] for link in links] == ["repair", "=order"]
    assert links[0].text == "New request"


# -- For editors -----------------------------------------------------------------------


def test_the_editor_is_told_what_is_wrong_with_the_forms(
    portal,
    editor,  # noqa: F811
    repair,
    order,
):
    def saved(*rows):
        response = save(editor, portal, support_forms=inline_formset(list(rows)))
        return response.content.decode()

    one = {"form": repair.pk, "menu_text": "Repair"}
    two = {"form": order.pk, "menu_text": "Order"}
    assert "is there twice" in saved(one, {**two, "form": repair.pk})
    assert "Write the menu text" in saved(one, {**two, "menu_text": " "})
    assert "at most 10" in saved(*[one] * 11)
    assert not portal.support_forms.exists()
    saved(one, two)
    assert [row.form for row in portal.support_forms.all()] == [repair, order]


def test_the_set_up_keeps_several_forms_and_replaces_a_single_one(
    both,
    editor,  # noqa: F811
    repair,
    order,
):
    url = reverse(pages.STEP, args=[both.pk, "form"])
    assert "Repair form, Order form" in editor.get(url).content.decode()
    editor.post(url, {"form": "keep"})
    assert both.support_forms.count() == 2
    order.unpublish()
    order.channel.is_enabled = repair.channel.is_enabled = False
    repair.channel.save()
    both = type(both).objects.get(pk=both.pk)
    problems = " ".join(steps.problems_of(both))
    assert "“Order form” is not published" in problems
    assert "is off: nothing new arrives" in problems
    editor.post(url, {"form": str(repair.pk)})
    assert [row.menu_text for row in both.support_forms.all()] == ["Repair"]
    other = SupportFormFactory(channel=ChannelFactory(type="form"))
    editor.post(url, {"form": str(other.pk)})
    row = both.support_forms.get()
    assert (row.form, row.menu_text) == (other, "Repair")


def test_a_draft_whose_form_was_deleted_can_still_be_edited(
    both,
    editor,  # noqa: F811
    client,
    repair,
    order,
):
    both.save_revision()
    order.delete()
    assert client.get("/support/new/").status_code == 200
    edit = editor.get(reverse("wagtailadmin_pages:edit", args=[both.pk]))
    assert "Repair form" in edit.content.decode()
    for step in ("form", "finish"):
        url = reverse(pages.STEP, args=[both.pk, step])
        assert editor.get(url).status_code == 200
    editor.post(reverse(pages.STEP, args=[both.pk, "form"]), {"form": "built-in"})
    assert not both.support_forms.exists()


def test_the_words_are_translated_with_the_page(both, client, ana):
    spanish = Locale.objects.create(language_code="es")
    both.get_parent().copy_for_translation(spanish).save_revision().publish()
    source, _made = TranslationSource.get_or_create_from_instance(both)
    translation = Translation.objects.create(source=source, target_locale=spanish)
    segment = source.stringsegment_set.get(string__data="Repair")
    StringTranslation.objects.create(
        translation_of=segment.string,
        locale=spanish,
        context=segment.context,
        translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
        data="Reparación",
    )
    translation.save_target(publish=True)
    page = both.get_translation(spanish)
    texts = [(row.menu_text, row.locale) for row in page.support_forms.all()]
    assert texts == [("Reparación", spanish), ("Order", spanish)]
    page.save_revision().publish()
    response = client.get(f"{page.url}new/")
    assert [link.text for link in choices(response)] == ["Reparación", "Order"]
