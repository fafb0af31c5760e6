"""What the mails look like: headers, languages, links, files (EM27, UX F15, UX95)."""

import email
import email.policy
import re
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from tests.factories import MessageFactory
from wagtail_helpdesk import actions
from wagtail_helpdesk.access import portals
from wagtail_helpdesk.channels.email import composing
from wagtail_helpdesk.channels.email.addresses import (
    AddressNotDeliverable,
    deliverable,
    mailbox,
)
from wagtail_helpdesk.channels.email.composing import compose
from wagtail_helpdesk.channels.email.content import NoLongerWanted
from wagtail_helpdesk.channels.email.mail import Mail
from wagtail_helpdesk.channels.email.message_ids import (
    message_id,
    references,
    token_in,
)
from wagtail_helpdesk.models import Delivery, EmailTemplate

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(monkeypatch):
    """A portal whose addresses say in which language they were asked for."""
    monkeypatch.setattr(
        portals,
        "_ticket_urls",
        [
            lambda ticket, language: (
                f"https://northwind.example/{language}/support/{ticket.public_id}/"
            )
        ],
    )


@pytest.fixture
def acknowledgement(ticket, contact):
    return Delivery.objects.create(
        kind=Delivery.Kind.ACKNOWLEDGEMENT,
        key="acknowledgement:1",
        ticket=ticket,
        conversation=ticket.conversations.get(),
        contact=contact,
        address=contact.email,
        run_at=timezone.now(),
    )


def parsed(mail):
    return email.message_from_bytes(
        mail.message().as_bytes(), policy=email.policy.default
    )


def bodies(mail):
    message = parsed(mail)
    return (
        message.get_body(["plain"]).get_content(),
        message.get_body(["html"]).get_content(),
    )


# -- Sender, subject, text


def test_a_reply_comes_from_the_agent_at_the_inbox_never_from_the_agents_address(reply):
    """R12."""
    mail = compose(reply())

    assert str(parsed(mail)["From"]) == (
        "Amy Agent – Northwind Support <help@northwind.example>"
    )
    assert "amy@staff.example" not in mail.message().as_string()


def test_an_alias_hides_the_agents_name(reply, agent):
    agent.display_alias = "Support hero"
    agent.save()

    raw = compose(reply()).message().as_string()

    assert "Support hero" in str(
        parsed(compose(Delivery.objects.get(kind="reply")))["From"]
    )
    assert "Amy Agent" not in raw


def test_the_subject_carries_the_reference_and_the_subject(reply, ticket):
    mail = compose(reply())

    assert mail.subject == f"[{ticket.reference}] The lamp flickers"


def test_both_bodies_have_the_text_the_signature_and_the_link(reply, ticket, portal):
    text, html = bodies(compose(reply("Dear Ana,\nunplug it & wait.")))

    link = f"https://northwind.example/en/support/{ticket.public_id}/"
    assert "Dear Ana,\nunplug it & wait." in text
    assert "Dear Ana,<br>unplug it &amp; wait." in html
    for body in (text, html):
        assert "Northwind, Main Street 1" in body
        assert link in body
        assert ticket.reference in body


def test_without_a_portal_there_is_no_link(reply, monkeypatch):
    monkeypatch.setattr(portals, "_ticket_urls", [])

    text, html = bodies(compose(reply()))

    assert "View and answer" not in text
    assert "View and answer" not in html


def test_css_stands_on_the_elements_and_dark_mode_in_the_sheet(reply):
    _text, html = bodies(compose(reply()))

    assert re.search(r'<p class="reason" style="[^"]*font-size: ?13px', html)
    assert "prefers-color-scheme: dark" in html
    assert len(html.encode()) < 30_000, "F15"
    assert "<img" not in html, "No tracking pixel"


def test_html_in_a_reply_is_shown_as_text(reply):
    _text, html = bodies(compose(reply("<script>alert(1)</script> <b>x</b>")))

    assert "<script" not in html
    assert "&lt;script&gt;" in html


# -- Headers


def test_an_automatic_mail_says_so_and_a_reply_does_not(acknowledgement, reply):
    automatic, human = parsed(compose(acknowledgement)), parsed(compose(reply()))

    assert automatic["Auto-Submitted"] == "auto-replied"
    assert automatic["X-Auto-Response-Suppress"] == "All"
    assert automatic["Precedence"] == "auto_reply"
    for header in ("Auto-Submitted", "X-Auto-Response-Suppress", "Precedence"):
        assert human[header] is None


def test_the_message_id_is_the_same_at_every_attempt(reply):
    delivery = reply()

    first, second = compose(delivery), compose(Delivery.objects.get(pk=delivery.pk))

    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.extra_headers["Message-ID"].endswith("@northwind.example>")
    assert token_in(first.extra_headers["Message-ID"]) == delivery.token


def test_an_id_of_our_form_that_was_guessed_is_not_ours(reply, settings):
    delivery = reply()
    own = message_id(delivery.token, "northwind.example")
    signature = own.split(".")[2].split("@")[0]

    assert token_in(own.replace(signature, "a" * 16)) is None
    assert token_in(f"a comment {own.upper()}") == delivery.token
    settings.SECRET_KEY = "another"
    assert token_in(own) is None
    settings.SECRET_KEY_FALLBACKS = ["for-tests"]
    assert token_in(own) == delivery.token


def test_a_reply_continues_the_thread(ticket, acknowledgement, reply):
    Delivery.objects.filter(pk=acknowledgement.pk).update(
        status="sent", external_id="<ack@northwind.example>"
    )
    MessageFactory(
        conversation=ticket.conversations.get(), external_id="<from-ana@acme.example>"
    )

    message = parsed(compose(reply()))

    assert message["In-Reply-To"] == "<from-ana@acme.example>"
    assert message["References"] == "<ack@northwind.example> <from-ana@acme.example>"


def test_what_a_stranger_put_into_a_message_id_does_not_enter_our_headers(
    ticket, reply
):
    conversation = ticket.conversations.get()
    for bad in ("<a@b>\r\nBcc: x@y.example", "<a b@c>", "<ü@b.example>", "<a@b> <c@d>"):
        MessageFactory(conversation=conversation, external_id=bad)

    message = parsed(compose(reply()))

    assert message["In-Reply-To"] is None
    assert message["Bcc"] is None


def test_references_keep_the_first_and_the_latest_twenty(reply, ticket):
    ids = [f"<{number}@acme.example>" for number in range(50)]

    kept = references(ids).split()

    assert len(kept) == 20
    assert kept[0] == ids[0]
    assert kept[-1] == ids[-1]


def test_a_long_thread_fits_and_takes_no_more_queries(reply, ticket):
    first = reply()
    with CaptureQueriesContext(connection) as few:
        compose(Delivery.objects.get(pk=first.pk))
    for number in range(60):
        Delivery.objects.create(
            kind="reply",
            key=f"old:{number}",
            ticket=ticket,
            address="ana@acme.example",
            status="sent",
            external_id=f"<{'x' * 60}{number}@northwind.example>",
            run_at=timezone.now(),
        )
    last = reply("Another")

    with CaptureQueriesContext(connection) as many:
        mail = compose(Delivery.objects.get(pk=last.pk))

    assert len(many) <= len(few)
    raw = mail.message().as_bytes()
    assert max(len(line) for line in raw.splitlines()) <= 998
    assert len(parsed(mail)["References"].split()) == 20


def test_every_line_is_seven_bit_and_short_enough(reply):
    text = "Größe " * 900 + "\n" + "x" * 5000 + "\nمرحبا بالعالم\n.\nFrom here on"
    raw = compose(reply(text)).message().as_bytes()

    assert raw.isascii()
    assert max(len(line) for line in raw.splitlines()) <= 998
    plain, _html = bodies(compose(Delivery.objects.get(kind="reply")))
    assert "x" * 5000 in plain
    assert "مرحبا بالعالم" in plain


# -- Names, addresses, injection

ANYTHING = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from(list('\r\n\t\x00\x0b\x85\u2028\u202e\u2066"\\<>,;:()@=?_.')),
    ),
    max_size=200,
)


@hypothesis_settings(max_examples=300)
@given(name=ANYTHING, subject=ANYTHING, recipient=ANYTHING)
def test_no_name_or_subject_begins_another_header(name, subject, recipient):
    """EM23: CR and LF in a name or subject never reach a header."""
    mail = Mail(
        subject=composing.clean_line(subject, composing.MAX_SUBJECT),
        body="Hi",
        from_email=mailbox(name, "help@northwind.example"),
        to=[mailbox(recipient, "ana@acme.example")],
        headers={"Message-ID": "<1@northwind.example>"},
    )
    mail.attach_alternative("<p>Hi</p>", "text/html")

    raw = mail.message().as_bytes()

    message = email.message_from_bytes(raw)
    assert set(message.keys()) == {
        "Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID",
    }  # fmt: skip
    modern = email.message_from_bytes(raw, policy=email.policy.default)
    assert [a.addr_spec for a in modern["To"].addresses] == ["ana@acme.example"]
    assert [a.addr_spec for a in modern["From"].addresses] == ["help@northwind.example"]


@pytest.mark.parametrize(
    "name",
    [
        "Ana\r\nBcc: everybody@acme.example",
        "=?utf-8?q?Ana=0D=0ABcc:_x=40y.example?=",
        "ana@corp.example <evil@evil.example>",
        '"Ana" \\ <x@y.example>,',
        "\u202emoc.live@ana",
        "A" * 500,
        "Ana, García; & Sons (Ltd.)",
        "أنا",
    ],
)
def test_a_hostile_name_stays_a_name(name, reply, contact, inbox, agent):
    contact.name = name[:200]
    contact.save()
    inbox.from_name = name[:100]
    inbox.save()
    agent.display_alias = name[:100]
    agent.save()

    message = parsed(compose(reply()))

    assert [a.addr_spec for a in message["To"].addresses] == ["ana@acme.example"]
    assert [a.addr_spec for a in message["From"].addresses] == [
        "help@northwind.example"
    ]
    assert message["Bcc"] is None
    assert "\u202e" not in str(message["From"])


def test_a_long_subject_is_cut_and_arrives_whole(reply, ticket):
    ticket.subject = "Ü" * 255
    ticket.save()

    subject = str(parsed(compose(reply()))["Subject"])

    assert subject.startswith(f"[{ticket.reference}] ÜÜÜ")
    assert subject.endswith("…")
    assert len(subject) == 200


def test_a_domain_in_other_letters_becomes_ascii():
    assert deliverable("ana@münchen.example") == "ana@xn--mnchen-3ya.example"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@",
        "@acme.example",
        "añá@acme.example",
        "a b@acme.example",
        "ana@acme.example\r\nBcc: x@y.example",
        "ana@acme.example,x@y.example",
        "ana@a..b",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(AddressNotDeliverable):
        deliverable(address)


def test_without_an_address_of_its_own_an_inbox_uses_the_sites(reply, inbox, settings):
    settings.DEFAULT_FROM_EMAIL = "Northwind <site@northwind.example>"
    inbox.from_email = ""
    inbox.save()

    assert "<site@northwind.example>" in str(parsed(compose(reply()))["From"])


# -- Languages


LANGUAGES = [("es", "es"), ("pt-br", "pt-BR"), ("it", "it"), ("ar", "ar")]


@pytest.mark.parametrize(("language", "tag"), LANGUAGES)
def test_a_mail_says_its_language_and_leads_to_its_portal(
    acknowledgement, contact, portal, language, tag
):
    contact.language = language
    contact.save()

    mail = compose(acknowledgement)

    text, html = bodies(mail)
    assert parsed(mail)["Content-Language"] == tag
    assert f'lang="{tag}"' in html
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in html
    assert f"https://northwind.example/{language}/support/" in text
    assert mail.subject.startswith("[HD-"), "The reference is never translated"


@pytest.mark.parametrize(("language", "_tag"), LANGUAGES)
def test_a_mail_is_in_its_readers_language_whoever_works(
    acknowledgement, contact, language, _tag
):
    """UX95."""
    contact.language = language
    contact.save()

    with translation.override("en"):
        mail = compose(acknowledgement)

    text, html = bodies(mail)
    assert "We have received" not in mail.subject
    for body in (text, html):
        assert "Somebody of our team" not in body
        assert "You get this mail" not in body


def test_the_language_of_the_page_serves_a_contact_without_one(acknowledgement, ticket):
    ticket.origin_locale = "es"
    ticket.save()

    assert parsed(compose(acknowledgement))["Content-Language"] == "es"


def test_a_language_the_site_does_not_have_falls_back(acknowledgement, contact):
    contact.language = "tlh"
    contact.save()

    assert parsed(compose(acknowledgement))["Content-Language"] == "en"


def test_times_are_in_the_readers_zone(reply, contact):
    """UX95."""
    contact.time_zone = "America/Sao_Paulo"
    contact.save()
    delivery = reply()
    message = delivery.message
    message.created_at = datetime(2026, 1, 5, 14, 30, tzinfo=UTC)
    message.save()

    text, _html = bodies(compose(delivery))

    assert "11:30" in text


def test_an_unknown_zone_means_the_sites(reply, contact):
    contact.time_zone = "Mars/Olympus"
    contact.save()

    assert compose(reply()).body


def test_a_notice_is_in_the_agents_language(ticket, agent):
    UserProfile.objects.create(user=agent.user, preferred_language="es")
    delivery = Delivery.objects.create(
        kind=Delivery.Kind.AGENT_NOTICE,
        key="notice:1",
        ticket=ticket,
        agent=agent,
        event=ticket.events.first(),
        address=agent.user.email,
        run_at=timezone.now(),
    )

    assert parsed(compose(delivery))["Content-Language"] == "es"


# -- A site's own texts


def own_text(key, language, **kwargs):
    locale, _created = Locale.objects.get_or_create(language_code=language)
    return EmailTemplate.objects.create(key=key, locale=locale, **kwargs)


def test_a_site_replaces_a_text_in_one_language(acknowledgement, contact, portal):
    own_text(
        "acknowledgement",
        "es",
        subject="Recibido: {reference}",
        body="Hola {contact_name}:\n\n{reference} en {inbox_name}. {message}{link} {x}",
    )
    contact.language = "es"
    contact.save()

    mail = compose(acknowledgement)

    reference = acknowledgement.ticket.reference
    text, html = bodies(mail)
    assert mail.subject == f"Recibido: {reference}"
    assert f"Hola Ana García:\n\n{reference} en Northwind Support." in text
    assert "{x}" in text, "An unknown token stays as it is"
    assert text.count("https://northwind.example/es/support/") == 1
    assert '<a href="https://northwind.example/es/support/' in html


def test_another_languages_text_is_not_used(acknowledgement, contact):
    own_text("acknowledgement", "es", body="Hola")

    text, _html = bodies(compose(acknowledgement))

    assert "Hola" not in text


def test_a_generic_language_serves_its_variants(acknowledgement, contact, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("pt", "Português")]
    own_text("acknowledgement", "pt", body="Recebemos")
    contact.language = "pt-br"
    contact.save()

    assert "Recebemos" in bodies(compose(acknowledgement))[0]


def test_the_sites_own_text_serves_a_language_the_package_does_not_speak(
    acknowledgement, contact, settings
):
    settings.LANGUAGES = [*settings.LANGUAGES, ("mn", "Монгол")]
    own_text("acknowledgement", "en", body="Our own words")
    contact.language = "mn"
    contact.save()

    assert "Our own words" in bodies(compose(acknowledgement))[0]


def test_a_value_that_looks_like_a_token_is_not_replaced(reply, agent, portal):
    own_text("reply", "en", body="{message} | {link}")

    text, html = bodies(compose(reply("I say {link} and <b>{contact_name}</b>")))

    assert "I say {link} and <b>{contact_name}</b> | https://" in text
    assert "&lt;b&gt;{contact_name}&lt;/b&gt;" in html


# -- Files


@pytest.fixture
def reply_with_files(reply):
    def make(*sizes, content_type="application/pdf", content=None):
        delivery = reply()
        for number, size in enumerate(sizes):
            delivery.message.attachments.create(
                file=ContentFile(content or b"%PDF" * 10, name="x"),
                name=f"manual {number} ä\u202e.pdf",
                content_type=content_type,
                size=size,
                sha256="0" * 64,
            )
        return delivery

    return make


def test_files_of_a_reply_are_attached(reply_with_files, portal):
    message = parsed(compose(reply_with_files(100, 200)))

    names = [part.get_filename() for part in message.iter_attachments()]
    assert names == ["manual 0 ä.pdf", "manual 1 ä.pdf"]


def test_files_above_ten_megabytes_are_linked(reply_with_files, portal):
    mail = compose(reply_with_files(6 * 1024 * 1024, 6 * 1024 * 1024))

    text, html = bodies(mail)
    assert list(parsed(mail).iter_attachments()) == []
    for body in (text, html):
        assert "manual 0 ä.pdf" in body
        assert "too large for a mail" in body


@pytest.mark.parametrize("content_type", ["text/csv", "message/rfc822"])
def test_no_byte_of_a_text_file_is_changed(reply_with_files, content_type):
    content = "a;b\nü;1\r\n.\n".encode("latin-1")
    message = parsed(
        compose(reply_with_files(9, content_type=content_type, content=content))
    )

    (part,) = message.iter_attachments()
    assert part.get_payload(decode=True) == content


# -- No longer wanted


def test_a_reply_that_was_taken_back_is_not_composed(reply):
    delivery = reply()
    delivery.message = None

    with pytest.raises(NoLongerWanted):
        compose(delivery)


def test_nothing_goes_to_a_contact_who_was_erased(reply, acknowledgement, contact):
    contact.erased_at = timezone.now()
    contact.save()

    for delivery in (reply(), Delivery.objects.get(pk=acknowledgement.pk)):
        with pytest.raises(NoLongerWanted):
            compose(delivery)


def test_a_trashed_ticket_is_not_acknowledged(acknowledgement, ticket, agent):
    actions.TrashTicket(ticket=ticket, actor=agent).execute()

    with pytest.raises(NoLongerWanted):
        compose(Delivery.objects.get(pk=acknowledgement.pk))
