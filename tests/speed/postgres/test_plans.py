"""Every statement of a hot page goes through an index and touches few rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.admin.test_live import Screen
from tests.forms.conftest import Visitor
from tests.speed.explain import explain
from tests.speed.postgres.desk import BigDesk
from tests.speed.postgres.pages import HOT, ROWS_AT_MOST, SORTED_AT_MOST, HotPage
from tests.speed.statements import Recorder, Statements, unbounded_counts
from wagtail_helpdesk.actions import MarkAllRead
from wagtail_helpdesk.models import Contact
from wagtail_helpdesk.portal.models import PortalHomePage

pytestmark = pytest.mark.django_db


def _cases() -> list[object]:
    return [
        pytest.param(
            hot,
            id=hot.name,
            marks=pytest.mark.xfail(reason=hot.slow, strict=True) if hot.slow else (),
        )
        for hot in HOT
    ]


@pytest.mark.parametrize("hot", _cases())
def test_a_page_reads_through_indexes(
    desk: BigDesk, statements: Recorder, hot: HotPage
) -> None:
    person = getattr(desk, hot.who) if hot.who else None
    browser = desk.browser(getattr(person, "user", person))
    url = hot.url(desk)
    browser.get(url, headers=hot.headers)  # fills what is cached between requests
    with statements() as sent:
        response = browser.get(url, headers=hot.headers)
        assert response.status_code == hot.status
        b"".join(response)
    used, read = hold_to_the_rules(sent)
    assert read <= ROWS_AT_MOST
    assert set(hot.indexes) <= used, f"uses {sorted(used)}"


def hold_to_the_rules(sent: Statements) -> tuple[set[str], int]:
    """Explain what was sent; the indexes it reads, and how many rows."""
    wrong, used, read = [], set(), 0
    for sql in sent.about():
        wrong += [f"counts without an end: {count}" for count in unbounded_counts(sql)]
        plan = explain(sql)
        used |= plan.indexes
        read += plan.rows_read()
        if scanned := plan.sequential_scans():
            wrong.append(f"reads all of {', '.join(sorted(scanned))}:\n{plan}")
        if plan.rows_sorted > SORTED_AT_MOST:
            wrong.append(f"sorts {plan.rows_sorted} rows:\n{plan}")
    assert not wrong, "\n\n".join(wrong)
    return used, read


def test_asking_for_news_reads_through_indexes(
    desk: BigDesk, statements: Recorder
) -> None:
    """UX34: the poll of an open list, with nothing new."""
    screen = Screen(desk.browser(desk.agent), view="open")
    screen.ask()
    with statements() as sent:
        assert screen.ask().status_code == 304
    _used, read = hold_to_the_rules(sent)
    assert read <= 100


def test_marking_everything_as_read_looks_at_ones_own_tickets(
    desk: BigDesk, statements: Recorder
) -> None:
    """F6: what the others have has no part in it, however much that is."""
    contact = Contact.objects.get(pk=desk.small.pk)
    contact.read_until = contact.read_until - timedelta(days=3650)
    rules = PortalHomePage.objects.get().rules
    now = timezone.now()
    with statements() as sent:
        assert MarkAllRead(contact=contact, portal=rules, until=now).execute()
    _used, read = hold_to_the_rules(sent)
    assert read <= 1_000


def test_filing_a_form_reads_through_indexes(
    desk: BigDesk, statements: Recorder, settings: Any
) -> None:
    settings.WAGTAIL_HELPDESK = {**settings.WAGTAIL_HELPDESK, "FORM_MIN_SECONDS": 0}
    sheet = Visitor(desk.browser(None)).open()
    with statements() as sent:
        assert sheet.send().status_code == 303
    _used, read = hold_to_the_rules(sent)
    assert read <= 100
