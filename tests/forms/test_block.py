"""The block on pages, in previews and in languages; the snippets' admin."""

import pytest
from django.test import RequestFactory
from django.utils import translation
from wagtail.models import Locale

from tests.factories import SupportFormFactory
from tests.forms.conftest import add_page
from wagtail_helpdesk.blocks import SupportFormBlock
from wagtail_helpdesk.models import SupportForm, Ticket

pytestmark = pytest.mark.django_db


def test_a_preview_of_the_page_shows_the_form_switched_off(contact_page):
    response = contact_page.make_preview_request()

    assert "hd-form-contact" in response.text
    assert '<fieldset class="hd-plain" disabled>' in response.text
    assert "form-token" not in response.text
    assert "nothing can be sent from here" in response.text


def test_a_preview_shows_a_form_that_is_not_published_yet(contact_page, support_form):
    support_form.unpublish()

    assert "hd-form-contact" in contact_page.make_preview_request().text


def test_a_translated_page_shows_the_form_in_its_language(
    visitor, contact_page, home, support_form
):
    """The block points at the source form; what is shown is its translation."""
    spanish = Locale.objects.create(language_code="es")
    copy = support_form.copy_for_translation(spanish)
    copy.live, copy.submit_label = True, "Enviar"
    copy.save()
    home.copy_for_translation(spanish).save_revision().publish()
    page = contact_page.copy_for_translation(spanish)
    page.save_revision().publish()

    sheet = visitor.open("/es/contact/")
    assert "Enviar" in sheet.section.text
    assert sheet.send().status_code == 303

    ticket = Ticket.objects.get()
    assert (ticket.language, ticket.origin_locale) == ("es", "es")
    assert ticket.origin_page_id == page.pk
    with translation.override("es"):
        assert visitor.open("/es/contact/").section.find("form") is not None


def test_a_form_without_a_translation_is_shown_in_its_own_language(
    visitor, contact_page, home
):
    spanish = Locale.objects.create(language_code="es")
    home.copy_for_translation(spanish).save_revision().publish()
    contact_page.copy_for_translation(spanish).save_revision().publish()

    assert visitor.open("/es/contact/").send().status_code == 303


def test_the_block_outside_of_a_request_shows_nothing():
    """Search indexes and the API render blocks without one."""
    block = SupportFormBlock()
    value = block.to_python({"heading": "", "form": SupportFormFactory().pk})

    assert block.render(value).strip() == ""
    assert block.render(value, {"request": None}).strip() == ""


def test_a_block_whose_form_was_deleted_shows_nothing():
    block = SupportFormBlock()
    value = block.to_python({"heading": "", "form": 999_999})

    request = RequestFactory().get("/")

    assert block.render(value, {"request": request}).strip() == ""


def test_the_style_sheet_is_linked_once(visitor, home):
    add_page(home, SupportFormFactory(key="contact"), SupportFormFactory(key="other"))

    html = visitor.open().html

    assert len(html.find_all("link", href=lambda url: "helpdesk.css" in url)) == 1


def test_the_number_of_queries_does_not_grow_with_the_fields(
    client, home, django_assert_max_num_queries
):
    def fields(number: int) -> list[dict]:
        return [
            {"type": "text", "value": {"label": f"Q{n}", "key": f"q{n}"}}
            for n in range(number)
        ]

    add_page(home, SupportFormFactory(key="few", form_fields=fields(2)), slug="few")
    add_page(home, SupportFormFactory(key="many", form_fields=fields(100)), slug="many")
    client.get("/few/")

    with django_assert_max_num_queries(25) as few:
        client.get("/few/")
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/many/")


@pytest.mark.parametrize(
    "path", ["forms", "canned-replies", "mail-texts", "stage-labels", "properties"]
)
def test_the_snippets_have_their_place_in_the_admin(admin_client, path):
    for address in (f"/admin/helpdesk/{path}/", f"/admin/helpdesk/{path}/add/"):
        assert admin_client.get(address).status_code == 200, address


def test_an_editor_sees_the_fields_of_a_form(admin_client, support_form):
    response = admin_client.get(f"/admin/helpdesk/forms/edit/{support_form.pk}/")

    assert response.status_code == 200
    assert "ticket.subject" in response.text


def test_an_editor_publishes_a_form_in_the_admin(admin_client, support_form):
    from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

    blank = rich_text("")
    data = nested_form_data(
        {
            "name": "Repairs",
            "key": "repairs",
            "channel": support_form.channel_id,
            "header": blank,
            "consent_text": blank,
            "success_text": blank,
            "form_fields": streamfield(
                [
                    (
                        "text",
                        {
                            "label": "Serial number",
                            "key": "serial",
                            "help_text": "",
                            "binding": "",
                        },
                    )
                ]
            ),
            "action-publish": "1",
        }
    )

    response = admin_client.post("/admin/helpdesk/forms/add/", data)

    assert response.status_code == 302, response.context["form"].errors
    form = SupportForm.objects.get(key="repairs")
    assert form.live
    assert form.form_fields[0].value["key"] == "serial"
