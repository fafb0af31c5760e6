"""What no honest browser sends, and what goes wrong on the way.

Each gets a clear message with the status that fits, never a 500, and a person's text is
never lost ("Bad input" of the project's foundation).
"""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.test.client import FakePayload

from tests.factories import AgentFactory, InboxFactory, SupportFormFactory
from tests.files import png_file, text_file
from tests.forms.conftest import add_page
from wagtail_helpdesk.checks import check_middleware
from wagtail_helpdesk.models import Attachment, Message, Ticket

pytestmark = pytest.mark.django_db

TEXT = "It blinks red."


def kept(sheet, response, name="description") -> str:
    return sheet.again(response).value(name)


# -- Fields -----------------------------------------------------------------------


def test_errors_stand_in_place_and_everything_typed_is_kept(visitor, contact_page):
    sheet = visitor.open()

    response = sheet.send(subject="", contact_email="ana@", files=[png_file("a.png")])

    assert response.status_code == 422
    again = sheet.again(response)
    assert "Fill in “Subject”." in again.errors
    assert "valid email" in again.errors
    assert again.value("description") == TEXT
    assert again.value("contact-email") == "ana@"
    assert "a.png" in again.section.text, "the names of chosen files are told"
    assert again.html.title.text.strip().startswith("Error:")
    wrong = again.form.find("input", {"name": "hd-contact-subject"})
    assert wrong["aria-invalid"] == "true"
    described = again.html.find(id=wrong["aria-describedby"].split()[0])
    assert "Fill in" in described.text
    assert not Ticket.objects.exists()


def test_a_form_with_300_fields_works(visitor, home):
    fields = [
        {
            "type": "text",
            "value": {"label": f"Question {n}", "key": f"q{n}", "required": False},
        }
        for n in range(300)
    ]
    add_page(home, SupportFormFactory(key="contact", form_fields=fields))

    response = visitor.send(**{f"q{n}": f"answer {n}" for n in range(300)})

    assert response.status_code == 303
    message = Message.objects.get()
    assert len(message.form_data) == 302
    assert "Question 299: answer 299" in message.body_text


def test_more_fields_than_django_takes_are_refused_with_a_page(visitor, contact_page):
    response = visitor.send(extra={f"x{n}": "1" for n in range(1100)})

    assert response.status_code == 400
    assert "more entries" in response.text


def test_a_text_beyond_all_measure_is_refused_with_413(visitor, contact_page):
    response = visitor.send(description="x" * 3_000_000)

    assert response.status_code == 413
    assert "Put the larger part of it into a file" in response.text


def test_a_text_that_is_too_long_is_kept_whole(visitor, contact_page):
    text = "x" * 150_000
    sheet = visitor.open()

    response = sheet.send(description=text)

    assert response.status_code == 422
    assert kept(sheet, response) == text


# -- Characters -------------------------------------------------------------------


def test_nul_bytes_are_refused_once_and_the_text_is_kept(visitor, contact_page):
    sheet = visitor.open()

    response = sheet.send(description="It blinks\x00 red.")

    assert response.status_code == 400
    assert "could not be read" in sheet.again(response).errors
    assert kept(sheet, response) == TEXT
    assert sheet.again(response).send(description=TEXT).status_code == 303


def test_invalid_utf_8_is_shown_and_taken_when_sent_again(visitor, contact_page):
    """A log that someone pastes may hold U+FFFD for good: no dead end."""
    sheet = visitor.open()
    body = b"--b\r\n" + b"--b\r\n".join(
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + (value.encode() if isinstance(value, str) else value)
        + b"\r\n"
        for name, value in sheet.data(description=b"caf\xe9").items()
    )
    response = visitor.client.generic(
        "POST", sheet.action, body + b"--b--\r\n", "multipart/form-data; boundary=b"
    )

    assert response.status_code == 400
    again = sheet.again(response)
    assert again.value("description") == "caf\ufffd"
    assert again.send(description="caf\ufffd").status_code == 303


def test_control_characters_and_overrides_cannot_disguise_names(visitor, contact_page):
    visitor.send(
        contact_name="Ana\u202e\x07 Ruiz\r\nBcc: all@acme.example",
        subject="Refund \u202eexe.fdp\u2066\u200f\r\nX: y",
    )

    ticket = Ticket.objects.get()
    assert ticket.contact.name == "Ana Ruiz Bcc: all@acme.example"
    assert ticket.subject == "Refund exe.fdp X: y"


def test_control_characters_leave_the_message_and_its_lines(visitor, contact_page):
    visitor.send(description="one\r\ntwo\x1b[31m\x08\rthree")

    assert Message.objects.get().body_text == "one\ntwo[31m\nthree"


def test_right_to_left_text_is_left_alone(visitor, contact_page):
    text = "السلام عليكم، الجهاز لا يعمل"
    visitor.send(subject=text, description=text)

    assert Ticket.objects.get().subject == text
    assert Message.objects.get().body_text == text


# -- Files ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (ContentFile(b"", name="empty.txt"), "“empty.txt” is empty"),
        (text_file("x", "script.html"), "“script.html” cannot be attached"),
        (text_file("MZ", "invoice\u202efdp.exe"), "“invoicefdp.exe” cannot"),
        (text_file("no picture", "cat.png"), "“cat.png” is not what its ending says"),
        (ContentFile(b"a\x00b", name="notes.txt"), "“notes.txt” is not what"),
        (ContentFile(b"MZ\x90\x00", name="tool.zip"), "“tool.zip” is not what"),
        (text_file("x", "noending"), "“noending” cannot be attached"),
    ],
)
def test_a_file_that_cannot_be_taken_is_named(visitor, contact_page, file, message):
    """UX29: the others are named too, so that they are chosen again."""
    sheet = visitor.open()

    response = sheet.send(files=[file, png_file("good.png")])

    assert response.status_code == 422
    again = sheet.again(response)
    assert message in again.errors
    assert "good.png" in again.section.text
    assert again.value("description") == TEXT
    assert not Attachment.objects.exists()


def test_a_file_above_the_limit_is_refused_with_413(visitor, contact_page, configure):
    configure(MAX_UPLOAD_BYTES=1000)
    sheet = visitor.open()

    response = sheet.send(files=[text_file("x" * 1001, "big.txt")])

    assert response.status_code == 413
    assert "“big.txt” is larger than 1000" in sheet.again(response).errors
    assert kept(sheet, response) == TEXT


def test_files_too_large_together_do_not_reach_the_disk(
    visitor, contact_page, configure
):
    """Cut off while reading; what was typed is still there."""
    configure(MAX_UPLOAD_BYTES=3000, MAX_UPLOAD_TOTAL_BYTES=4000)
    sheet = visitor.open()

    response = sheet.send(files=[text_file("x" * 2900, f"{n}.txt") for n in range(3)])

    assert response.status_code == 413
    assert "too large together" in sheet.again(response).errors
    assert kept(sheet, response) == TEXT


def test_too_many_files_are_refused(visitor, contact_page, configure):
    configure(MAX_UPLOAD_FILES=2)
    sheet = visitor.open()

    response = sheet.send(files=[png_file(f"{n}.png") for n in range(3)])

    assert response.status_code == 422
    assert "at most 2 files; you chose 3" in sheet.again(response).errors


class Unread(BytesIO):
    """A body that must not be read."""

    def read(self, *args):
        raise AssertionError("the body was read")


def test_a_2_gigabyte_upload_is_turned_away_unread(client: Client, contact_page):
    response = client.generic(
        "POST",
        "/contact/?hd_form=contact",
        CONTENT_TYPE="multipart/form-data; boundary=b",
        CONTENT_LENGTH=str(2 * 1024**3),
        **{"wsgi.input": Unread()},
    )

    assert response.status_code == 413
    assert "too large together" in response.text
    assert "Back button" in response.text, "it says how to get the text back"


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; x"],
)
def test_a_damaged_body_is_refused_with_400(client: Client, contact_page, content_type):
    response = client.generic(
        "POST", "/contact/?hd_form=contact", b"--b\r\nnonsense", content_type
    )

    assert response.status_code == 400


def test_a_body_that_breaks_off_is_refused_with_400(client: Client, contact_page):
    class Broken(FakePayload):
        def read(self, *args):
            raise OSError("connection reset")

    response = client.generic(
        "POST",
        "/contact/?hd_form=contact",
        CONTENT_TYPE="multipart/form-data; boundary=b",
        CONTENT_LENGTH="100",
        **{"wsgi.input": Broken()},
    )

    assert response.status_code == 400
    assert "damaged or incomplete" in response.text


# -- Tokens, forms, pages ---------------------------------------------------------


def test_an_expired_token_keeps_the_text_and_gives_a_fresh_token(
    visitor, contact_page, configure
):
    sheet = visitor.open()
    configure(FORM_TOKEN_HOURS=0)

    response = sheet.send()

    assert response.status_code == 400
    again = sheet.again(response)
    assert "open for a long time" in again.errors
    assert again.value("description") == TEXT
    assert again.token != sheet.token
    configure(FORM_TOKEN_HOURS=24)
    assert again.send(description=TEXT).status_code == 303


@pytest.mark.parametrize("token", ["", "forged", "a:b:c", "\x00"])
def test_a_forged_token_keeps_the_text(visitor, contact_page, token):
    sheet = visitor.open()

    response = sheet.send(token=token)

    assert response.status_code == 400
    assert kept(sheet, response) == TEXT
    assert not Ticket.objects.exists()


def test_a_token_of_another_page_or_form_is_no_good(visitor, contact_page, home):
    other = add_page(home, SupportFormFactory(key="other"), slug="other")
    foreign = visitor.open(other.url, html_id="other").token

    assert visitor.send(token=foreign).status_code == 400
    assert not Ticket.objects.exists()


def test_an_unknown_form_is_404(client: Client, contact_page):
    for name in ("nothing", "", "\x00", "_", "contact_99", "x" * 5000):
        response = client.post("/contact/", {}, query_params={"hd_form": name})
        assert response.status_code == 404, name


def test_a_form_that_stands_on_another_page_is_404(client: Client, contact_page, home):
    """A form of a private page must not be shown, or sent, through a public one."""
    add_page(home, SupportFormFactory(key="partners"), slug="partners")

    response = client.post("/contact/?hd_form=partners", {})

    assert response.status_code == 404


def test_a_deleted_page_is_404(visitor, contact_page):
    sheet = visitor.open()
    contact_page.delete()

    assert sheet.send().status_code == 404


def test_a_withdrawn_form_is_404_and_shown_no_more(visitor, contact_page, support_form):
    sheet = visitor.open()
    support_form.unpublish()

    assert sheet.send().status_code == 404
    assert "hd-form-contact" not in visitor.client.get("/contact/").text


def test_a_forged_inbox_or_owner_changes_nothing(visitor, contact_page, support_form):
    """Only what the form asks is read; hidden values never leave the server."""
    foreign, agent = InboxFactory(), AgentFactory()
    forged = {
        prefix + name: value
        for prefix in ("", "hd-contact-")
        for name, value in {
            "inbox": foreign.pk,
            "owner": agent.pk,
            "channel": foreign.pk,
            "stage": "999",
            "priority": "urgent",
            "contact": "1",
        }.items()
    }

    assert visitor.send(extra=forged).status_code == 303

    ticket = Ticket.objects.get()
    assert ticket.inbox == support_form.channel.inbox
    assert ticket.owner is None
    assert ticket.priority == support_form.channel.default_priority
    assert ticket.stage == support_form.channel.first_stage()


# -- Robots -----------------------------------------------------------------------


def test_a_robot_that_fills_in_the_trap_files_nothing(visitor, contact_page):
    sheet = visitor.open()

    response = sheet.send(trap="http://spam.example")

    assert response.status_code == 400
    assert not Ticket.objects.exists()
    again = sheet.again(response)
    assert again.form.find("input", {"name": "website-address"})["value"] == ""
    assert again.send(description=TEXT).status_code == 303, "a person tries again"


def test_a_form_sent_at_once_is_held_up_and_taken_a_moment_later(
    visitor, contact_page, configure
):
    configure(FORM_MIN_SECONDS=30)
    sheet = visitor.open()

    response = sheet.send()

    assert response.status_code == 400
    again = sheet.again(response)
    assert again.token == sheet.token, "the clock does not start anew"
    configure(FORM_MIN_SECONDS=0)
    assert again.send(description=TEXT).status_code == 303


def test_the_rate_limit_answers_429_and_keeps_the_text(
    visitor, contact_page, configure
):
    configure(FORM_RATE_LIMIT="2/h")
    for number in range(2):
        assert visitor.send(description=f"Number {number}").status_code == 303
    sheet = visitor.open()

    response = sheet.send()

    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    assert "Your text is kept" in sheet.again(response).errors
    assert kept(sheet, response) == TEXT
    assert Ticket.objects.count() == 2


def test_another_address_has_a_limit_of_its_own(visitor, contact_page, configure):
    configure(FORM_RATE_LIMIT="1/h")
    assert visitor.send().status_code == 303
    sheet = visitor.open()

    response = visitor.client.post(
        sheet.action, sheet.data(description="Other"), REMOTE_ADDR="192.0.2.7"
    )

    assert response.status_code == 303


def test_a_header_cannot_fake_another_address(visitor, contact_page, configure):
    """allauth's proxy settings decide which headers are believed: by default none."""
    configure(FORM_RATE_LIMIT="1/h")
    assert visitor.send().status_code == 303
    sheet = visitor.open()

    response = visitor.client.post(
        sheet.action,
        sheet.data(description="Other"),
        headers={"x-forwarded-for": "192.0.2.7"},
    )

    assert response.status_code == 429


def test_the_rate_limit_can_be_switched_off(visitor, contact_page, configure):
    configure(FORM_RATE_LIMIT="")
    for number in range(12):
        assert visitor.send(description=f"Number {number}").status_code == 303
    assert not [key for key in getattr(cache, "_cache", ()) if "form:" in key]


def test_a_site_without_the_middleware_is_warned(settings):
    assert check_middleware(None) == []
    settings.MIDDLEWARE = []

    [warning] = check_middleware(None)

    assert warning.id == "wagtail_helpdesk.W009"
    assert "SupportFormMiddleware" in warning.msg
