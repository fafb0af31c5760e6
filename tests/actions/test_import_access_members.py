"""A list of addresses is read, and each line gets an answer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import AccessGroupFactory
from wagtail_helpdesk import actions
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import AccessMembership, Contact, Event, Identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return AccessGroupFactory(name="Partners")


def read(group, text: str, **options: object) -> list[tuple[int, str, str]]:
    lines = actions.ImportAccessMembers(group=group, text=text, **options).execute()
    return [(line.number, line.address, line.outcome) for line in lines]


def test_each_line_says_what_became_of_it(group, contact, customer):
    text = "ana@acme.example\n\nANA@acme.example\nno address\nnew@acme.example\n"

    assert read(group, text) == [
        (1, "ana@acme.example", "added"),
        (3, "ana@acme.example", "repeated"),
        (4, "no address", "invalid"),
        (5, "new@acme.example", "unknown"),
    ]
    assert read(group, "ana@acme.example\nluis@acme.example") == [
        (1, "ana@acme.example", "member"),
        (2, "luis@acme.example", "added"),
    ]
    assert customer.user.groups.get() == group.auth_group
    assert not Identity.objects.filter(value="new@acme.example").exists()


def test_unknown_addresses_become_contacts_when_asked(group, contact):
    text = "Name;E-mail\nAna;ana@acme.example\n Zoe\u202e ;ZOE@globex.example\n"

    assert read(group, text, create_contacts=True) == [
        (2, "ana@acme.example", "added"),
        (3, "zoe@globex.example", "created"),
    ]
    zoe = Contact.objects.get(identities__value="zoe@globex.example")
    assert zoe.name == "Zoe"
    assert zoe.identities.get().verified_at is None
    assert set(zoe.events.values_list("kind", flat=True)) == {
        "contact_created",
        "access_granted",
    }
    assert group.memberships.get(contact=zoe).source == "import"
    contact.refresh_from_db()
    assert contact.name == "Ana García"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_usual_kinds_of_csv_are_read(group, contact, delimiter):
    text = f'\ufeff"email"{delimiter}note\r\n"ana@acme.example"{delimiter}"a\r\nb"\r\n'

    assert read(group, text) == [(3, "ana@acme.example", "added")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("email\n", "empty"),
        ("a@acme.example\n" * 10_001, "too_many_lines"),
        ('"' + "x" * 140_000, "bad_csv"),
    ],
)
def test_what_is_no_list_is_refused(group, text, code):
    with pytest.raises(ActionError) as raised:
        read(group, text)

    assert raised.value.code == code
    assert not AccessMembership.objects.exists()


def test_a_long_list_takes_no_query_a_line(group):
    def statements(start: int, number: int, **options: object) -> int:
        text = "\n".join(f"{n}@acme.example" for n in range(start, start + number))
        with CaptureQueriesContext(connection) as captured:
            read(group, text, **options)
        return len(captured)

    # 500 lines go into a statement, fewer where SQLite takes no more values at once.
    assert statements(0, 3_000, create_contacts=True) < 200
    assert group.memberships.count() == 3_000
    assert Event.objects.filter(kind="access_granted").count() == 3_000
