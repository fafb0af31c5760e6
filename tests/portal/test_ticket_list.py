"""The customer's list: what it shows, finds, orders and says when it is empty (F6)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from tests.factories import (
    ConversationFactory,
    CustomerFactory,
    MessageFactory,
    OrganizationFactory,
    ParticipantFactory,
)
from tests.fulltext import index_all, searches
from tests.portal.build import answer, change, close, conversation_of, make_ticket

pytestmark = searches


def get(client, query=""):
    if "q=" in query:
        index_all()
    response = client.get(f"/support/{query}")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def subjects(client, query=""):
    soup = get(client, query)
    return [found.text for found in soup.select(".hd-request__subject")]


def text_of(soup, selector="main, #hd-main"):
    return " ".join(soup.select_one(selector).text.split())


def test_open_and_closed_requests_are_listed_with_the_latest_activity_first(
    portal, client, ana
):
    """B60."""
    now = timezone.now()
    make_ticket(ana, subject="Old", last_activity_at=now - timedelta(days=2))
    make_ticket(
        ana, subject="Closed", last_activity_at=now - timedelta(days=1), closed=True
    )
    make_ticket(ana, subject="New", last_activity_at=now)
    assert subjects(client) == ["New", "Closed", "Old"]


def test_the_columns_are_the_recommended_ones(portal, client, ana, agent):
    """B41, B42, B43."""
    ticket = make_ticket(ana, subject="Broken", owner=agent)
    soup = get(client)
    heads = [" ".join(head.text.split()) for head in soup.select("thead th")]
    assert heads == [
        "Subject",
        "Requested by",
        "Created",
        "Owner",
        "Last activity",
        "Status",
    ]
    row = " ".join(soup.select_one("tbody tr").text.split())
    assert f"Broken {ticket.reference} You" in row
    assert "Amy" in row and "Pond" not in row
    assert row.endswith("Open")


def test_requests_of_others_are_not_there(portal, client, ana, zoe):
    """R9."""
    make_ticket(ana, subject="Mine")
    make_ticket(zoe, subject="Theirs")
    make_ticket(ana, subject="In the trash", deleted_at=timezone.now())
    assert subjects(client) == ["Mine"]


def test_a_participant_sees_the_request(portal, client, ana, zoe):
    """R9."""
    ticket = make_ticket(zoe, subject="Copied to Ana")
    ParticipantFactory(ticket=ticket, contact=ana)
    assert subjects(client) == ["Copied to Ana"]
    assert "Zoe Stranger" in text_of(get(client))


@pytest.fixture
def colleagues(portal):
    acme = OrganizationFactory(name="Acme", sharing="organization")
    ana = CustomerFactory(name="Ana", organization=acme)
    luis = CustomerFactory(name="Luis", organization=acme)
    make_ticket(ana, subject="From Ana")
    make_ticket(luis, subject="From Luis")
    return ana, luis


def test_members_see_the_organizations_requests_where_the_portal_shares_them(
    portal, colleagues, sign_in
):
    """B16, B17."""
    ana, _luis = colleagues
    client = sign_in(ana)
    assert subjects(client) == ["From Ana"]
    assert not get(client).select("#hd-scope")
    change(portal, sharing="organization")
    assert sorted(subjects(client)) == ["From Ana", "From Luis"]
    assert subjects(client, "?scope=mine") == ["From Ana"]


@pytest.mark.parametrize(
    ("sharing", "membership"),
    [("managers", {"role": "manager"}), ("chosen", {"sees_tickets": True})],
)
def test_a_portal_shares_with_managers_or_with_chosen_members(
    portal, colleagues, sign_in, sharing, membership
):
    """L10: the others see their own, and are offered no choice."""
    ana, luis = colleagues
    change(portal, sharing=sharing)
    ana.memberships.update(**membership)
    assert sorted(subjects(sign_in(ana))) == ["From Ana", "From Luis"]
    assert get(sign_in(ana)).select("#hd-scope")
    assert subjects(sign_in(luis)) == ["From Luis"]
    assert not get(sign_in(luis)).select("#hd-scope")


def test_a_portal_shares_every_organization_of_a_contact(portal, colleagues, sign_in):
    """L10: the primary one alone, unless the editor says otherwise."""
    ana, _luis = colleagues
    for number in range(9):
        other = OrganizationFactory(sharing="organization")
        ana.memberships.create(organization=other, is_primary=False)
        make_ticket(CustomerFactory(organization=other), subject=f"Other {number}")
    change(portal, sharing="organization")
    assert sorted(subjects(sign_in(ana))) == ["From Ana", "From Luis"]
    change(portal, sharing="organization", all_organizations=True)
    assert len(subjects(sign_in(ana))) == 11


def test_an_organization_that_does_not_share_is_not_shared(portal, sign_in):
    """R9: both the portal and the organization have to say so."""
    change(portal, sharing="organization")
    closed = OrganizationFactory(sharing="own")
    ana = CustomerFactory(organization=closed)
    make_ticket(CustomerFactory(organization=closed), subject="Not shared")
    assert subjects(sign_in(ana)) == []


@pytest.mark.parametrize(
    "form", ["{reference}", "#{number}", "hd{number}", "Hd-{number}"]
)
def test_the_number_with_its_sign_leads_straight_to_the_request(
    portal, client, ana, form
):
    """UX41."""
    ticket = make_ticket(ana)
    text = form.format(reference=ticket.reference, number=ticket.number)
    response = client.get("/support/", {"q": text})
    assert response.status_code == 302
    assert response["Location"] == f"/support/r/{ticket.public_id}/"


def test_the_number_of_a_foreign_request_finds_nothing(portal, client, ana, zoe):
    make_ticket(ana)
    ticket = make_ticket(zoe)
    response = client.get("/support/", {"q": ticket.reference})
    assert response.status_code == 200
    assert "Nothing matches" in response.content.decode()


def test_subject_message_text_and_bare_number_are_searched(portal, client, ana):
    """UX41, B61."""
    by_text = make_ticket(ana, "the turbine howls", subject="One")
    make_ticket(ana, "nothing", subject="A Turbine")
    make_ticket(ana, "quiet", subject="Two")
    assert sorted(subjects(client, "?q=turbine")) == ["A Turbine", "One"]
    assert "One" in subjects(client, f"?q={by_text.number}")
    assert subjects(client, "?q=%20%20") == ["Two", "A Turbine", "One"]


def test_a_note_finds_nothing(portal, client, ana):
    """B22, UX48."""
    ticket = make_ticket(ana, "hello", subject="One")
    MessageFactory(
        conversation=conversation_of(ticket),
        direction="internal",
        body_text="a troublemaker",
    )
    assert subjects(client, "?q=troublemaker") == []


def test_a_reply_that_may_still_be_taken_back_finds_nothing(portal, client, ana, agent):
    """R16."""
    ticket = make_ticket(ana, "hello")
    later = timezone.now() + timedelta(seconds=10)
    answer(ticket, agent, "premature", release_at=later)
    assert subjects(client, "?q=premature") == []


def test_hidden_conversations_are_not_searched(portal, client, ana):
    """R10."""
    ticket = make_ticket(ana, "hello")
    hidden = ConversationFactory(ticket=ticket, is_customer_visible=False)
    MessageFactory(conversation=hidden, body_text="backstage")
    assert subjects(client, "?q=backstage") == []


def test_the_status_filter(portal, client, ana):
    make_ticket(ana, subject="Open one")
    make_ticket(ana, subject="Closed one", closed=True)
    assert subjects(client, "?status=open") == ["Open one"]
    assert subjects(client, "?status=closed") == ["Closed one"]
    assert len(subjects(client, "?status=all")) == 2


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("-activity", ["b", "C", "a"]),
        ("activity", ["a", "C", "b"]),
        ("-created", ["a", "C", "b"]),
        ("created", ["b", "C", "a"]),
        ("subject", ["a", "b", "C"]),
        ("-subject", ["C", "b", "a"]),
        ("password", ["b", "C", "a"]),
    ],
)
def test_the_order(portal, client, ana, sort, expected):
    """Capitals do not come first, and a column that is not offered is not used."""
    now = timezone.now()
    for number, subject in enumerate(["a", "C", "b"]):
        make_ticket(
            ana,
            subject=subject,
            created_at=now - timedelta(days=number),
            last_activity_at=now - timedelta(hours=10 - number),
        )
    assert subjects(client, f"?sort={sort}") == expected


def test_the_heads_say_how_the_list_is_ordered(portal, client, ana):
    """aria-sort; a second click turns the order round."""
    make_ticket(ana)
    soup = get(client, "?sort=subject&q=sub")
    (ordered,) = soup.select("th[aria-sort]")
    assert ordered["aria-sort"] == "ascending"
    assert ordered.a["href"] == "?q=sub&sort=-subject"
    assert soup.select("thead a")[1]["href"] == "?q=sub&sort=-created"


@pytest.mark.parametrize("sort", ["-activity", "subject", "created"])
def test_pages_show_every_request_once_and_keep_the_search(portal, client, ana, sort):
    """UX42."""
    now = timezone.now()
    for number in range(60):
        make_ticket(
            ana,
            subject=f"Part {number % 7}",
            last_activity_at=now - timedelta(hours=number // 3),
        )
    make_ticket(ana, subject="Other")
    seen, url, pages = [], f"?q=part&sort={sort}", 0
    while url:
        soup = get(client, url)
        seen += [link["href"] for link in soup.select(".hd-request__link")]
        following = soup.select_one('a[rel="next"]')
        url, pages = (following["href"] if following else ""), pages + 1
    assert pages == 3
    assert len(seen) == len(set(seen)) == 60
    back = get(
        client,
        get(client, soup.select_one('a[rel="prev"]')["href"]).select_one(
            'a[rel="prev"]'
        )["href"],
    )
    assert [link["href"] for link in back.select(".hd-request__link")] == seen[:25]


def test_the_count_and_the_way_back_from_a_search(portal, client, ana):
    make_ticket(ana, subject="One")
    make_ticket(ana, subject="Two")
    assert "2 requests" in text_of(get(client))
    soup = get(client, "?q=one")
    assert "1 request" in text_of(soup)
    assert soup.select_one(".hd-portal-chips__clear")["href"] == "/support/"
    assert soup.select_one("#hd-q")["value"] == "one"


def test_a_long_list_is_counted_as_far_as_a_hundred(portal, client, ana, inbox):
    make_many(ana, inbox, 100)
    assert "100 requests" in text_of(get(client), ".hd-list-line__count")
    make_ticket(ana, subject="One more")
    assert "100+ requests" in text_of(get(client), ".hd-list-line__count")
    assert "100+ requests" in text_of(get(client, "?status=open"))


def test_the_empty_states_differ(portal, client, ana):
    """UX50."""
    first_use = text_of(get(client))
    assert "Nothing here yet" in first_use
    assert not get(client).select("#hd-q")
    close(make_ticket(ana, subject="Done"))
    only_closed = get(client, "?status=open")
    assert "Nothing is open" in text_of(only_closed)
    (link,) = only_closed.select(".hd-empty a")
    assert link.text == "Show closed (1)"
    assert subjects(client, link["href"]) == ["Done"]
    filtered = get(client, "?q=unheard&status=open")
    assert "Nothing matches" in text_of(filtered)
    assert filtered.select_one(".hd-empty a")["href"] == "?"


@pytest.mark.parametrize(
    "query",
    [
        "?q=%00%00",
        "?q=" + "x" * 5000,
        "?q=%F0%28%8C%28",
        "?q='%22;--&status=[]&scope=%00&sort=-",
        "?after=garbage",
        "?before=%00",
        "?after=" + "A" * 9000,
        "?status=open&status=closed&q=%E2%80%AE",
        "?show=99999999999999",
    ],
)
def test_nonsense_in_the_address_is_answered_with_a_list(portal, client, ana, query):
    make_ticket(ana, subject="One")
    assert client.get(f"/support/{query}").status_code == 200


def test_what_people_typed_is_shown_as_text(portal, client, ana):
    """Nothing that a customer wrote runs in another's browser."""
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    make_ticket(ana, subject=evil[:250])
    response = client.get("/support/", {"q": "alert(1)"})
    content = response.content.decode()
    assert "<script>alert" not in content
    assert "<img src=x" not in content
    assert evil in subjects(client)
    content = client.get("/support/", {"q": evil}).content.decode()
    assert "<script>alert" not in content


def test_stages_show_where_the_portal_says_so(portal, client, ana):
    """B44, R11, L11."""
    ticket = make_ticket(ana)
    stage = ticket.stage
    stage.customer_label = "With our workshop"
    stage.save()
    assert text_of(get(client), "tbody").endswith("Open")
    change(portal, show_stages=True)
    assert text_of(get(client), "tbody").endswith("With our workshop")
    stage.is_customer_visible = False
    stage.save()
    assert text_of(get(client), "tbody").endswith("Open")


def test_the_queries_are_as_many_for_a_thousand_requests_as_for_ten(
    portal, client, ana, inbox, django_assert_max_num_queries
):
    """UX33: at most 15. A second page is what makes the rows be counted."""
    make_many(ana, inbox, 30)
    client.get("/support/")
    with django_assert_max_num_queries(15) as few:
        client.get("/support/?q=part")
    make_many(ana, inbox, 970)
    with django_assert_max_num_queries(15) as many:
        response = client.get("/support/?q=part")
    assert b"100+ requests" in response.content
    assert len(many) == len(few)


def make_many(contact, inbox, number):
    from tests.factories import TicketFactory
    from wagtail_helpdesk.models import Ticket, TicketNumber

    first = TicketFactory(contact=contact, inbox=inbox, subject="Part first")
    TicketNumber.objects.bulk_create([TicketNumber() for _ in range(number)])
    last = TicketNumber.objects.order_by("-pk")[0].pk
    Ticket.objects.bulk_create(
        TicketFactory.build(
            number=last - row,
            contact=contact,
            inbox=inbox,
            subject=f"Part {row}",
            pipeline=first.pipeline,
            stage=first.stage,
            organization=None,
        )
        for row in range(number - 1)
    )
    index_all()


def chips(soup):
    return {
        " ".join(chip.text.split()).removesuffix("×Remove"): chip["href"]
        for chip in soup.select(".hd-chip")
    }


def test_each_filter_that_is_on_is_taken_away_alone(portal, client, ana):
    """F6: chips are links, which work without JavaScript."""
    make_ticket(ana, subject="Broken printer", closed=True)

    soup = get(client, "?q=printer&status=closed&sort=subject")

    assert chips(soup) == {
        "Search: printer": "?status=closed&sort=subject",
        "Status: Closed": "?q=printer&sort=subject",
    }
    assert soup.select_one(".hd-portal-chips__clear")["href"] == "/support/"


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Honolulu"])
def test_the_list_keeps_to_the_latest_days_of_its_reader(
    portal, client, ana, monkeypatch, zone
):
    """F6, UX42, UX94: in the address, as a chip, in the file, by the reader's days."""
    now = datetime(2026, 3, 10, 11, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    type(ana).objects.filter(pk=ana.pk).update(time_zone=zone)
    midnight = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0)
    for subject, at in (
        ("Today", midnight),
        ("A week", midnight - timedelta(days=7)),
        ("More", midnight - timedelta(days=7, seconds=1)),
        ("A year", midnight.replace(year=2025)),
        ("Older", midnight.replace(year=2025) - timedelta(seconds=1)),
    ):
        make_ticket(ana, subject=subject, last_activity_at=at)
    assert subjects(client, "?period=7d") == ["Today", "A week"]
    assert subjects(client, "?period=30d") == ["Today", "A week", "More"]
    assert subjects(client, "?period=12m")[-1] == "A year"
    assert subjects(client, "?period=7d&sort=subject") == ["A week", "Today"]
    assert len(subjects(client, "?period=forever")) == 5

    soup = get(client, "?period=7d&sort=subject")
    assert chips(soup) == {"Last activity: last 7 days": "?sort=subject"}
    assert soup.select_one("#hd-period option[selected]")["value"] == "7d"
    file = client.get(soup.select_one(".hd-list-line__link")["href"])
    text = b"".join(file.streaming_content).decode()
    assert "A week" in text and "More" not in text


def test_a_period_without_requests_leads_back_to_all(portal, client, ana):
    old = timezone.now() - timedelta(days=60)
    make_ticket(ana, subject="Old", last_activity_at=old, closed=True)
    empty = get(client, "?period=30d&status=open").select_one(".hd-empty")
    assert "Nothing matches" in empty.text
    assert subjects(client, empty.a["href"]) == ["Old"]
    only_closed = get(client, "?period=12m&status=open").select_one(".hd-empty")
    assert only_closed.a["href"] == "?status=closed&period=12m"


def test_chips_stand_above_a_list_that_is_empty_too(portal, client, ana):
    make_ticket(ana, subject="Broken printer")

    assert "Search: nothing like it" in chips(get(client, "?q=nothing+like+it"))


def test_a_list_without_filters_has_no_chips(portal, client, ana):
    make_ticket(ana)

    assert not chips(get(client, "?sort=subject"))
