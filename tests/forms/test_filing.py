"""A visitor files a ticket through a support form on an ordinary page (B28, F9)."""

import re

import pytest
from django.test import Client

from tests.factories import CustomerFactory, SupportFormFactory
from tests.files import PNG, png_file
from tests.forms.conftest import add_page
from wagtail_helpdesk.models import Contact, Message, Ticket

pytestmark = pytest.mark.django_db


def test_a_stranger_files_exactly_one_ticket_and_is_thanked(visitor, contact_page):
    sheet = visitor.open()
    response = sheet.send()

    assert response.status_code == 303
    assert re.search(r"\?hd_sent=[^#]+#hd-form-contact$", response["Location"])
    ticket = Ticket.objects.get()
    assert ticket.subject == "The hub is offline"
    assert ticket.contact.email == "ana@acme.example"
    assert ticket.contact.name == "Ana"
    assert Message.objects.get().body_text == "It blinks red."
    thanks = visitor.client.get(response["Location"].partition("#")[0])
    assert ticket.reference in thanks.text


def test_the_ticket_lands_in_the_inbox_of_the_forms_channel(
    visitor, contact_page, support_form
):
    visitor.send()

    ticket = Ticket.objects.get()
    assert ticket.inbox == support_form.channel.inbox
    assert ticket.stage == support_form.channel.first_stage()


def test_the_ticket_remembers_page_revision_and_locale(visitor, contact_page):
    """N3."""
    visitor.send()

    ticket = Ticket.objects.get()
    contact_page.refresh_from_db()
    assert ticket.origin_page_id == contact_page.pk
    assert ticket.origin_revision_id == contact_page.live_revision_id is not None
    assert (ticket.origin_locale, ticket.language) == ("en", "en")


def test_the_article_a_visitor_came_from_is_remembered_instead(
    visitor, contact_page, home
):
    """N3, UX37."""
    article = add_page(home, slug="article")
    visitor.open(f"/contact/?from={article.pk}").send()

    assert Ticket.objects.get().origin_page_id == article.pk


@pytest.mark.parametrize("named", ["999999", "x", "²", "1" * 30, "\x00"])
def test_a_nonsensical_origin_is_the_page_itself(visitor, contact_page, named):
    visitor.open(f"/contact/?from={named}").send()

    assert Ticket.objects.get().origin_page_id == contact_page.pk


def test_reloading_the_thanks_files_nothing(visitor, contact_page):
    """UX26."""
    address = visitor.send()["Location"].partition("#")[0]

    visitor.client.get(address)
    visitor.client.get(address)

    assert Ticket.objects.count() == 1


def test_a_forged_thanks_shows_the_form(visitor, contact_page):
    assert visitor.open("/contact/?hd_sent=forged").form is not None


def test_a_double_click_files_one_ticket(visitor, contact_page):
    """UX25: the same form sent twice, as the browser sends it."""
    sheet = visitor.open()

    first, second = sheet.send(), sheet.send()

    assert first.status_code == second.status_code == 303
    assert Ticket.objects.count() == 1


def test_going_back_and_writing_something_else_files_a_second_ticket(
    visitor, contact_page
):
    """The token alone must not swallow a changed text as a duplicate."""
    sheet = visitor.open()

    sheet.send()
    sheet.send(description="And now it is silent.")

    assert Ticket.objects.count() == 2


def test_a_customer_who_is_signed_in_is_not_asked_again(visitor, contact_page):
    """UX19."""
    customer = CustomerFactory(name="Luis", email="luis@acme.example")
    visitor.client.force_login(
        customer.user, backend="django.contrib.auth.backends.ModelBackend"
    )
    sheet = visitor.open()

    assert not {"contact-name", "contact-email"} & sheet.names()
    assert sheet.send().status_code == 303
    assert Ticket.objects.get().contact == customer


def test_an_account_without_a_verified_address_is_asked_like_a_stranger(
    visitor, contact_page, django_user_model
):
    """R17: the address of the account is a suggestion, no more."""
    user = django_user_model.objects.create_user(
        "eve", email="ana@acme.example", first_name="Eve"
    )
    visitor.client.force_login(
        user, backend="django.contrib.auth.backends.ModelBackend"
    )
    sheet = visitor.open()

    assert sheet.value("contact-email") == "ana@acme.example"
    assert sheet.value("contact-name") == "Eve"


def test_a_stranger_cannot_rename_a_known_contact(visitor, contact_page):
    """R14."""
    CustomerFactory(name="Ana Ruiz", email="ana@acme.example")

    visitor.send(contact_name="Somebody else")

    assert Contact.objects.get().name == "Ana Ruiz"
    [name] = [f for f in Message.objects.get().form_data if f["key"] == "contact-name"]
    assert name["value"] == "Somebody else"


def test_several_files_become_attachments(visitor, contact_page):
    visitor.send(files=[png_file("one.png"), png_file("two.png")])

    stored = Message.objects.get().attachments.all()
    assert [(a.name, a.content_type) for a in stored] == [
        ("one.png", "image/png"),
        ("two.png", "image/png"),
    ]
    with stored[0].file.open() as file:
        assert file.read() == PNG


def test_two_forms_on_one_page_have_their_own_ids_and_answers(visitor, home):
    first, other = SupportFormFactory(key="sales"), SupportFormFactory(key="repair")
    add_page(home, first, other, first)

    html = visitor.open(html_id="sales").html
    ids = [tag["id"] for tag in html.find_all(id=True)]
    assert len(ids) == len(set(ids))

    third = visitor.open(html_id="sales_2")
    refused = third.send(subject="")
    assert refused.status_code == 422
    assert third.again(refused).errors
    assert not visitor_errors(refused, "hd-form-sales")
    assert not visitor_errors(refused, "hd-form-repair")
    assert visitor.open(html_id="repair").send().status_code == 303


def visitor_errors(response, section_id):
    from bs4 import BeautifulSoup

    section = BeautifulSoup(response.content, "html.parser").find(id=section_id)
    return section.find("hd-error-summary")


def test_a_visitor_who_only_reads_gets_no_session(client: Client, contact_page):
    response = client.get("/contact/")

    assert set(response.cookies) == {"csrftoken"}


def test_a_page_with_a_form_stays_out_of_shared_caches(client: Client, contact_page):
    """Its token belongs to one visitor."""
    directives = client.get("/contact/")["Cache-Control"]

    assert "private" in directives
    assert "no-store" not in directives, "going back must not lose what was typed"


def test_a_page_without_a_form_may_be_cached(client: Client, home):
    add_page(home, slug="prices")

    assert "Cache-Control" not in client.get("/prices/")


def test_without_csrf_token_nothing_is_filed(contact_page):
    client = Client(enforce_csrf_checks=True)

    assert client.post("/contact/?hd_form=contact", {}).status_code == 403
    assert not Ticket.objects.exists()


def test_a_blocked_contact_is_refused_and_keeps_the_text(visitor, contact_page):
    CustomerFactory(email="ana@acme.example", is_blocked=True)
    sheet = visitor.open()

    response = sheet.send()

    assert response.status_code == 403
    assert sheet.again(response).value("description") == "It blinks red."
    assert not Ticket.objects.exists()


def test_a_form_whose_channel_is_off_says_so(visitor, contact_page, support_form):
    support_form.channel.is_enabled = False
    support_form.channel.save()

    section = visitor.open().section

    assert section.find("form") is None
    assert "switched off" in section.text


def test_an_inbox_that_opens_no_tickets_takes_the_message(
    visitor, contact_page, support_form
):
    """B112."""
    inbox = support_form.channel.inbox
    inbox.creates_tickets = False
    inbox.save()

    response = visitor.send()

    assert response.status_code == 303
    assert not Ticket.objects.exists()
    assert Message.objects.get().body_text == "It blinks red."
    thanks = visitor.client.get(response["Location"].partition("#")[0])
    assert "Your message has arrived" in thanks.text
