"""Pages of lists that grow (UX33, UX42) and counts that stop at a limit."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import InboxFactory, TicketFactory
from wagtail_helpdesk.models import Organization, Ticket
from wagtail_helpdesk.pagination import KeysetPage, bounded_count

pytestmark = pytest.mark.django_db

BASE = datetime(2026, 11, 1, 12, tzinfo=UTC)
ORDERS = [
    ("-created_at", "-pk"),
    ("created_at",),
    ("name", "pk"),
    ("-name", "created_at"),
    ("-created_at", "name", "-pk"),
]
with_database = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def page_of(queryset, ordering, size=3, **params):
    query = QueryDict(mutable=True)
    query.update(params)
    return KeysetPage(queryset, ordering=ordering, params=query, size=size)


def expected(queryset, ordering):
    """The whole list in the same total order."""
    columns = list(ordering)
    if not columns[-1].endswith("pk"):
        columns.append("-pk" if columns[-1].startswith("-") else "pk")
    return list(queryset.order_by(*columns).values_list("pk", flat=True))


def make_organizations(rows):
    Organization.objects.all().delete()
    for name, seconds in rows:
        made = Organization.objects.create(name=name)
        Organization.objects.filter(pk=made.pk).update(
            created_at=BASE + timedelta(seconds=seconds)
        )


rows_strategy = st.lists(
    st.tuples(
        st.sampled_from(["", "a", "A", "ñ", "é", "日本", "z"]), st.integers(0, 3)
    ),
    max_size=14,
)


@with_database
@given(rows=rows_strategy, ordering=st.sampled_from(ORDERS), size=st.integers(1, 5))
def test_walking_forward_shows_every_row_once_and_in_order(rows, ordering, size):
    make_organizations(rows)
    seen, params = [], {}
    while True:
        page = page_of(Organization.objects.all(), ordering, size, **params)
        seen += [row.pk for row in page]
        if not page.has_next:
            break
        params = {"after": page.next_cursor}
    assert seen == expected(Organization.objects.all(), ordering)


@with_database
@given(rows=rows_strategy, ordering=st.sampled_from(ORDERS), size=st.integers(1, 5))
def test_walking_back_meets_the_same_rows_as_walking_forward(rows, ordering, size):
    make_organizations(rows)
    everything = expected(Organization.objects.all(), ordering)
    page = page_of(Organization.objects.all(), ordering, size)
    while page.has_next:
        page = page_of(
            Organization.objects.all(), ordering, size, after=page.next_cursor
        )
    while page.has_previous:
        first = page.items[0].pk
        page = page_of(
            Organization.objects.all(), ordering, size, before=page.previous_cursor
        )
        shown = [row.pk for row in page]
        at = everything.index(shown[0])
        assert shown == everything[at : at + size]
        assert first in everything[at : at + size + 1]
    assert [row.pk for row in page] == everything[:size]


@with_database
@given(cursor=st.text(max_size=60) | st.binary(max_size=60).map(repr))
def test_any_text_as_a_cursor_leads_to_the_first_page(cursor):
    if not Organization.objects.exists():
        make_organizations([("a", 1), ("b", 2)])
    for name in ("after", "before"):
        page = page_of(Organization.objects.all(), ("-created_at",), **{name: cursor})
        assert [row.name for row in page] == ["b", "a"]


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.datetimes().map(str),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=6,
)


@with_database
@given(
    values=json_values | st.tuples(json_values, json_values).map(list),
    ordering=st.sampled_from(ORDERS[:3]),
)
def test_a_forged_cursor_of_the_right_shape_never_fails(values, ordering):
    make_organizations([("a", 1), ("b", 2)])
    text = json.dumps(values).encode()
    cursor = base64.urlsafe_b64encode(text).decode().rstrip("=")
    for name in ("after", "before"):
        assert len(page_of(Organization.objects.all(), ordering, **{name: cursor})) > 0


def forged(*values):
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "[" * 1500,
        base64.urlsafe_b64encode(b"[" * 1200).decode(),
        "A" * 100_000,
        forged("2026-11-01T12:00:00+00:00", 10**30),
        forged("0001-01-01T00:00:00+14:00", 1),
        forged("9999-12-31T23:59:59-14:00", 1),
        forged("2026-11-01T12:00:00", 1),
        forged("2026-11-01", 1),
        forged("", 1),
        forged("2026-11-01T12:00:00+00:00", True),
        forged("2026-11-01T12:00:00+00:00", "1; DROP TABLE x"),
    ],
)
def test_a_cursor_the_columns_cannot_hold_leads_to_the_first_page(cursor):
    make_organizations([("a", 1), ("b", 2)])
    page = page_of(Organization.objects.all(), ("-created_at",), after=cursor)
    assert [row.name for row in page] == ["b", "a"]


@pytest.mark.parametrize("name", ["a\x00b", "\ud800"])
def test_text_no_database_takes_leads_to_the_first_page(name):
    make_organizations([("a", 1), ("b", 2)])
    page = page_of(Organization.objects.all(), ("name",), after=forged(name, 1))
    assert [row.name for row in page] == ["a", "b"]


def test_a_cursor_of_another_order_leads_to_the_first_page():
    make_organizations([("a", 1), ("b", 2), ("c", 3)])
    by_name = page_of(Organization.objects.all(), ("name",), 1)
    page = page_of(
        Organization.objects.all(), ("-created_at",), after=by_name.next_cursor
    )
    assert [row.name for row in page] == ["c", "b", "a"]


def test_a_row_added_at_the_top_shifts_no_later_page():
    make_organizations([(str(n), n) for n in range(6)])
    first = page_of(Organization.objects.all(), ("-created_at",), 3)
    Organization.objects.create(name="new")
    second = page_of(
        Organization.objects.all(), ("-created_at",), 3, after=first.next_cursor
    )
    assert [row.name for row in second] == ["2", "1", "0"]


def test_a_page_whose_rows_are_gone_shows_the_first_page():
    make_organizations([(str(n), n) for n in range(4)])
    first = page_of(Organization.objects.all(), ("-created_at",), 3)
    Organization.objects.filter(name="0").delete()
    page = page_of(
        Organization.objects.all(), ("-created_at",), 3, after=first.next_cursor
    )
    assert [row.name for row in page] == ["3", "2", "1"]
    assert not page.has_other_pages


def test_links_keep_the_search_and_drop_the_old_cursor():
    make_organizations([(str(n), n) for n in range(9)])
    first = page_of(Organization.objects.all(), ("-created_at",), 3, q="a b", p="7")
    assert first.previous_url == ""
    assert first.next_url.startswith("?q=a+b&after=")
    assert "p=7" not in first.next_url
    second = page_of(
        Organization.objects.all(), ("-created_at",), 3, q="x", after=first.next_cursor
    )
    assert second.next_url.count("after=") == 1
    assert second.previous_url.startswith("?q=x&before=")
    assert second.first_url == "?q=x"


def test_a_page_costs_one_query_and_never_counts(django_assert_num_queries):
    make_organizations([(str(n), n) for n in range(9)])
    first = page_of(Organization.objects.all(), ("-created_at",), 3)
    with django_assert_num_queries(1) as captured:
        page_of(
            Organization.objects.all(), ("-created_at",), 3, after=first.next_cursor
        )
    assert "COUNT" not in captured[0]["sql"].upper()


def test_an_annotation_makes_a_column_with_null_sortable():
    inbox = InboxFactory()
    tickets = [
        TicketFactory(
            inbox=inbox,
            created_at=BASE - timedelta(days=1),
            last_customer_message_at=moment,
        )
        for moment in (BASE, None, BASE + timedelta(days=1))
    ]
    queryset = Ticket.objects.annotate(
        waiting=Coalesce(F("last_customer_message_at"), F("created_at"))
    )
    first = page_of(queryset, ("-waiting",), 2)
    second = page_of(queryset, ("-waiting",), 2, after=first.next_cursor)
    assert [t.pk for t in first] == [tickets[2].pk, tickets[0].pk]
    assert [t.pk for t in second] == [tickets[1].pk]


def test_a_column_with_null_is_refused_rather_than_skipped():
    inbox = InboxFactory()
    for _ in range(2):
        TicketFactory(inbox=inbox)
    with pytest.raises(ValueError, match="Coalesce"):
        page_of(Ticket.objects.all(), ("-closed_at",), 1)


@pytest.mark.parametrize(
    ("rows", "limit", "text"), [(0, 5, "0"), (5, 5, "5"), (6, 5, "5+"), (9, 5, "5+")]
)
def test_a_count_stops_at_its_limit(rows, limit, text):
    make_organizations([(str(n), n) for n in range(rows)])
    count = bounded_count(Organization.objects.order_by("name"), limit)
    assert str(count) == text
    assert int(count) == min(rows, limit)
    assert bool(count) is (rows > 0)


def test_a_long_count_is_grouped_as_the_language_writes_it():
    from django.utils import translation

    from wagtail_helpdesk.pagination import BoundedCount

    assert str(BoundedCount(1000, is_exact=False)) == "1,000+"
    with translation.override("pt-br"):
        assert str(BoundedCount(12000, is_exact=True)) == "12.000"
