"""The customer portal in a browser: the whole errand, with and without a script."""

from __future__ import annotations

import re
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from wagtail.models import Locale

from tests.factories import AgentFactory, CustomerFactory, InboxFactory
from tests.fulltext import index_all
from tests.portal.build import answer, change, close, make_portal, make_ticket
from wagtail_helpdesk.models import Attachment, Contact, Message, Ticket
from wagtail_helpdesk.portal.views import ticket_detail

LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrik" * 2


@pytest.fixture(autouse=True)
def portal() -> Any:
    """``/support/`` with an introduction, in English and Arabic."""
    page = make_portal(
        inbox=InboxFactory(),
        intro="<p>On holidays it takes a day longer.</p>",
        may_close=True,
    )
    arabic = Locale.objects.create(language_code="ar")
    page.get_parent().copy_for_translation(arabic).save_revision().publish()
    page.copy_for_translation(arabic).save_revision().publish()
    return page


@pytest.fixture
def ana() -> Contact:
    return CustomerFactory(name="Ana García")


@pytest.fixture
def tickets(ana: Contact) -> list[Ticket]:
    """A request in conversation, a closed one, and enough of them for two pages."""
    agent = AgentFactory(user__first_name="Amy")
    talk = make_ticket(
        ana,
        "It blinks red.\n\nSince Monday.",
        subject="The hub is offline",
        owner=agent,
    )
    answer(talk, agent, "Restart it: https://example.com/restart")
    done = make_ticket(ana, "Thanks", subject="Invoice")
    close(done)
    for number in range(28):
        make_ticket(ana, "hello", subject=f"Sensor {number} {LONG_WORD[: number * 3]}")
    make_ticket(ana, "مرحبا", subject="لا أستطيع تسجيل الدخول")
    index_all()
    return [talk, done]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_customer_files_reads_replies_and_closes(
    portal, ana, open_page, assert_fits, javascript, tmp_path: Path
):
    """UX21, UX26, UX38, UX39."""
    page = open_page(user=ana.user, javascript=javascript)
    page.goto("/support/")
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    page.get_by_role("link", name="New request").last.click()
    page.get_by_label("Subject").fill("The hub is offline")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Describe what you need")
    expect(page.get_by_label("Subject")).to_have_value("The hub is offline")
    page.get_by_label("Description").fill("It blinks red.")
    first, second = tmp_path / "one.txt", tmp_path / "two.txt"
    for file in (first, second):
        file.write_text("log")
    page.get_by_label("Files").set_input_files([first, second])
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/support/new/sent/*/")
    ticket = Ticket.objects.get()
    expect(page.get_by_role("heading", level=1)).to_contain_text(ticket.reference)
    page.reload()
    assert Ticket.objects.count() == 1
    page.get_by_role("link", name=f"Open {ticket.reference}").click()
    expect(page.get_by_role("link", name="one.txt")).to_be_visible()
    page.get_by_label("Your reply").fill("And the lamp is hot.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("Your reply was sent.")).to_be_visible()
    expect(page.get_by_text("And the lamp is hot.")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value("")
    page.get_by_role("button", name="Close this request").click()
    expect(page.get_by_text(f"{ticket.reference} is closed.")).to_be_visible()
    page.get_by_label("Your reply").fill("It is not solved.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text(f"{ticket.reference} is open again.")).to_be_visible()
    assert_fits(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_customer_finds_a_request_again(tickets, ana, open_page, javascript):
    """UX21, UX41, UX42: search, filter, order and pages live in the address."""
    talk, _done = tickets
    page = open_page(user=ana.user, javascript=javascript)
    page.goto("/support/")
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_role("link", name="Next page")).to_have_count(0)
    page.get_by_role("link", name="Previous page").click()
    page.get_by_label("Search").fill("blinks red")
    page.get_by_label("Status").select_option("open")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("1 request", exact=True)).to_be_visible()
    address = page.url
    page.get_by_role("link", name="The hub is offline").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The hub is offline")
    page.go_back()
    assert page.url == address
    expect(page.get_by_label("Search")).to_have_value("blinks red")
    page.get_by_role("link", name="Clear search and filters").click()
    page.get_by_role("link", name="Subject").first.click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Subject")
    page.get_by_label("Search").fill(f"#{talk.number}")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The hub is offline")


@pytest.mark.parametrize("javascript", [True, False])
def test_everything_new_is_marked_as_read_at_once(
    tickets, ana, open_page, assert_accessible, assert_fits, javascript
):
    """F6, UX21, UX42: one button by the list, which comes back as it was."""
    page = open_page(user=ana.user, javascript=javascript, width=320)
    page.goto("/support/?sort=created")
    page.get_by_label("Status").select_option("open")
    page.get_by_role("button", name="Apply").click()
    button = page.get_by_role("button", name="Mark all as read")
    expect(button).to_be_visible()
    if javascript:  # Both look by a script.
        assert_accessible(page)
        assert_fits(page)
    button.press("Enter")
    expect(
        page.get_by_text("What was new when you opened the list is marked as read.")
    ).to_be_visible()
    expect(button).to_have_count(0)
    expect(page.get_by_label("Status")).to_have_value("open")
    expect(page.get_by_label("Order")).to_have_value("created")
    page.goto("/support/")
    expect(page.get_by_text("New reply")).to_have_count(0)


def test_a_double_click_sends_one_reply(tickets, ana, open_page):
    """UX25."""
    talk, _done = tickets
    page = open_page(user=ana.user)
    page.goto(f"/support/r/{talk.public_id}/")
    page.get_by_label("Your reply").fill("Only once")
    page.get_by_role("button", name="Send reply").dblclick()
    expect(page.get_by_text("Your reply was sent.")).to_be_visible()
    assert Message.objects.filter(body_text="Only once").count() == 1


def test_a_reply_that_did_not_arrive_is_kept_and_sent_again(
    tickets, ana, open_page, assert_accessible
):
    """F7, UX25, UX28, UX29: the first time the network is lost, the second time not."""
    talk, _done = tickets
    page = open_page(user=ana.user)
    page.goto(f"/support/r/{talk.public_id}/")
    page.get_by_label("Your reply").fill("See the files")
    page.get_by_label("Files").set_input_files(
        [
            {"name": name, "mimeType": "text/plain", "buffer": b"x" * size}
            for name, size in (("a.txt", 2048), ("b.txt", 10), ("c.txt", 10))
        ]
    )
    expect(page.get_by_role("listitem").filter(has_text="a.txt")).to_contain_text(
        "2 kB"
    )
    page.get_by_role("button", name="Remove b.txt").click()
    expect(page.get_by_role("button", name="Remove a.txt")).to_be_focused()
    held: list[Route] = []
    page.route("**/*hd_upload=1", lambda route: held.append(route), times=1)
    page.get_by_role("button", name="Send reply").dblclick()
    expect(page.get_by_role("progressbar", name="Sending")).to_be_visible()
    expect(page.get_by_text(re.compile("^Sending… ")).first).to_be_visible()
    assert_accessible(page)
    held[0].abort()
    expect(page.get_by_role("alert")).to_contain_text("Not sent")
    expect(page.get_by_label("Your reply")).to_have_value("See the files")
    assert_accessible(page)

    page.get_by_role("button", name="Retry").click()

    expect(page.get_by_text("Your reply was sent.")).to_be_visible()
    sent = Message.objects.get(body_text="See the files")
    expect(page.locator(f"#message-{sent.public_id}")).to_be_in_viewport()
    names = set(sent.attachments.values_list("name", flat=True))
    assert names == {"a.txt", "c.txt"}


def test_a_reply_is_stopped_on_its_way_and_sent_later(
    tickets, ana, open_page, assert_accessible, assert_fits
):
    """UX25, UX28: by keyboard; nothing of it has arrived, and nothing is lost."""
    talk, _done = tickets
    page = open_page(user=ana.user, width=320)
    page.goto(f"/support/r/{talk.public_id}/")
    page.get_by_label("Your reply").fill("See the file")
    page.get_by_label("Files").set_input_files(
        [{"name": "a.txt", "mimeType": "text/plain", "buffer": b"x" * 2048}]
    )
    held: list[Route] = []
    page.route("**/*hd_upload=1", lambda route: held.append(route), times=1)
    page.get_by_role("button", name="Send reply").press("Enter")
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    # "Send and close" stands between the two.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(stop).to_be_focused()
    with page.expect_event("requestfailed") as failed:
        page.keyboard.press("Enter")

    assert failed.value == held[0].request
    box = page.locator(".hd-sending")
    expect(box.get_by_role("status")).to_have_text("Not sent.")
    expect(box.get_by_role("alert")).to_have_count(0)
    expect(box.get_by_role("progressbar")).to_have_count(0)
    expect(stop).to_have_count(0)
    retry = page.get_by_role("button", name="Retry")
    expect(retry).to_be_focused()
    expect(page.get_by_label("Your reply")).to_have_value("See the file")
    expect(page.get_by_role("listitem").filter(has_text="a.txt")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    assert not Message.objects.filter(body_text="See the file").exists()
    assert not Attachment.objects.exists()

    page.get_by_label("Your reply").fill("See the file, please")
    retry.press("Enter")

    expect(page.get_by_text("Your reply was sent.")).to_be_visible()
    sent = Message.objects.get(body_text__startswith="See the file")
    assert sent.body_text == "See the file, please"
    assert [file.name for file in sent.attachments.all()] == ["a.txt"]


def test_a_double_click_on_stop_does_not_send_it_again(tickets, ana, open_page):
    """The button that sends it again takes the place of the one that stops."""
    talk, _done = tickets
    page = open_page(user=ana.user)
    page.goto(f"/support/r/{talk.public_id}/")
    page.get_by_label("Your reply").fill("Wait")
    page.route("**/*hd_upload=1", lambda route: None)
    page.get_by_role("button", name="Send reply").click()
    page.get_by_role("button", name="Stop").click()
    retry = page.get_by_role("button", name="Retry")
    retry.dispatch_event("click", {"detail": 2})
    expect(retry).to_be_visible()
    retry.click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()


def test_what_has_left_cannot_be_stopped(tickets, ana, open_page, monkeypatch):
    """It may have been taken already: "Not sent" would be a lie."""
    talk, _done = tickets
    page = open_page(user=ana.user)
    page.goto(f"/support/r/{talk.public_id}/")
    page.get_by_label("Your reply").fill("On its way")
    show, goes_on = ticket_detail.show, Event()

    def slow(visit: Any, public_id: str) -> Any:
        assert goes_on.wait(timeout=60)
        return show(visit, public_id)

    monkeypatch.setattr(ticket_detail, "show", slow)
    try:
        page.get_by_role("button", name="Send reply").click()
        expect(page.get_by_text("Sending… 100%")).to_be_visible()
        expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    finally:
        goes_on.set()
    expect(page.get_by_text("Your reply was sent.")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_an_answer_from_another_host_is_followed_there(
    tickets, ana, browser, browser_context_args, base_url, settings, sign_in, javascript
):
    """UX27: after the end of a session, where people sign in on a server elsewhere."""
    elsewhere = base_url.replace("localhost", "127.0.0.1")
    assert elsewhere != base_url
    settings.LOGIN_URL = f"{elsewhere}/accounts/login/"
    settings.WAGTAIL_FRONTEND_LOGIN_URL = settings.LOGIN_URL
    talk, _done = tickets
    context = browser.new_context(
        **{**browser_context_args, "java_script_enabled": javascript}
    )
    page = context.new_page()
    sign_in(page, ana.user)
    page.goto(f"/support/r/{talk.public_id}/")
    page.get_by_label("Your reply").fill("Half an hour of work")
    page.get_by_label("Files").set_input_files(
        [{"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"}]
    )
    context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Send reply").click()
    expect(page).to_have_url(re.compile(f"^{re.escape(elsewhere)}/accounts/login/"))
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    context.close()


def test_a_reply_that_is_refused_stands_there_with_the_reason(
    tickets, ana, open_page, settings, assert_accessible
):
    """UX28: it is not sent a second time to be refused again."""
    talk, _done = tickets
    page = open_page(user=ana.user)
    page.goto(f"/support/r/{talk.public_id}/")
    reply, send = page.get_by_label("Your reply"), page.get_by_role("button")
    reply.fill("x" * 3000)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    send.filter(has_text="Send reply").click()
    expect(page.get_by_role("alert")).to_contain_text("Not sent. The text is too long.")
    expect(reply).to_have_value("x" * 3000)
    assert_accessible(page)

    refused = []

    def refuse(route: Route) -> None:
        """As a server in front does, which knows nothing of the page."""
        refused.append(route)
        route.fulfill(status=413, content_type="text/html", body="<h1>No</h1>")

    page.route("**/*hd_upload=1", refuse)
    send.filter(has_text="Retry").click()
    expect(page.get_by_role("alert")).to_contain_text("too large together")
    expect(reply).to_have_value("x" * 3000)
    assert len(refused) == 1


def test_a_reply_survives_the_end_of_the_session(tickets, ana, open_page):
    """UX27: the sign-in leads back to the text."""
    talk, _done = tickets
    page = open_page(user=ana.user)
    page.goto(f"/support/r/{talk.public_id}/")
    page.get_by_label("Your reply").fill("Half an hour of work")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Send reply").click()
    expect(page).to_have_url(f"/accounts/login/?next=/support/r/{talk.public_id}/")
    sign_in_here(page, ana)
    expect(page.get_by_label("Your reply")).to_have_value("Half an hour of work")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("Your reply was sent.")).to_be_visible()
    # The browser's own copy is forgotten with it.
    page.reload()
    expect(page.get_by_label("Your reply")).to_have_value("")


def sign_in_here(page: Page, contact: Contact) -> None:
    """Through the form, as a person does: the session goes on."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(
        user=contact.user, email=contact.user.email, verified=True, primary=True
    )
    page.locator("[name=login]").fill(contact.user.email)
    page.locator("[name=password]").fill("helpdesk-demo")
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_text_typed_in_a_tab_that_was_reloaded_is_still_there(tickets, ana, open_page):
    """Kept in the browser until it is sent."""
    talk, _done = tickets
    page = open_page(user=ana.user)
    page.goto(f"/support/r/{talk.public_id}/")
    page.get_by_label("Your reply").fill("Not sent yet")
    page.reload()
    expect(page.get_by_label("Your reply")).to_have_value("Not sent yet")


def every_state(page: Page, tickets: list[Ticket], prefix: str = "") -> Any:
    """Each page of the portal, and what it looks like when something is wrong."""
    talk, done = tickets
    base = f"{prefix}/support/"
    for path in (
        "",
        "?q=unheard",
        "?status=closed&sort=subject",
        f"r/{talk.public_id}/",
        f"r/{done.public_id}/",
        "new/",
        f"new/sent/{talk.public_id}/",
        "r/missing/",
        "account/",
        "account/deletion/",
    ):
        page.goto(base + path)
        yield
    page.goto(f"{base}account/")
    page.locator("#id_name").fill("x" * 201)
    with page.expect_navigation():
        page.locator(".hd-account button[type=submit]").first.click()
    yield
    page.goto(f"{base}new/")
    page.locator("#hd-main form button[type=submit]").first.click()
    page.locator("hd-error-summary").wait_for()
    yield
    page.goto(f"{base}r/{talk.public_id}/")
    page.locator("#reply .hd-btn--primary").click()
    page.locator("hd-error-summary").wait_for()
    yield


@pytest.mark.parametrize(
    ("prefix", "look"),
    [
        ("", {}),
        ("", {"dark": True}),
        ("", {"width": 320}),
        ("", {"forced_colors": True}),
        ("/ar", {"language": "ar"}),
        ("/ar", {"language": "ar", "width": 320}),
    ],
)
def test_every_page_is_accessible(
    tickets, ana, open_page, assert_accessible, assert_fits, prefix, look
):
    """UX1, UX3, UX14, UX92."""
    page = open_page(user=ana.user, **look)
    for _state in every_state(page, tickets, prefix):
        expect(page.locator("h1")).to_have_count(1)
        if prefix:
            assert page.locator("html").get_attribute("dir") == "rtl"
        assert_accessible(page)
        assert_fits(page)


def test_the_pages_for_those_who_may_not_enter_are_accessible(
    portal, open_page, assert_accessible
):
    """F12, UX3."""
    unverified = CustomerFactory(email__unverified=True)
    page = open_page(user=unverified.user)
    page.goto("/support/")
    assert_accessible(page)
    change(portal, is_active=False)
    page.goto("/support/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("is not open")
    assert_accessible(page)
    newcomer = open_page(user=CustomerFactory().user)
    change(portal, is_active=True)
    newcomer.goto("/support/")
    assert_accessible(newcomer)


def test_the_keyboard_reaches_everything_and_shows_where_it_is(tickets, ana, open_page):
    """UX7, UX10."""
    page = open_page(user=ana.user)
    page.goto("/support/?q=hub")
    seen = []
    for _step in range(60):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "() => (document.activeElement.textContent || '').trim().slice(0, 30)"
                " || document.activeElement.name || document.activeElement.tagName"
            )
        )
        if seen[-1] == "BODY":
            break
    assert seen[0] == "Skip to content"
    assert any("The hub is offline" in label for label in seen)


def test_first_views_are_small(tickets, ana, open_page):
    """UX30: at most 8 requests; the portal's style sheets at most 3 KB gzipped each."""
    import gzip

    from django.contrib.staticfiles import finders

    page = open_page(user=ana.user)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto("/support/", wait_until="networkidle")
    assert len(requests) <= 8
    for name in ("portal.css", "requests.css"):
        sheet = Path(finders.find(f"wagtail_helpdesk/css/{name}"))
        assert len(gzip.compress(sheet.read_bytes())) <= 3 * 1024
