"""The support form on an ordinary page, in a browser (F9)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from wagtail.models import Locale, Site
from wagtail.models import Page as WagtailPage

from example_site.home.models import HomePage, StandardPage
from tests.factories import CustomerFactory, SupportFormFactory
from tests.files import PNG
from wagtail_helpdesk.models import Attachment, Message, Ticket

CHOICES = [
    {"type": "choice", "value": {"value": value, "label": value.title()}}
    for value in ("router", "hub", "sensor")
]
FIELDS = [
    ("text", "Subject", "subject", {"required": True, "binding": "ticket.subject"}),
    ("choice", "Product", "product", {"required": True, "choices": CHOICES}),
    ("choice", "Priority", "priority", {"binding": "ticket.priority"}),
    (
        "long_text",
        "How can we help?",
        "description",
        {"required": True, "binding": "ticket.description"},
    ),
    ("date", "Bought on", "bought", {"help_text": "It stands on the bill."}),
    ("number", "How many", "many", {}),
    ("choices", "Places", "places", {"choices": CHOICES}),
    ("checkbox", "It got wet", "wet", {}),
    ("files", "Files", "files", {}),
]


@pytest.fixture(autouse=True)
def contact_page(settings: Any) -> StandardPage:
    """``/contact/`` with two forms, and its Arabic translation."""
    settings.WAGTAIL_HELPDESK = {**settings.WAGTAIL_HELPDESK, "FORM_MIN_SECONDS": 0}
    fields: list[dict[str, Any]] = [
        {"type": kind, "value": {"label": label, "key": key, **value}}
        for kind, label, key, value in FIELDS
    ]
    fields.insert(4, {"type": "heading", "value": {"heading": "Your device"}})
    form = SupportFormFactory(
        key="contact",
        form_fields=fields,
        header="<p>The more exactly, the sooner we can help.</p>",
        consent_text="<p>We keep your data to answer you.</p>",
    )
    other = SupportFormFactory(key="sales")
    root = WagtailPage.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="Northwind", slug="front"))
    Site.objects.update(root_page=home)
    Site.clear_site_root_paths_cache()
    body = [
        ("support_form", {"heading": "Send us a request", "form": form}),
        ("support_form", {"heading": "Ask the sales team", "form": other}),
    ]
    page = home.add_child(
        instance=StandardPage(
            title="Contact", slug="contact", body=body, show_in_menus=True
        )
    )
    arabic = Locale.objects.create(language_code="ar")
    home.copy_for_translation(arabic).save_revision().publish()
    page.copy_for_translation(arabic).save_revision().publish()
    return page


def fill_in(form: Locator, **texts: str) -> None:
    values = {
        "Your name": "Ana Ruiz",
        "Your e-mail address": "ana@acme.example",
        "Subject": "The hub is offline",
        "How can we help?": "It blinks red.\nSince Monday.",
        **texts,
    }
    for label, value in values.items():
        form.get_by_label(label).fill(value)
    form.get_by_label("Hub").first.check()
    form.get_by_label("I agree").check()


def contact_form(page: Page) -> Locator:
    return page.locator("#hd-form-contact")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_visitor_files_a_request_with_files(open_page, javascript):
    """UX21, UX40: no account and no script are needed."""
    page = open_page(javascript=javascript)
    page.goto("/contact/")
    form = contact_form(page)
    fill_in(form)
    form.get_by_label("Files").set_input_files(
        [
            {"name": "photo.png", "mimeType": "image/png", "buffer": PNG},
            {"name": "log.txt", "mimeType": "text/plain", "buffer": b"restart"},
        ]
    )
    form.get_by_role("button", name="Send request").click()

    expect(form.get_by_text("Thank you. Your request")).to_be_in_viewport()
    ticket = Ticket.objects.get()
    expect(form).to_contain_text(ticket.reference)
    assert page.url.endswith("#hd-form-contact")
    assert Message.objects.get().body_text == "It blinks red.\nSince Monday."
    assert [a.name for a in Attachment.objects.order_by("pk")] == [
        "photo.png",
        "log.txt",
    ]

    page.reload()
    expect(form).to_contain_text(ticket.reference)
    assert Ticket.objects.count() == 1, "reloading sends nothing (UX26)"
    page.get_by_role("link", name="Send another request").click()
    expect(form.get_by_label("Subject")).to_have_value("")


@pytest.mark.parametrize("javascript", [True, False])
def test_errors_stand_in_place_and_lead_to_their_fields(open_page, javascript):
    """UX11."""
    page = open_page(javascript=javascript)
    page.goto("/contact/")
    form = contact_form(page)
    fill_in(form, **{"Subject": "", "Your e-mail address": "ana@"})
    form.get_by_label("Files").set_input_files(
        [{"name": "photo.png", "mimeType": "image/png", "buffer": PNG}]
    )
    form.get_by_role("button", name="Send request").click()

    expect(page).to_have_title(re.compile("^Error: Contact"))
    summary = form.locator("hd-error-summary")
    expect(summary).to_be_in_viewport()
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    expect(form.get_by_label("How can we help?")).to_have_value(
        "It blinks red.\nSince Monday."
    )
    expect(form).to_contain_text("photo.png")
    expect(page.locator("#hd-form-sales hd-error-summary")).to_have_count(0)

    summary.get_by_role("link", name="Fill in “Subject”.").click()
    if javascript:
        expect(form.get_by_label("Subject")).to_be_focused()
    form.get_by_label("Subject").fill("The hub is offline")
    form.get_by_label("Your e-mail address").fill("ana@acme.example")
    form.get_by_role("button", name="Send request").click()

    expect(form.get_by_text("Thank you. Your request")).to_be_visible()
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("javascript", [True, False])
def test_a_double_click_files_one_ticket(open_page, javascript):
    """UX25: without script the browser really sends it twice."""
    page = open_page(javascript=javascript)
    page.goto("/contact/")
    fill_in(contact_form(page))
    contact_form(page).get_by_role("button", name="Send request").dblclick()

    expect(contact_form(page).get_by_text("Thank you. Your request")).to_be_visible()
    assert Ticket.objects.count() == 1


def test_going_back_after_sending_keeps_the_text_and_refiles_nothing(open_page):
    """UX26."""
    page = open_page()
    page.goto("/contact/")
    fill_in(contact_form(page))
    contact_form(page).get_by_role("button", name="Send request").click()
    expect(contact_form(page).get_by_text("Thank you. Your request")).to_be_visible()

    page.go_back()
    page.go_forward()

    expect(contact_form(page).get_by_text("Thank you. Your request")).to_be_visible()
    assert Ticket.objects.count() == 1


def test_the_second_form_of_a_page_works_on_its_own(open_page):
    page = open_page()
    page.goto("/contact/")
    form = page.locator("#hd-form-sales")
    form.get_by_label("Your name").fill("Ana Ruiz")
    form.get_by_label("Your e-mail address").fill("ana@acme.example")
    form.get_by_label("Subject").fill("A quote")
    form.get_by_label("How can we help?").fill("For ten routers.")
    form.get_by_role("button", name="Send request").click()

    expect(form.get_by_text("Thank you. Your request")).to_be_in_viewport()
    expect(contact_form(page).get_by_label("Subject")).to_have_value("")
    assert Ticket.objects.get().subject == "A quote"


def test_a_customer_who_is_signed_in_writes_only_what_is_not_known(open_page):
    """UX19."""
    page = open_page(user=CustomerFactory().user)
    page.goto("/contact/")

    expect(contact_form(page).get_by_label("Subject")).to_be_visible()
    expect(contact_form(page).get_by_label("Your name")).to_have_count(0)
    expect(contact_form(page).get_by_label("Your e-mail address")).to_have_count(0)


def test_the_trap_is_out_of_the_way_of_people(open_page):
    """Neither seen, nor reached by the keyboard, nor read out."""
    page = open_page()
    page.goto("/contact/")
    trap = contact_form(page).locator("input[name=website-address]")

    expect(trap).to_have_attribute("tabindex", "-1")
    box = trap.locator("xpath=..").bounding_box()
    assert box is None or (box["width"] <= 1 and box["height"] <= 1)
    expect(contact_form(page).get_by_role("textbox", name="Leave this")).to_have_count(
        0
    )


@pytest.mark.parametrize(
    "look",
    [
        {},
        {"dark": True},
        {"width": 320},
        {"forced_colors": True},
        {"language": "ar"},
        {"language": "ar", "width": 320, "dark": True},
    ],
    ids=["light", "dark", "320px", "forced-colors", "rtl", "rtl-320px-dark"],
)
def test_the_form_is_accessible_in_every_look_and_state(
    open_page, assert_accessible, assert_fits, look
):
    """UX1, UX3, UX14."""
    page = open_page(**look)
    page.goto("/ar/contact/" if look.get("language") == "ar" else "/contact/")
    expected = "rtl" if look.get("language") == "ar" else "ltr"
    expect(page.locator("html")).to_have_attribute("dir", expected)
    assert_accessible(page)
    assert_fits(page)

    form = contact_form(page)
    form.locator("button[type=submit]").click()
    expect(form.locator("hd-error-summary")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)

    form.locator("[name$=contact-name]").fill("Ana")
    form.locator("[name$=contact-email]").fill("ana@acme.example")
    form.locator("[name$=-subject]").fill("The hub is offline")
    form.locator("[name$=-description]").fill("It blinks.")
    form.locator("[name$=-product][value=hub]").check()
    form.locator("[name$=consent-given]").check()
    form.locator("button[type=submit]").click()
    expect(form.locator(".hd-support-form__thanks")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
