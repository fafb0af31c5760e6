"""The mail that asks how our help was, after a ticket was closed (F13)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction

from tests.factories import AgentFactory, ContactFactory, InboxFactory
from tests.portal.build import change, make_portal
from wagtail_helpdesk import actions, notifications, outbox
from wagtail_helpdesk.actions.change_stage import reopening_stage
from wagtail_helpdesk.channels.email.composing import compose
from wagtail_helpdesk.channels.email.content import NoLongerWanted
from wagtail_helpdesk.models import (
    Contact,
    Delivery,
    EmailTemplate,
    SatisfactionRating,
    Ticket,
)

pytestmark = pytest.mark.django_db

LINK = re.compile(r"https?://[^/\s\"]+(/support/csat/[\w-]+/)")


@pytest.fixture
def agent(db):
    return AgentFactory()


@pytest.fixture
def portal(agent):
    return make_portal(inbox=InboxFactory(agents=[agent]), asks_rating=True)


@pytest.fixture
def gina(db) -> Contact:
    return ContactFactory(
        name="Gina Guest", email="gina@acme.example", email__unverified=True
    )


@pytest.fixture
def answered(portal, agent, gina):
    """Opens a ticket that an agent has answered."""

    def start() -> Ticket:
        opened = actions.OpenTicket(
            channel=portal.channel, contact=gina, subject="canary", body_text="Help"
        ).execute()
        ticket = Ticket.objects.get(pk=opened.ticket.pk)
        actions.ReplyToTicket(ticket=ticket, agent=agent, body_text="Done").execute()
        return Ticket.objects.get(pk=ticket.pk)

    return start


def close(ticket, actor=None) -> None:
    stage = ticket.pipeline.stages.closed().get()
    actions.ChangeStage(ticket=ticket, stage=stage, actor=actor).execute(
        skip_permission_checks=True
    )
    notifications.handle_due()


def reopen(ticket) -> None:
    ticket.refresh_from_db()
    stage = reopening_stage(ticket)
    actions.ChangeStage(ticket=ticket, stage=stage, actor=None).execute()
    ticket.refresh_from_db()


def asked():
    return Delivery.objects.filter(kind=Delivery.Kind.RATING)


def test_from_the_closing_to_the_rating(portal, answered, agent):
    ticket = answered()
    close(ticket, agent)
    outbox.run_due()
    assert not any("csat" in message.body for message in mail.outbox), "wait a little"
    asked().update(run_at=timezone.now())
    outbox.run_due()

    message = mail.outbox[-1]
    assert message.to == ["gina@acme.example"]
    assert message.subject == f"[{ticket.reference}] How was our help?"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    html = message.alternatives[0][0]
    for body in (message.body, html):
        assert "canary" not in body and "Gina" not in body, "a visitor typed it"
        assert Client().get(LINK.search(body)[1]).status_code == 200
    assert {f"?score={score}" in html for score in range(1, 6)} == {True}
    Client().post(LINK.search(message.body)[1], {"score": "5"})
    assert SatisfactionRating.objects.get(ticket=ticket).score == 5


def test_on_existing_portals_nothing_changes_unasked(portal, answered):
    change(portal, asks_rating=False)
    close(answered())
    assert not asked().exists()


def test_nobody_is_asked_who_has_no_answer_or_closed_it(portal, answered, gina):
    unanswered = actions.OpenTicket(
        channel=portal.channel, contact=gina, subject="x", body_text="y"
    ).execute()
    close(unanswered.ticket)
    change(portal, may_close=True)
    actions.CloseOwnTicket(
        ticket=answered(), contact=gina, portal=portal.rules
    ).execute()
    notifications.handle_due()
    assert not asked().exists()


def test_a_private_portal_or_another_companys_asks_nobody(portal, answered, agent):
    change(portal, asks_rating=False)
    make_portal(title="Other", slug="other", asks_rating=True)
    close(answered())
    change(portal, asks_rating=True)
    PageViewRestriction.objects.create(page=portal, restriction_type="login")
    close(answered())
    assert not asked().exists()


def test_many_closed_at_once_make_three_mails(portal, answered):
    for ticket in [answered() for _number in range(4)]:
        close(ticket)
    assert asked().count() == 3


@pytest.mark.parametrize("why", ["open", "closed again", "rated", "over", "off"])
def test_a_mail_that_waits_is_not_sent_when_the_reason_has_gone(
    portal, answered, gina, why
):
    ticket = answered()
    close(ticket)
    if why in ("open", "closed again"):
        reopen(ticket)
    if why == "closed again":
        close(ticket)
    elif why == "rated":
        actions.RateTicket(
            ticket=ticket, contact=gina, portal=portal.rules, score=1
        ).execute()
    elif why == "over":
        Ticket.objects.update(closed_at=timezone.now() - timedelta(days=8))
    elif why == "off":
        change(portal, asks_rating=False)
    waiting = list(asked().order_by("pk"))
    with pytest.raises(NoLongerWanted):
        compose(waiting[0])
    # The second closing has a mail of its own.
    assert len(waiting) == (2 if why == "closed again" else 1)


def test_editors_write_the_mail_and_its_question(portal, answered):
    change(portal, rating_question="Were we fast?")
    close(answered())
    assert "Were we fast?" in compose(asked().get()).body
    EmailTemplate.objects.create(
        key="rating", body="Rate {reference}: {link}", locale=Locale.get_active()
    )
    message = compose(asked().get())
    assert message.body.startswith("Rate HD-")
    assert "?score=" not in message.alternatives[0][0], "the text has the link"


def test_the_mail_is_in_the_readers_language(portal, answered, gina):
    """UX95."""
    Contact.objects.filter(pk=gina.pk).update(language="ar")
    close(answered())
    message = compose(asked().get())
    assert 'dir="rtl"' in message.alternatives[0][0]
