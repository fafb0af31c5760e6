"""No page counts rows of a table that grows without saying where to stop."""

from __future__ import annotations

import pytest

from tests.permissions.matrix import ROWS
from tests.permissions.world import World
from tests.speed.statements import Recorder, unbounded_counts

TICKETS = '"wagtail_helpdesk_ticket"'


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT COUNT(*) FROM TICKETS",
        'SELECT COUNT(*) AS "__count" FROM TICKETS WHERE TICKETS."id" > 5',
        'SELECT COUNT(*) FROM (SELECT TICKETS."id" FROM TICKETS) subquery',
        "SELECT COUNT(*) FROM (SELECT 1 FROM TICKETS) s LIMIT 21",
        "SELECT COUNT(*) FROM (SELECT 1 FROM TICKETS WHERE id IN (SELECT 2 LIMIT 3)) s",
        'SELECT "a"."id", COALESCE(COUNT(TICKETS."id"), 0) FROM "a" JOIN TICKETS ON 1',
        'SELECT "a"."id", (SELECT COUNT(*) FROM TICKETS U0 WHERE U0.b = 1) FROM "a"',
        "SELECT COUNT(DISTINCT `x`) FROM `wagtail_helpdesk_event`",
    ],
)
def test_a_count_without_an_end_is_found(sql: str) -> None:
    assert len(unbounded_counts(sql.replace("TICKETS", TICKETS))) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT COUNT(*) FROM (SELECT 1 FROM TICKETS WHERE a IN (1) LIMIT 9) s",
        'SELECT COUNT(*) FROM (SELECT "x"."id" FROM "x" JOIN TICKETS ON 1 LIMIT 9) s',
        'SELECT "a"."id", (SELECT COUNT(*) FROM "b") FROM TICKETS AS "a" LIMIT 25',
        "SELECT TICKETS.\"id\" FROM TICKETS WHERE subject = 'count(er)'",
        'SELECT COUNT(*) FROM "wagtailcore_page"',
    ],
)
def test_a_count_with_an_end_is_let_through(sql: str) -> None:
    assert unbounded_counts(sql.replace("TICKETS", TICKETS)) == []


#: Known offenders, each with what it counts.
UNBOUNDED: dict[str, str] = {
    "page /support/r/": "counts the messages of the one ticket beside reading them",
    "page /support/g/": "the same page, opened by a link",
}
#: Lists again with what changes their statements.
MORE = [
    *(
        ("admin", f"/admin/helpdesk/{place}")
        for place in (
            "inbox/?view=mine",
            "inbox/?view=unassigned",
            "inbox/?view=closed",
            "inbox/?view=all&q=canary",
            "inbox/?view=all&priority=1&owner=none&sort=newest",
            "inbox/results/?view=all&q=canary",
            "contacts/?q=canary",
            "organizations/?q=canary",
        )
    ),
    ("ana", "/support/?status=open"),
    ("ana", "/support/?q=nothing-has-this-word"),
    ("ana", "/support/?sort=subject"),
    ("anonymous", "/help/search/?q=nothing-has-this-word"),
]


def _pages() -> list[object]:
    """Every address of the matrix, opened by whoever sees most there."""
    found = []
    for row in ROWS:
        roles = [r for r in ("admin", "ana", "agent", "anonymous") if r in row.allowed]
        if not roles:
            continue  # a door that is shut to everybody
        reason = UNBOUNDED.get(row.name)
        marks = pytest.mark.xfail(reason=reason, strict=True) if reason else ()
        found.append(pytest.param(roles[0], row.url, id=row.name, marks=marks))
    for role, url in MORE:
        found.append(pytest.param(role, lambda world, url=url: url, id=url))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "url"), _pages())
def test_a_page_counts_nothing_without_an_end(
    world: World, statements: Recorder, role: str, url: object
) -> None:
    """UX33, UX34."""
    browser = world.client(role)
    with statements() as sent:
        b"".join(browser.get(url(world)))
    assert [count for sql in sent for count in unbounded_counts(sql)] == []
