"""Our pages inside other people's base templates (UX53, UX54)."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.test import RequestFactory

from wagtail_helpdesk.checks import check_base_template, check_context_processors
from wagtail_helpdesk.frontend import frame_context

pytestmark = pytest.mark.django_db

DOCUMENTED_BLOCKS = [
    "hd_title",
    "hd_head",
    "hd_page_class",
    "hd_skip",
    "hd_nav",
    "hd_messages",
    "hd_crumbs",
    "hd_header",
    "hd_body",
    "hd_aside",
    "hd_after",
    "hd_footer",
    "hd_js",
]


def render(blocks: dict[str, str], **context) -> str:
    """A page of ours with some blocks filled, in the base that is configured."""
    source = '{% extends "wagtail_helpdesk/layout.html" %}' + "".join(
        f"{{% block {name} %}}{text}{{% endblock %}}" for name, text in blocks.items()
    )
    request = RequestFactory().get("/somewhere/")
    request.user = AnonymousUser()
    template = engines["django"].from_string(source)
    return template.render({**frame_context(request), **context}, request)


def ids_of(messages) -> list[str]:
    return [message.id.removeprefix("wagtail_helpdesk.") for message in messages]


def test_every_documented_block_can_be_filled():
    html = render({name: f"filled-{name}" for name in DOCUMENTED_BLOCKS})

    assert [n for n in DOCUMENTED_BLOCKS if f"filled-{n}" not in html] == []


@pytest.mark.parametrize(
    "base",
    ["wagtail_helpdesk/standalone.html", "start.html", "bakery.html", "bootstrap.html"],
)
def test_a_page_has_each_landmark_the_style_sheet_and_the_script_once(base, site_base):
    """UX6: one main; a base without extra_css gets the sheet in the page."""
    site_base(base)

    html = render({"hd_title": "Requests", "hd_head": "<meta name='robots'>"})

    assert len(re.findall(r"<main[\s>]", html)) == 1
    assert len(re.findall(r"<header[\s>]", html)) == 1
    assert len(re.findall(r"<footer[\s>]", html)) == 1
    assert html.count("css/helpdesk.css") == 1
    assert html.count("js/helpdesk.js") == 1
    assert html.count("name='robots'") == 1
    assert len(re.findall(r"(?i)>\s*skip to", html)) == 1
    assert re.search(r"<title>\s*Requests", html)


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("wagtail_helpdesk/standalone.html", []),
        ("start.html", ["W002"]),
        ("bakery.html", []),
        ("bootstrap.html", []),
        ("allauth_like.html", ["W001", "W002", "W003"]),
        ("none.html", ["W001", "W001", "W002"]),
        ("missing.html", ["E001"]),
    ],
)
def test_the_checks_name_what_a_base_lacks(base, expected, site_base):
    site_base(base)

    assert ids_of(check_base_template(None)) == expected


def test_a_check_names_the_missing_context_processors(settings):
    """W004, and W006 for the sign-in pages, which bring no frame of their own."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "OPTIONS": {}}]

    assert ids_of(check_context_processors(None)) == ["W004", "W006"]


def test_a_page_whose_form_is_wrong_says_so_in_its_title():
    """UX11."""
    html = render({"hd_title": "New request"}, hd_error=True)

    assert "<title>Error: New request" in html
