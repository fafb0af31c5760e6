"""Colour scheme and language, switched without JavaScript (UX21)."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

SCHEME = "/helpdesk/colour-scheme/"


def test_the_colour_scheme_is_remembered_and_the_page_returned_to(client: Client):
    answer = client.post(SCHEME, {"scheme": "dark", "next": "/accounts/login/?a=1"})

    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?a=1"
    page = client.get("/accounts/login/").content.decode()
    assert '<html lang="en" dir="ltr" data-hd-theme="dark"' in page


def test_the_systems_colours_forget_the_choice(client: Client):
    client.post(SCHEME, {"scheme": "dark"})

    client.post(SCHEME, {"scheme": "system"})

    assert b"data-hd-theme" not in client.get("/accounts/login/").content


def test_a_made_up_scheme_reaches_no_page(client: Client):
    client.cookies["hd_color_scheme"] = '"><script>'

    assert b"data-hd-theme" not in client.get("/accounts/login/").content


@pytest.mark.parametrize(
    "address",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x", ""],
)
def test_no_switch_leads_to_another_site(client: Client, address: str):
    answer = client.post(SCHEME, {"scheme": "light", "next": address})

    assert answer["Location"] == "/"


def test_a_link_cannot_switch_the_colours(client: Client):
    assert client.get(SCHEME, {"scheme": "dark"}).status_code == 405


def test_the_language_of_a_page_without_translations_is_switched_by_a_post(
    client: Client,
):
    page = client.get("/accounts/login/").content.decode()
    assert 'name="language" value="ar"' in page

    answer = client.post(
        "/helpdesk/language/", {"language": "ar", "next": "/accounts/login/"}
    )

    assert answer["Location"] == "/ar/accounts/login/"
    arabic = client.get("/ar/accounts/login/").content.decode()
    assert '<html lang="ar" dir="rtl"' in arabic
