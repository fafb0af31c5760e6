"""Every statement of a hot page goes through an index and touches few rows."""

from __future__ import annotations

import pytest

from tests.speed.explain import explain
from tests.speed.postgres.desk import BigDesk
from tests.speed.postgres.pages import HOT, ROWS_AT_MOST, SORTED_AT_MOST, HotPage
from tests.speed.statements import Recorder, unbounded_counts

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
    assert read <= ROWS_AT_MOST
    assert set(hot.indexes) <= used, f"uses {sorted(used)}"
