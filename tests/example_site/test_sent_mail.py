"""The demo's mails can be read, and can do nothing."""

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection, send_mail
from django.urls import NoReverseMatch, reverse

from example_site.sent_mail.reading import sent_mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.ROOT_URLCONF = "tests.example_site.demo_urls"
    return settings.EMAIL_FILE_PATH


@pytest.fixture
def hostile(folder):
    mail = EmailMultiAlternatives(
        "Größe <b>",
        "Code: 1234\nhttps://a.example/",
        "a@x.example",
        ["ana@acme.example"],
    )
    html = "<html><head></head><body><script>alert(1)</script></body></html>"
    mail.attach_alternative(html, "text/html")
    mail.attach("bill.pdf", b"%PDF", "application/pdf")
    mail.send()
    return sent_mails()[0]


def test_without_mails_the_page_says_what_to_do(client, folder):
    assert b"No mail has been sent yet" in client.get("/demo/mail/").content


def test_the_newest_mail_comes_first(client, folder):
    send_mail("First", "1", "a@x.example", ["b@x.example"])
    # Two mails of one connection share a file.
    with get_connection() as connection:
        for subject in ("Second", "Third"):
            send_mail(
                subject, "2", "a@x.example", ["b@x.example"], connection=connection
            )

    page = client.get("/demo/mail/").content.decode()

    assert len(sent_mails()) == 3
    assert page.index("Third") < page.index("Second")


def test_a_mail_shows_text_files_and_headers(client, hostile):
    page = client.get(f"/demo/mail/{hostile.key}/").content.decode()

    assert "Größe &lt;b&gt;" in page
    assert "Code: 1234" in page
    assert 'href="https://a.example/"' in page
    assert "bill.pdf" in page
    assert "Message-ID" in page
    assert "alert(1)" not in page


def test_its_html_is_a_document_without_rights(client, hostile):
    response = client.get(f"/demo/mail/{hostile.key}/html/")

    policy = response["Content-Security-Policy"]
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_blank">' in response.content.decode()


@pytest.mark.parametrize("key", ["nothing", "20260101-000000-1-0", "..-..-0"])
def test_a_mail_that_is_not_there_is_not_found(client, folder, key):
    assert client.get(f"/demo/mail/{key}/").status_code == 404
    assert client.get(f"/demo/mail/{key}/html/").status_code == 404


def test_a_site_that_is_no_demo_shows_no_mails():
    """Mails contain sign-in codes."""
    with pytest.raises(NoReverseMatch):
        reverse("sent_mail:list")
