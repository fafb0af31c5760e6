"""Any bytes give an answer (EM1), and real mails the right one (EM2 to EM8)."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.mails import bounce_of, raw_mail
from wagtail_helpdesk.channels.email.parsing import ParsedEmail, parse_email


def mail(*lines, body="Hello", **kwargs):
    return parse_email("\n".join([*lines, "", body]).encode(**kwargs))


def test_says_who_wrote_what_to_whom():
    parsed = parse_email(
        raw_mail(
            Cc="Luis <luis@acme.example>",
            Date="Sun, 22 Nov 2026 10:00:00 +0100",
            In_Reply_To="<b@x>",
            References="<a@x> <b@x>",
        )
    )
    assert (parsed.sender.email, parsed.sender.name) == (
        "ana@acme.example",
        "Ana García",
    )
    assert [one.email for one in parsed.to] == ["help@northwind.example"]
    assert [one.email for one in parsed.cc] == ["luis@acme.example"]
    assert parsed.subject == "The lamp flickers"
    assert parsed.message_id == "<first@acme.example>"
    assert parsed.answers == ("<b@x>", "<a@x>")
    assert parsed.date.isoformat() == "2026-11-22T09:00:00+00:00"
    assert parsed.text.strip() == "It flickers when it rains."
    assert not parsed.is_automatic and parsed.may_be_answered


@pytest.mark.parametrize(
    ("header", "email", "name"),
    [
        ("ana@acme.example", "ana@acme.example", ""),
        ("<ana@acme.example>", "ana@acme.example", ""),
        ('"García, Ana" <ana@acme.example>', "ana@acme.example", "García, Ana"),
        ("ana@acme.example (Ana)", "ana@acme.example", "Ana"),
        # An address in angle brackets is the address, whatever poses beside it.
        ("victim@acme.com <evil@e.com>", "evil@e.com", ""),
        ('"victim@acme.com" <evil@e.com>', "evil@e.com", ""),
        ("<@relay.example:ana@acme.example>", "ana@acme.example", ""),
        ("=?utf-8?q?Garc=C3=ADa=2C_Ana?= <a@b.example>", "a@b.example", "García, Ana"),
        ("=?iso-8859-1*es?q?Garc=EDa?= <a@b.example>", "a@b.example", "García"),
        ("Team: a@b.example, c@d.example;", "a@b.example", ""),
    ],
)
def test_reads_the_sender(header, email, name):
    parsed = mail(f"From: {header}")
    assert (parsed.sender.email, parsed.sender.name) == (email, name)


@pytest.mark.parametrize("header", ["", "nobody", "(c):", "undisclosed-recipients:;"])
def test_a_header_that_names_nobody(header):
    assert mail(f"From: {header}").sender is None


def test_two_senders_are_doubtful():
    """EM23."""
    assert mail("From: a@b.example", "From: c@d.example").has_doubtful_sender
    assert mail("From: a@b.example, c@d.example").has_doubtful_sender


@pytest.mark.parametrize(
    ("subject", "read"),
    [
        ("=?utf-8?B?TMOhbXBhcmE=?=", "Lámpara"),
        # Cut in the middle of a character, as programs do.
        ("=?utf-8?q?L=C3?= =?utf-8?q?=A1mpara?=", "Lámpara"),
        ("Re: =?utf-8?q?L=C3=A1mpara?= on", "Re: Lámpara on"),
        ("=?x-unknown?q?hello?=", "hello"),
        ("=?utf-8?b?@@@?=", ""),
        ("=?utf-8?b?TMOhbXBhcm", "=?utf-8?b?TMOhbXBhcm"),
    ],
)
def test_decodes_words(subject, read):
    assert mail("From: a@b.example", f"Subject: {subject}").subject == read


def test_raw_bytes_in_headers_are_read():
    assert mail("From: a@b.example", "Subject: Lámpara").subject == "Lámpara"
    parsed = mail("From: a@b.example", "Subject: Lámpara", encoding="latin-1")
    assert parsed.subject == "Lámpara"


@pytest.mark.parametrize(
    ("declared", "raw"),
    [
        ("utf-8", "größe".encode("latin-1")),
        ("iso-8859-1", "größe".encode("cp1252")),
        ("x-unknown", "größe".encode()),
        ("base64", "größe".encode()),
        ("unicode_escape", "größe".encode()),
        ("", "größe".encode()),
    ],
)
def test_text_survives_a_wrong_charset(declared, raw):
    head = f'From: a@b.example\nContent-Type: text/plain; charset="{declared}"\n\n'
    assert parse_email(head.encode() + raw).text == "größe"


def test_chinese_and_japanese_by_their_larger_charsets():
    for charset, text in [("gb2312", "镕基，你好"), ("iso-2022-jp", "こんにちは①")]:
        codec = {"gb2312": "gb18030", "iso-2022-jp": "iso-2022-jp-ext"}[charset]
        raw = text.encode(codec, "ignore")
        head = f"From: a@b.example\nContent-Type: text/plain; charset={charset}\n\n"
        assert parse_email(head.encode() + raw).text == raw.decode(codec)


def test_html_alone_gives_words():
    parsed = mail(
        "From: a@b.example",
        "Content-Type: text/html",
        body="<style>p{}</style><p>One &amp; two<br>three</p><!-- no --><b>four</b>",
    )
    assert parsed.text == "One & two\nthree\nfour"
    assert parsed.html.startswith("<style>")


def test_both_forms_of_one_text_are_one_text():
    parsed = parse_email(raw_mail("plain", html="<p>rich</p>"))
    assert parsed.text.strip() == "plain"
    assert parsed.html.strip() == "<p>rich</p>"


def test_quotes_are_kept():
    parsed = parse_email(raw_mail("Yes.\n\nOn Monday you wrote:\n> Really?"))
    assert parsed.text == "Yes.\n\nOn Monday you wrote:\n> Really?"


def test_files_keep_their_bytes_and_names():
    """EM4."""
    png = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    parsed = parse_email(
        raw_mail(files=(("größe.png", png, "image/png"), ("a.txt", b"x", "text/plain")))
    )
    assert [(one.name, one.content) for one in parsed.files] == [
        ("größe.png", png),
        ("a.txt", b"x"),
    ]
    assert parsed.text.strip() == "It flickers when it rains."


def test_a_mail_in_a_mail_is_a_file():
    inner = raw_mail(subject="Inner").decode()
    parsed = mail(
        "From: a@b.example",
        "Content-Type: multipart/mixed; boundary=b",
        body=f"--b\n\nSee below\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--",
    )
    assert parsed.text == "See below"
    assert [one.name for one in parsed.files] == ["Inner.eml"]


@pytest.mark.parametrize("start", [b"\r\n\r\n", b"From MAILER Mon Jan 1\n", b"\n"])
def test_what_stands_before_the_header_does_no_harm(start):
    assert parse_email(start + raw_mail()).subject == "The lamp flickers"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; x=y"},
        {"X_Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"subject": "Automatic reply: The lamp flickers"},
        {"subject": "Automatische Antwort: Lampe"},
        {"subject": "Respuesta automática: Lámpara"},
        {"subject": "Out of Office"},
    ],
)
def test_knows_what_a_machine_wrote(headers):
    """EM8."""
    assert parse_email(raw_mail(**headers)).is_automatic


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"X_Auto_Response_Suppress": "All"},
        {"List_Id": "<support.acme.example>"},
        {"subject": "Automatic doors are stuck"},
        {"subject": "Question about the out-of-office feature"},
    ],
)
def test_knows_what_a_person_wrote(headers):
    """EM8: no false alarms."""
    assert not parse_email(raw_mail(**headers)).is_automatic


@pytest.mark.parametrize(
    "headers",
    [
        {"Precedence": "list"},
        {"Precedence": "bulk"},
        {"List_Id": "<support.acme.example>"},
        {"List_Unsubscribe": "<https://acme.example>"},
        {"X_Auto_Response_Suppress": "OOF"},
        {"Return_Path": "<>"},
        {"sender": "noreply@acme.example"},
    ],
)
def test_knows_what_must_not_be_answered(headers):
    """EM26."""
    assert not parse_email(raw_mail(**headers)).may_be_answered


def test_reads_the_report_of_a_server():
    """EM7."""
    bounce = parse_email(bounce_of("<x@northwind.example>")).bounce
    assert (bounce.status, bounce.is_permanent) == ("5.1.1", True)
    assert bounce.reason == "550 5.1.1 User unknown"
    assert not parse_email(bounce_of("<x@y.example>", "4.4.1")).bounce.is_permanent


def test_reads_an_informal_report():
    parsed = mail(
        "From: MAILER-DAEMON@mx.acme.example",
        "Subject: failure notice",
        body="<ana@acme.example>:\n550 5.7.1 Not here.",
    )
    assert parsed.bounce.status == "5.7.1"


@pytest.mark.parametrize(
    "hostile",
    [
        b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nhi\n" * 100_000,
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
            for n in range(5_000)
        ),
        b"Content-Type: message/rfc822\n\n" * 5_000,
        b"X: " + b"a" * 5_000_000 + b"\n\nhello",
        b"X: y\n" * 1_000_000 + b"\nhello",
        b"To: " + b"a@b.c, " * 100_000 + b"\n\nhello",
        b"References: " + b"<a@b.c> " * 100_000 + b"\n\nhello",
        b"\n" + b"\n" * 100_000,
        b"Content-Type: text/html\n\n" + b"<div>" * 50_000 + b"hello",
        b"Content-Type: text/html\n\n" + b'<a href="' * 100_000,
        b"Content-Type: text/html\n\n" + b"<script>" * 50_000,
        b"Subject: " + b"=?a?q?" * 10_000 + b"\n\nhello",
        b"To: " + b"(" * 60_000 + b"\n\nhello",
        b"Content-Type: text/plain; name*\n\nhello",
        b"To: (c):\n\nhello",
    ],
    ids=lambda raw: repr(raw[:24]),
)
def test_mails_made_to_break_readers_are_read(hostile):
    """EM11."""
    parsed = parse_email(b"From: a@b.example\n" + hostile)
    assert parsed.sender.email == "a@b.example"


def test_html_too_deep_for_a_browser_is_kept_as_words():
    deep = "<div>" * 5_000 + "hello"
    parsed = mail("From: a@b.example", "Content-Type: text/html", body=deep)
    assert (parsed.text, parsed.html, parsed.is_cut) == ("hello", "", True)


_FRAGMENTS = st.sampled_from(
    [
        *(b"From: ", b"Subject: ", b"Content-Type: ", b"multipart/mixed; boundary=b"),
        *(
            b"multipart/alternative",
            b"message/rfc822",
            b"text/html",
            b"charset=",
            b"--b",
        ),
        *(
            b"Content-Transfer-Encoding: ",
            b"base64",
            b"quoted-printable",
            b"x-uuencode",
        ),
        *(
            b"\n",
            b"\r\n",
            b"\n\n",
            b"\x00",
            b"\xff\xfe",
            b"=?utf-8?q?",
            b"?=",
            b"<a@b>",
        ),
        *(b'"', b"(", b";", b":", b"filename*0*=utf-8''%", b"begin 644 a\n", b"===="),
        *(b"Content-Disposition: attachment", b"Date: ", b"References: ", b"<html>"),
        *(b"multipart/report", b"message/delivery-status", b"utf-7", b"+AA-"),
    ]
)


@given(st.lists(st.one_of(_FRAGMENTS, st.binary(max_size=20)), max_size=40))
@example([])
def test_never_raises(pieces):
    """EM1, EM10."""
    parsed = parse_email(b"".join(pieces))
    assert isinstance(parsed, ParsedEmail)
    for text in (parsed.text, parsed.html, parsed.subject, parsed.message_id):
        assert "\x00" not in text
        text.encode()


@given(st.binary(max_size=300), st.integers(0, 2_000))
def test_never_raises_on_a_damaged_mail(noise, at):
    """EM10."""
    raw = raw_mail(html="<p>x</p>", files=(("a.png", b"123", "image/png"),))
    at %= len(raw)
    assert isinstance(parse_email(raw[:at] + noise + raw[at + 7 :]), ParsedEmail)
