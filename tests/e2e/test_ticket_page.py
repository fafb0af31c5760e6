"""The page of one request in a browser: news while writing, people, closing (F7)."""

from typing import Any

import pytest
from playwright.sync_api import expect
from wagtail.models import Locale

from tests.e2e.test_accounts import LOOKS
from tests.factories import AgentFactory, CustomerFactory, InboxFactory
from tests.portal.build import answer, change, make_portal, make_ticket
from wagtail_helpdesk.models import Contact, Message, Participant


@pytest.fixture
def portal() -> Any:
    page = make_portal(inbox=InboxFactory(), may_close=True, may_add_people="anyone")
    arabic = Locale.objects.create(language_code="ar")
    page.get_parent().copy_for_translation(arabic).save_revision().publish()
    page.copy_for_translation(arabic).save_revision().publish()
    return page


@pytest.fixture
def ana(portal: Any) -> Contact:
    return CustomerFactory(name="Ana García")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_news_people_and_closing(
    portal, ana, open_page, assert_accessible, assert_fits, javascript
):
    ticket = make_ticket(ana, "It blinks red", subject="The hub is offline")
    page = open_page(user=ana.user, javascript=javascript)
    page.goto(f"/support/r/{ticket.public_id}/")
    page.get_by_label("Your reply").fill("Still red")
    answer(ticket, AgentFactory(user__first_name="Amy"), "Restart it")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else has written")
    expect(page.get_by_text("Restart it")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value("Still red")
    if javascript:
        assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Send anyway").click()
    expect(page.get_by_text("Your reply was sent.")).to_be_visible()
    assert Message.objects.filter(body_text="Still red").count() == 1

    page.get_by_role("link", name="Add people").click()
    page.get_by_label("E-mail address").fill("carl@example.org")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("carl@example.org").first).to_be_visible()
    page.get_by_role("button", name="Remove carl@example.org").click()
    expect(page.get_by_text("carl@example.org")).to_have_count(0)
    assert not Participant.objects.exists()

    page.goto(f"/support/r/{ticket.public_id}/")
    page.get_by_label("Your reply").fill("Solved, thank you")
    page.get_by_role("button", name="Send and close").click()
    expect(page.get_by_text("You can open it again until")).to_be_visible()
    page.get_by_role("button", name="Open this request again").click()
    expect(page.get_by_text(f"{ticket.reference} is open again.")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "text", "side"),
    [
        ("/support/", "لا يعمل", "right"),
        ("/ar/support/", "It blinks", "left"),
        ("/ar/support/", "لا يعمل", "right"),
    ],
)
def test_a_message_in_another_direction_begins_at_its_side_of_the_bubble(
    portal, ana, open_page, path, text, side
):
    """UX92: not somewhere in the middle, where its widest line would end."""
    ticket = make_ticket(ana, text)
    page = open_page(user=ana.user)
    page.goto(f"{path}r/{ticket.public_id}/")
    gap = page.locator(".hd-message__body").evaluate(
        """(body, side) => {
            const bubble = body.parentElement.getBoundingClientRect();
            return Math.abs(body.getBoundingClientRect()[side] - bubble[side]);
        }""",
        side,
    )
    head = page.locator(".hd-message__head").evaluate(
        """(head, side) => {
            const bubble = head.parentElement.getBoundingClientRect();
            return Math.abs(head.getBoundingClientRect()[side] - bubble[side]);
        }""",
        side,
    )
    assert gap == pytest.approx(head, abs=1)


@pytest.mark.parametrize(
    ("look", "prefix"),
    [*((look, "") for look in LOOKS.values()), ({"width": 320}, "ar/")],
    ids=[*LOOKS, "right-to-left"],
)
def test_its_states_are_accessible(
    portal, ana, open_page, assert_accessible, assert_fits, look, prefix
):
    ticket = make_ticket(ana, "It blinks red", subject="The hub is offline")
    closed = make_ticket(ana, "Old", subject="Invoice", closed=True)
    long = f"{'a' * 60}@{'example' * 7}.org"
    ticket.participants.create(contact=CustomerFactory(), added_by=ana, address=long)
    page = open_page(user=ana.user, **look)
    for path in (f"r/{ticket.public_id}/people/", f"r/{closed.public_id}/"):
        page.goto(f"/{prefix}support/{path}")
        assert_accessible(page)
        assert_fits(page)
    change(portal, reply_on_closed=False)
    page.goto(f"/support/new/?follow_up={closed.public_id}")
    expect(page.get_by_text("Follow-up of")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
