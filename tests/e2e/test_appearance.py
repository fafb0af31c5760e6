"""Looks in a browser: chosen colours, and a site whose style sheet is in the way."""

from __future__ import annotations

import os
from copy import deepcopy
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from wagtail.models import Site

from tests.factories import ChannelFactory, CustomerFactory, UserFactory
from tests.files import drawn_file
from tests.portal.build import make_portal, make_ticket
from wagtail_helpdesk.models import Appearance

SHOTS = os.environ.get("HELPDESK_SHOTS", "")

#: What other people's style sheets say of bare elements, all at once.
HOSTILE_CSS = """
* { box-sizing: content-box; margin: 0; padding: 0; }
html { font-size: 100%; }
body { font: 22px/2.8 "Times New Roman", serif; letter-spacing: .2em;
    text-align: center; text-transform: lowercase; color: #777; }
h1, h2, h3 { float: left; margin: 60px; font-size: 64px; text-transform: uppercase;
    border-bottom: 6px solid red; white-space: nowrap; }
p { margin: 40px 0; line-height: 3; text-indent: 3em; color: #aaa; }
a { color: inherit; text-decoration: none; display: block; padding: 20px; }
a::after { content: " >>"; }
img { width: 100%; }
button { all: unset; }
input, select, textarea { float: left; width: 900px; height: 12px; border: 0;
    background: #111; color: #222; font-size: 9px; text-transform: uppercase; }
label { float: left; width: 120px; font-size: 9px; color: #ccc; }
form, section, article { display: flex; padding: 50px; background: #fe0; }
ul, ol { list-style: square inside; padding-left: 90px; }
li { float: left; width: 50%; margin: 30px; }
li::before { content: "*"; }
table { width: 1200px; background: #eee; }
th, td { float: none; border: 8px groove #999; white-space: nowrap; padding: 40px; }
dl { columns: 3; }
dt, dd { float: left; width: 50%; color: #bbb; }
summary { display: inline; font-size: 9px; opacity: .3; }
aside { position: absolute; right: 0; width: 500px; }
span, strong, time { line-height: .6; color: #ccc; }
fieldset { border: 9px solid; width: 700px; }
body section a, main p { color: #bbb; }
"""
BASE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<title>{% block title %}{% endblock %}</title>"
    '<link rel="stylesheet" href="/static/hostile.css">'
    "{% block extra_css %}{% endblock %}</head><body>"
    "<main>{% block content %}{% endblock %}</main>"
    "{% block extra_js %}{% endblock %}</body></html>"
)
#: Controls that lie on one another, run out of the page or are too small to hit.
IN_THE_WAY = """() => {
    const seen = [...document.querySelectorAll(
        ".hd-root :is(a, button, input, select, textarea, summary, h1, h2, label)"
    )].filter((one) => one.checkVisibility({ visibilityProperty: true })
        && !one.closest(".hd-sr, .hd-skip, .hd-trap, thead, dialog")
        && one.type !== "hidden" && one.getBoundingClientRect().width > 1);
    const room = document.documentElement.clientWidth + 1;
    const said = [];
    const name = (one) => one.outerHTML.slice(0, 90);
    for (const one of seen) {
        const box = one.getBoundingClientRect();
        if (box.left < -1 || box.right > room) said.push(`outside: ${name(one)}`);
        const isText = one.matches(".hd-prose a, p a, dd a, h1, h2, label, li a");
        if (!isText && (box.height < 24 || box.width < 24))
            said.push(`small: ${name(one)}`);
        for (const other of seen) {
            if (other === one || one.contains(other)) continue;
            if (other.contains(one)) continue;
            const that = other.getBoundingClientRect();
            const across =
                Math.min(box.right, that.right) - Math.max(box.left, that.left);
            const down =
                Math.min(box.bottom, that.bottom) - Math.max(box.top, that.top);
            if (across > 2 && down > 2)
                said.push(`on it: ${name(one)} / ${name(other)}`);
        }
    }
    return said.slice(0, 8);
}"""


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


PRINTED_AFTER = "link => getComputedStyle(link, '::after').content"


@pytest.fixture
def customer(db):
    return CustomerFactory(name="Ana García")


@pytest.fixture
def portal(customer):
    portal = make_portal(channel=ChannelFactory(type="portal"))
    make_ticket(customer, "See https://a.example/b", subject="The lamp blinks")
    make_ticket(customer, "Again.", subject="The hub is off", closed=True)
    return portal


@pytest.fixture
def hostile_base(settings):
    """The site's base template, with a style sheet that knows no mercy."""
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["APP_DIRS"] = False
    templates[0]["OPTIONS"]["loaders"] = [
        ("django.template.loaders.locmem.Loader", {"hostile.html": BASE}),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    settings.TEMPLATES = templates
    settings.WAGTAIL_HELPDESK = {
        **settings.WAGTAIL_HELPDESK,
        "BASE_TEMPLATE": "hostile.html",
    }


def serve_hostile_css(page: Page) -> None:
    def answer(route: Route) -> None:
        route.fulfill(body=HOSTILE_CSS, content_type="text/css")

    page.route("**/static/hostile.css", answer)


@pytest.mark.parametrize("width", [1280, 320])
def test_a_hostile_style_sheet_leaves_the_portal_usable(
    portal,
    customer,
    hostile_base,
    open_page,
    assert_accessible,
    assert_fits,
    width,
):
    """UX59: list, request and form."""
    page = open_page(user=customer.user, width=width)
    serve_hostile_css(page)
    page.goto("/support/")
    detail = page.locator(".hd-request__link").first.get_attribute("href")
    for url in ("/support/", detail, "/support/new/"):
        page.goto(url)
        shoot(page, f"hostile-{width}-{url.strip('/').replace('/', '-')}")
        assert_fits(page)
        assert page.evaluate(IN_THE_WAY) == [], url
        assert_accessible(page)
        heading = page.locator(".hd-root h1")
        expect(heading).to_have_css("text-transform", "none")
        expect(heading).to_have_css("float", "none")


@pytest.mark.parametrize("accent", ["#ffee00", "#0a1a3a"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pages_in_chosen_colours_are_accessible(
    portal, customer, open_page, assert_accessible, accent, dark
):
    """UX2: a colour that nobody could read is made readable."""
    from wagtail.images import get_image_model

    image = get_image_model().objects.create(title="Logo", file=drawn_file())
    Appearance.objects.create(
        site=Site.objects.get(is_default_site=True),
        accent=accent,
        tint=accent,
        radius=0,
        font="serif",
        logo=image,
        favicon=image,
    )
    page = open_page(user=customer.user, dark=dark)
    page.goto("/support/")
    detail = page.locator(".hd-request__link").first.get_attribute("href")
    for url in ("/support/", detail, "/support/new/"):
        page.goto(url)
        assert_accessible(page)
        shoot(page, f"{accent[1:]}-{dark}-{url.strip('/').replace('/', '-')}")
    button = page.locator(".hd-btn--primary").first
    expect(button).to_have_css("border-radius", "0px")


def test_a_visitor_switches_to_dark_without_a_script(portal, customer, open_page):
    page = open_page(user=customer.user, javascript=False)
    page.goto("/support/")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator(".hd-root")).to_have_css("color-scheme", "dark")

    Appearance.objects.create(
        site=Site.objects.get(is_default_site=True), color_scheme="light"
    )
    page.reload()
    expect(page.locator(".hd-root")).to_have_css("color-scheme", "light")
    expect(page.get_by_role("button", name="Dark")).to_have_count(0)


def test_a_printed_request_is_black_on_white_without_controls(
    portal, customer, open_page
):
    page = open_page(user=customer.user, dark=True)
    page.goto("/support/")
    page.get_by_role("link", name="The lamp blinks").click()
    expect(page.locator(".hd-message")).to_have_count(1)
    page.emulate_media(media="print")

    for gone in (".hd-top", ".hd-footer", ".hd-root :is(form, .hd-btn)", ".hd-reply"):
        for control in page.locator(gone).all():
            expect(control).to_be_hidden()
    expect(page.locator(".hd-message__body")).to_be_visible()
    expect(page.locator(".hd-details")).to_be_visible()
    colors = page.evaluate(
        """() => [".hd-root", ".hd-message__in", ".hd-message__body"].map((one) => {
            const style = getComputedStyle(document.querySelector(one));
            return [style.colorScheme, style.backgroundColor, style.color];
        })"""
    )
    # Typed text has the address once, whatever the link adds in print.
    added = page.locator(".hd-message__body a").evaluate(PRINTED_AFTER)
    assert added == "none"
    for scheme, ground, text in colors:
        assert scheme == "light"
        assert ground in {"rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"}
        assert text == "rgb(26, 31, 43)"
    shoot(page, "print")
    page.goto("/support/")
    page.emulate_media(media="print")
    expect(page.locator(".hd-request__link").first).to_be_visible()
    expect(page.get_by_role("link", name="New request")).to_be_hidden()


def test_an_editor_chooses_and_looks(portal, open_page, assert_accessible, assert_fits):
    """A11: form, contrasts and preview, in the admin."""
    editor = UserFactory(is_superuser=True)
    page = open_page(user=editor)
    page.goto("/admin/helpdesk/appearance/new/")
    page.get_by_label("Main colour").fill("#ffee00")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_text("#ffee00 is too light").first).to_be_visible()
    page.get_by_text("Contrast of the saved colours").first.click()
    expect(page.get_by_role("cell", name="AA").first).to_be_visible()
    assert_accessible(page, within=".hdw-look")
    shoot(page, "admin-edit")

    page.get_by_role("link", name="Telephone").click()
    sample = page.frame_locator(".hdw-look__frame")
    expect(sample.get_by_role("button", name="Send reply")).to_be_visible()
    assert_accessible(page, within=".hdw-page")
    shoot(page, "admin-preview")
    address = page.get_by_role("link", name="new tab").get_attribute("href")
    for query in ("?scheme=light", "?scheme=dark&dir=rtl"):
        narrow = open_page(user=editor, width=320)
        narrow.goto(address.partition("?")[0] + query)
        assert_accessible(narrow)
        assert_fits(narrow)
        shoot(narrow, f"sample{query[1:]}")
