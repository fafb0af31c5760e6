"""Agents see what a contact has agreed to, and that it was withdrawn (B57)."""

import pytest
from bs4 import BeautifulSoup

from tests.admin.conftest import signed_in, url
from wagtail_helpdesk.actions import RecordConsent, WithdrawConsent

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(open_ticket):
    return open_ticket().contact


def page_of(agent, contact):
    response = signed_in(agent.user).get(url("contact", contact.public_id))
    return BeautifulSoup(response.content, "html.parser")


def agree(contact, source="form:contact"):
    RecordConsent(
        contact=contact,
        text="<p>We keep <b>it</b>.</p>\nI agree",
        language="en",
        source=source,
    ).execute()


def test_an_agent_reads_the_words_the_place_and_the_time(agent, contact):
    agree(contact)
    text = page_of(agent, contact).get_text(" ", strip=True)
    assert "We keep it ." in text
    assert "I agree" in text
    assert "form:contact" in text
    assert "Withdrew consent" not in text


def test_an_agent_is_told_when_nothing_stands_any_more(agent, contact):
    agree(contact)
    agree(contact, "portal:x")
    WithdrawConsent(contact=contact, source="portal:x").execute()
    assert "Withdrew consent on" not in page_of(agent, contact).text
    WithdrawConsent(contact=contact, source="form:contact").execute()
    assert "Withdrew consent on" in page_of(agent, contact).text
    agree(contact)
    page = page_of(agent, contact)
    assert "Withdrew consent on" not in page.text
    # Both withdrawals stay on record.
    assert len(page.select("details time, td:nth-child(2) time")) == 2


def test_a_contact_without_consents_has_no_such_part(agent, contact):
    assert "Consent" not in [h.text for h in page_of(agent, contact).select("h3")]
