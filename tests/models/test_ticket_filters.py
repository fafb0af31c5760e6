"""B15 to B18, L10: the one rule on tickets is the same rule in plain Python."""

import random
import re
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import combinations_with_replacement
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale

from tests.factories import (
    AgentFactory,
    ChannelFactory,
    ContactFactory,
    InboxFactory,
    OrganizationFactory,
    ParticipantFactory,
    TicketFactory,
)
from wagtail_helpdesk.access.reach import ways_to_tickets
from wagtail_helpdesk.access.ticket_filters import problem_of
from wagtail_helpdesk.access.ticket_reasons import explain_ticket
from wagtail_helpdesk.models import (
    Membership,
    PortalRules,
    Stage,
    Tag,
    Team,
    Ticket,
    TicketProperty,
)
from wagtail_helpdesk.models.filter_ranges import RANGES
from wagtail_helpdesk.models.ticket_filters import (
    BROKEN,
    OPERATORS,
    TicketFilter,
    filters_of,
)

pytestmark = pytest.mark.django_db

GONE = 2_000_000_000


@pytest.fixture
def world():
    """Some thirty tickets of three people, each with other properties."""
    chance = random.Random(18)
    inboxes = [InboxFactory(), InboxFactory()]
    channels = [None] + [
        ChannelFactory(inbox=inbox, type=kind)
        for inbox, kind in zip(inboxes, ("form", "email"), strict=True)
    ]
    stages = list(Stage.objects.order_by("pk"))
    tags = [Tag.objects.create(name=name) for name in ("vip", "bug")]
    teams = [None, *(Team.objects.create(name=name) for name in ("A", "B"))]
    owners = [None, AgentFactory()]
    acme, globex, silent = (
        OrganizationFactory(name=name, sharing=sharing)
        for name, sharing in (
            ("Acme", "organization"),
            ("Globex", "organization"),
            ("Silent", "own"),
        )
    )
    ana, luis, zoe = ContactFactory(), ContactFactory(), ContactFactory()
    for contact, organization, role, is_primary, sees in (
        (ana, acme, "manager", True, False),
        (ana, globex, "member", False, True),
        (ana, silent, "manager", True, True),
        (luis, acme, "member", True, True),
    ):
        Membership.objects.create(
            contact=contact,
            organization=organization,
            role=role,
            is_primary=is_primary,
            sees_tickets=sees,
        )
    locale = Locale.get_default()
    for key, kind in (
        ("product", "choice"),
        ("seats", "number"),
        ("paid", "checkbox"),
        ("site", "text"),
        ("due", "date"),
    ):
        TicketProperty.objects.create(key=key, type=kind, label=key, locale=locale)
    tickets = []
    for number in range(36):
        stage = chance.choice(stages)
        properties = {
            "product": chance.choice(["crm", "erp", ["crm", "erp"], ["crm"], "", None]),
            "seats": chance.choice([1, 5, 2.5, 10, -3, 0.1, "7", "", True, [5], None]),
            "paid": chance.choice([True, False]),
            "site": chance.choice(["madrid", '["crm"]', "crm", []]),
            "due": chance.choice(
                ["2026-01-09", "2026-01-10", "2026-01-30", "soon", "2026-1-9", 5, True]
            ),
        }
        for key in chance.sample(sorted(properties), chance.randrange(4)):
            del properties[key]
        ticket = TicketFactory(
            inbox=chance.choice(inboxes),
            channel=chance.choice(channels),
            pipeline=stage.pipeline,
            stage=stage,
            is_closed=stage.is_closed,
            priority=chance.choice([1, 2, 4]),
            type=chance.choice(["", "question", "fault"]),
            owner=chance.choice(owners),
            team=chance.choice(teams),
            language=chance.choice(["", "en", "es"]),
            contact=chance.choice([ana, luis, zoe]),
            organization=chance.choice([None, acme, globex, silent]),
            created_at=datetime(2026, 1, 1 + number % 20, 12, tzinfo=UTC),
            properties=properties,
        )
        ticket.tags.set(chance.sample(tags, chance.randrange(3)))
        if chance.random() < 0.1:
            ParticipantFactory(ticket=ticket, contact=ana)
        tickets.append(ticket)
    rows = {
        "pipeline": [inbox.default_pipeline_id for inbox in inboxes],
        "stage": [stage.pk for stage in stages],
        "inbox": [inbox.pk for inbox in inboxes],
        "tag": [tag.pk for tag in tags],
        "team": [team.pk for team in teams[1:]],
        "organization": [acme.pk, globex.pk, silent.pk],
    }
    return SimpleNamespace(tickets=tickets, contacts=[ana, luis, zoe], rows=rows)


VALUES = {
    "category": ["new", "open", "waiting", "closed"],
    "channel_type": ["form", "email"],
    "priority": [1, 2, 4],
    "type": ["question", "fault", "other"],
    "language": ["en", "es"],
    "created": ["2026-01-03", "2026-01-10", "2026-01-30"],
    "property:product": ["crm", "erp"],
    "property:seats": [1, 5, 2.5],
    "property:paid": [True, False],
    "property:site": ["madrid", "crm"],
    "property:due": ["2026-01-09", "2026-01-10", "2026-01-29"],
    "property:gone": ["crm"],
}
CUSTOM_OPERATORS = ("is", "is_not", "is_set", "is_empty")
NUMBERS, DATES = ("at_least", "at_most", "between"), ("from", "before", "between")
TYPED_OPERATORS = {
    "property:seats": (*CUSTOM_OPERATORS, *NUMBERS),
    "property:due": (*CUSTOM_OPERATORS, *DATES),
}


def operators(name):
    return TYPED_OPERATORS.get(name) or OPERATORS.get(name, CUSTOM_OPERATORS)


def how_many(operator):
    """Of how many values at least and at most a filter is made."""
    if operator in ("is_set", "is_empty"):
        return 0, 0
    if operator == "between":
        return 2, 2
    return (1, 1) if operator in RANGES else (1, 3)


@st.composite
def filters(draw, rows):
    name = draw(st.sampled_from([*OPERATORS, *(n for n in VALUES if ":" in n)]))
    operator = draw(st.sampled_from(operators(name)))
    least, most = how_many(operator)
    if not most:
        return TicketFilter(name, operator)
    values = [*rows[name], GONE] if name in rows else VALUES[name]
    chosen = draw(st.lists(st.sampled_from(values), min_size=least, max_size=most))
    if operator == "between":
        chosen.sort()
    return TicketFilter(name, operator, tuple(chosen))


def value_of(ticket, name):
    """A list of what a ticket has of a property."""
    if name == "category":
        return [ticket.stage.category]
    if name == "channel_type":
        return [ticket.channel.type] if ticket.channel else []
    if name == "tag":
        return [tag.pk for tag in ticket.tags.all()]
    if name in ("pipeline", "stage", "inbox", "team", "organization", "owner"):
        key = getattr(ticket, f"{name}_id")
        return [] if key is None else [key]
    if name.startswith("property:"):
        key = name.removeprefix("property:")
        value = ticket.properties.get(key)
        if isinstance(value, list):
            return value if key == "product" else [tuple(value)] if value else []
        return [] if value in (None, "") else [value]
    value = getattr(ticket, name)
    return [] if value == "" else [value]


def range_value(ticket, name):
    """What can be compared: a number, or a day as text."""
    if name == "created":
        return [ticket.created_at.date().isoformat()]
    value = ticket.properties.get(name.removeprefix("property:"))
    if name == "property:seats":
        return [value] if type(value) in (int, float) else []
    is_day = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)
    return [value] if is_day else []


def lies_within(one, value):
    low, high = one.values[0], one.values[-1]
    return {
        "from": value >= low,
        "at_least": value >= low,
        "before": value < low,
        "at_most": value <= low,
        "between": low <= value <= high,
    }[one.operator]


def holds(one, ticket):
    """B18 in plain Python."""
    name = one.property
    if name == "property:gone":
        return False
    if one.operator in RANGES:
        return any(lies_within(one, value) for value in range_value(ticket, name))
    has = value_of(ticket, name)
    if one.operator in ("is_set", "is_empty"):
        return bool(has) == (one.operator == "is_set")
    any_of = any(
        type(value) is type(wanted) and value == wanted
        for value in has
        for wanted in one.values
    )
    if one.operator == "is":
        return any_of
    return not any_of and GONE not in one.values


def sees(contact, ticket, rules):
    """R9 in plain Python."""
    if not all(holds(one, ticket) for one in rules.filters):
        return False
    if ticket.contact_id == contact.pk:
        return True
    if ticket.participants.filter(contact=contact).exists():
        return True
    if rules.sharing == "own" or ticket.organization_id is None:
        return False
    return any(
        row.organization_id == ticket.organization_id
        and ticket.organization.sharing == "organization"
        and (row.is_primary or rules.all_organizations)
        and (row.role == "manager" or rules.sharing != "managers")
        and (row.sees_tickets or rules.sharing != "chosen")
        for row in contact.memberships.all()
    )


def test_the_rule_is_the_same_in_plain_python(world):
    contacts, tickets = world.contacts, world.tickets

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=True,
    )
    @given(
        contact=st.sampled_from(contacts),
        sharing=st.sampled_from(["own", "managers", "chosen", "organization"]),
        all_organizations=st.booleans(),
        chosen=st.lists(filters(world.rows), max_size=3),
    )
    def check(contact, sharing, all_organizations, chosen):
        rules = PortalRules(
            sharing=sharing,
            all_organizations=all_organizations,
            filters=tuple(chosen),
        )
        seen = Ticket.objects.visible_to_contact(contact, rules)
        found = set(seen.values_list("pk", flat=True))
        assert found == {t.pk for t in tickets if sees(contact, t, rules)}
        by_ways = set()
        for way in ways_to_tickets(contact, rules):
            by_ways |= set(seen.filter(way).values_list("pk", flat=True))
        assert by_ways == found
        for ticket in tickets[::12]:
            told = explain_ticket(ticket, contact, rules)
            assert told.is_visible == (ticket.pk in found)
            assert told.sentence().startswith("Shown" if told.is_visible else "Hidden")

    check()


@pytest.mark.parametrize("name", [*OPERATORS, *(n for n in VALUES if ":" in n)])
def test_each_filter_is_the_same_in_plain_python(world, name):
    """Every operator of every property, alone, over every ticket."""
    values = world.rows.get(name) or VALUES.get(name, [])
    for operator in operators(name):
        chosen = [()] if operator in ("is_set", "is_empty") else [(v,) for v in values]
        if operator == "between":
            chosen = list(combinations_with_replacement(sorted(values), 2))
        for some in chosen:
            one = TicketFilter(name, operator, some)
            found = Ticket.objects.all().passing(PortalRules(filters=(one,)))
            assert set(found) == {t for t in world.tickets if holds(one, t)}, one


@pytest.mark.parametrize(
    "stored",
    [
        {"property": "pipeline"},
        [None],
        [{"property": "nothing", "operator": "is", "values": [1]}],
        [{"property": "pipeline", "operator": "from", "values": [1]}],
        [{"property": "pipeline", "operator": "is", "values": []}],
        [{"property": "pipeline", "operator": "is", "values": ["1"]}],
        [{"property": "pipeline", "operator": "is", "values": [10**30]}],
        [{"property": "created", "operator": "from", "values": ["yesterday"]}],
        [{"property": "property:a__isnull", "operator": "is", "values": [True]}],
        [{"property": "owner", "operator": "is_set", "values": [1]}],
        [{"property": "owner", "operator": "between", "values": [1, 2]}],
        [{"property": "property:seats", "operator": "between", "values": [1]}],
        [{"property": "property:seats", "operator": "between", "values": [2, 1]}],
        [{"property": "property:seats", "operator": "at_most", "values": [True]}],
        [{"property": "property:seats", "operator": "at_least", "values": [10**30]}],
        [{"property": "property:seats", "operator": "from", "values": [1]}],
        [
            {
                "property": "property:due",
                "operator": "at_least",
                "values": ["2026-01-01"],
            }
        ],
        [{"property": "property:due", "operator": "from", "values": ["20260101"]}],
        [
            {
                "property": "property:due",
                "operator": "between",
                "values": ["2026-01-01", 5],
            }
        ],
    ],
)
def test_a_filter_that_makes_no_sense_hides_everything(world, stored):
    """Deny by default."""
    rules = PortalRules(filters=filters_of(stored))
    assert rules.filters == (BROKEN,)
    ana = world.contacts[0]
    assert not Ticket.objects.visible_to_contact(ana, rules).exists()
    own = next(ticket for ticket in world.tickets if ticket.contact == ana)
    assert "cannot be read" in explain_ticket(own, ana, rules).sentence()


def test_a_range_of_a_property_that_has_another_type_now_hides_everything(world):
    """Deny by default, and the reason says so."""
    one = TicketFilter("property:seats", "at_least", (-99,))
    assert Ticket.objects.all().passing(PortalRules(filters=(one,))).exists()
    assert problem_of(one) == ""
    TicketProperty.objects.filter(key="seats").update(type="text")
    assert not Ticket.objects.all().passing(PortalRules(filters=(one,))).exists()
    assert "“seats”" in problem_of(one) and "another type" in problem_of(one)


def test_the_last_day_of_all_has_no_day_after_it(world):
    one = TicketFilter("created", "between", ("2026-01-01", "9999-12-31"))
    assert filters_of([asdict(one) | {"values": list(one.values)}]) == (one,)
    found = Ticket.objects.all().passing(PortalRules(filters=(one,)))
    assert found.count() == len(world.tickets)


def test_a_day_that_begins_before_all_time_is_refused(settings):
    """In Tokyo it begins in the year 0 of Greenwich, which no database has."""
    settings.TIME_ZONE = "Asia/Tokyo"
    stored = [{"property": "created", "operator": "from", "values": ["0001-01-01"]}]

    assert filters_of(stored) == (BROKEN,)
