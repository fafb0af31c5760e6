"""Reading the knowledge base in a browser, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    HomeFactory,
    body,
    text,
    translate,
)
from tests.knowledge_base.test_article import picture

BODY = body(
    ("text", "<h2>Before you start</h2><p>Have the <b>serial number</b> ready.</p>"),
    ("callout", {"kind": "note", "text": "<p>It keeps working.</p>"}),
    ("callout", {"kind": "tip", "text": "<p>Name it.</p>"}),
    ("callout", {"kind": "warning", "text": "<p>Mains voltage.</p>"}),
    ("text", "<h2>Set it up</h2><h3>Connect it</h3>"),
    ("steps", [{"text": "<p>Plug it in.</p>"}, {"text": "<p>Hold the button.</p>"}]),
    (
        "code",
        {
            "language": "python",
            "title": "",
            "code": "# Is it there?\nfrom nw import get\n\n@cached\ndef ok(host):\n"
            '    """Ask."""\n    return get(host, retries=3).ok and "a long line" '
            "# that has to be scrolled on any screen that is not very wide indeed",
        },
    ),
    (
        "table",
        {
            "table_caption": "Battery life",
            "table_header_choice": "both",
            "data": [
                ["Mode", "Hours", "Reports a minute", "Range indoors", "Outdoors"],
                ["Normal", "12", "6", "30 m", "120 m"],
            ],
        },
    ),
    ("video", {"url": "https://youtu.be/aqz-KE-bpKQ", "title": "Swap", "poster": None}),
    ("questions", [{"question": "Waterproof?", "answer": "<p>To ten metres.</p>"}]),
)
BODY_AR = body(
    ("text", "<h2>قبل أن تبدأ</h2><p>الرقم.</p><h2>الإعداد</h2><h2>الفحص</h2>"),
    ("callout", {"kind": "warning", "text": "<p>لا تفتح الغلاف.</p>"}),
    ("steps", [{"text": "<p>وصّل الطاقة.</p>"}]),
    ("code", {"language": "bash", "title": "", "code": "nwctl status # ok"}),
)


@pytest.fixture
def knowledge_base():
    home = HomeFactory(introduction="Guides for hubs.")
    hubs = CategoryFactory(
        parent=home, title="Hubs", icon="device", description="Pairing and batteries."
    )
    CategoryFactory(parent=home, title="Billing", icon="card")
    CategoryFactory(parent=hubs, title="Old hubs")
    figure = {
        "image": {
            "image": picture().pk,
            "decorative": False,
            "alt_text": "The hub from above",
        },
        "caption": "The hub",
    }
    article = ArticleFactory(
        parent=hubs,
        title="Set up your hub",
        introduction="From the box to the first reading.",
        audience="Professional plan",
        body=[*BODY, *body(("image", figure))],
        is_popular=True,
    )
    ArticleFactory(parent=hubs, title="Reset your hub", body=text("<p>Hold it.</p>"))
    translate(home, "ar", title="مركز المساعدة", introduction="أدلة.")
    translate(hubs, "ar", title="المحاور", description="الاقتران.")
    translate(article, "ar", title="إعداد المحور", introduction="صِل.", body=BODY_AR)
    return home


ARTICLE = "/help/hubs/set-up-your-hub/"
PAGES = ["/help/", "/help/hubs/", ARTICLE, "/help/search/?q=hub", "/help/search/?q=zzz"]


def test_a_printed_article_is_whole_and_without_controls(
    knowledge_base, open_page, assert_fits
):
    """UX60: dark prints light; answers, long lines and addresses are on the paper."""
    page = open_page(dark=True, width=700)
    page.goto(ARTICLE)
    page.emulate_media(media="print")
    expect(page.locator(".hd-root")).to_have_css("color-scheme", "light")
    for gone in (".hd-root :is(form, nav, button, .hd-btn)", ".hd-video__play"):
        for control in page.locator(gone).all():
            expect(control).to_be_hidden()
    expect(page.get_by_text("To ten metres.")).to_be_visible()
    assert (
        page.locator(".hd-prose pre").evaluate("it => it.scrollWidth - it.clientWidth")
        <= 0
    )
    address = page.locator(".hd-video__link").evaluate(
        "link => getComputedStyle(link, '::after').content"
    )
    assert "https://youtu.be/aqz-KE-bpKQ" in address
    assert_fits(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_visitor_searches_reads_and_goes_on(knowledge_base, open_page, javascript):
    """UX21."""
    page = open_page(javascript=javascript)
    page.goto("/help/")
    page.get_by_label("Search articles").fill("serial number")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_have_text("1 result")
    expect(page.locator("mark").first).to_have_text("serial")
    page.get_by_role("link", name="Set up your hub").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your hub")

    contents = page.get_by_role("navigation", name="On this page")
    contents.get_by_role("link", name="Connect it").click()
    expect(page).to_have_url(f"{page.url.split('#')[0]}#section-connect-it")
    expect(page.get_by_role("heading", name="Connect it")).to_be_in_viewport()

    answer = page.get_by_text("To ten metres.")
    expect(answer).to_be_hidden()
    page.get_by_text("Waterproof?").click()
    expect(answer).to_be_visible()

    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reset your hub")
    crumbs = page.get_by_role("navigation", name="Breadcrumb")
    crumbs.get_by_role("link", name="Hubs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hubs")


def test_code_is_copied_by_a_button_that_needs_javascript(knowledge_base, open_page):
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(ARTICLE)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("# Is it there?\nfrom nw import get")

    page = open_page(javascript=False)
    page.goto(ARTICLE)
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)


def test_a_video_asks_its_host_for_nothing_before_it_is_played(
    knowledge_base, open_page
):
    """UX24: the fixture fails on any request to another host."""
    page = open_page()
    page.goto(ARTICLE)
    link = page.get_by_role("link", name="Play video (YouTube) Swap")
    expect(link).to_have_attribute("href", "https://youtu.be/aqz-KE-bpKQ")
    expect(page.locator("iframe")).to_have_count(0)


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("look", [{}, {"dark": True}, {"width": 320}])
def test_every_page_is_accessible(
    knowledge_base, open_page, assert_accessible, assert_fits, url, look
):
    """UX1, UX14."""
    page = open_page(**look)
    page.goto(url)
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("width", [1280, 320])
def test_right_to_left_pages_are_accessible(
    knowledge_base, open_page, assert_accessible, assert_fits, width
):
    """UX1, UX92."""
    page = open_page(language="ar", width=width)
    page.goto("/ar/help/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert_accessible(page)
    page.get_by_role("link", name="المحاور").click()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="إعداد المحور").first.click()
    expect(page.locator("pre")).to_have_css("direction", "ltr")
    assert_accessible(page)
    assert_fits(page)


def test_the_refused_search_is_accessible(knowledge_base, open_page, assert_accessible):
    """UX3."""
    page = open_page()
    page.goto(f"/help/search/?q={'x' * 300}")
    expect(page.get_by_role("status")).to_contain_text("too long")
    assert_accessible(page)


def test_everything_is_reached_with_the_keyboard(knowledge_base, open_page):
    """UX7, UX10."""
    page = open_page()
    page.goto(ARTICLE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#hd-main, main").first).to_be_focused()
    seen = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate(
                "document.activeElement.className || document.activeElement.tagName"
            )
        )
    assert {"hd-code-block__code", "hd-table-wrap", "hd-video__link"} <= seen
    assert "BODY" in seen or "hd-skip" in seen
