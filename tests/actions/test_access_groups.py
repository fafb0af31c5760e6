"""Who is in an access group, and what their account may open from then on."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    AccessGroupFactory,
    ContactFactory,
    CustomerFactory,
    OrganizationFactory,
    UserFactory,
)
from tests.knowledge_base.factories import CategoryFactory, HomeFactory, restrict
from wagtail_helpdesk import actions
from wagtail_helpdesk.access.rules import RuleError
from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import (
    AccessGroup,
    AccessMembership,
    Contact,
    Event,
    Identity,
)

pytestmark = pytest.mark.django_db

AT_ACME = {"field": "email_domain", "in": ["acme.example"]}


@pytest.fixture
def partners() -> AccessGroup:
    return actions.ChangeAccessGroup(name="Partners").execute()


@pytest.fixture
def at_acme() -> AccessGroup:
    return actions.ChangeAccessGroup(
        name="At Acme", kind="dynamic", rule=AT_ACME
    ).execute()


@pytest.fixture
def page(partners):
    """A page that only partners may open."""
    category = CategoryFactory(parent=HomeFactory(), title="For partners")
    restrict(category, partners.auth_group)
    return category


def add(group: AccessGroup, *contacts: Contact, source: str = "manual") -> int:
    return actions.AddAccessMembers(
        group=group, contacts=contacts, source=source
    ).execute()


def remove(group: AccessGroup, *contacts: Contact) -> int:
    return actions.RemoveAccessMembers(group=group, contacts=contacts).execute()


def names(user: object) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


def sources(group: AccessGroup, contact: Contact) -> set[str]:
    rows = AccessMembership.objects.filter(group=group, contact=contact)
    return set(rows.values_list("source", flat=True))


def kinds() -> list[str]:
    return list(
        Event.objects.filter(kind__startswith="access_")
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def test_a_member_opens_the_page_and_is_refused_as_soon_as_they_are_removed(
    partners, page, customer, agent
):
    assert not Visibility(customer.user).can_view(page)

    assert add(partners, customer) == 1
    assert Visibility(customer.user).can_view(page)
    assert add(partners, customer) == 0

    assert remove(partners, customer) == 1
    assert not Visibility(customer.user).can_view(page)
    assert remove(partners, customer) == 0
    assert kinds() == ["access_group_changed", "access_granted", "access_withdrawn"]
    assert Event.objects.filter(kind="access_granted").get().contact == customer


def test_a_contact_without_an_account_is_a_member_and_gets_in_when_they_claim_it(
    partners, page
):
    contact = ContactFactory(email="ana@acme.example", email__unverified=True)
    add(partners, contact)
    user = UserFactory()
    assert names(user) == set()

    actions.ClaimContact(user=user, email="ana@acme.example").execute()

    assert names(user) == {"Partners"}
    assert Visibility(user).can_view(page)


def test_a_claimed_contact_brings_its_groups_to_the_one_it_becomes(partners, customer):
    other = AccessGroupFactory(name="Other")
    late = ContactFactory(email="second@acme.example", email__unverified=True)
    add(partners, late, customer)
    add(other, late)

    actions.ClaimContact(user=customer.user, email="second@acme.example").execute()

    assert names(customer.user) == {"Partners", "Other"}
    assert not Contact.objects.filter(pk=late.pk).exists()


def test_who_gives_up_the_last_verified_address_opens_nothing_private(
    partners, customer
):
    add(partners, customer)

    actions.ReleaseAddress(user=customer.user, email="luis@acme.example").execute()

    assert names(customer.user) == set()
    assert sources(partners, customer) == {"manual"}


def test_who_loses_an_address_to_another_account_loses_what_it_opened(
    partners, at_acme, customer
):
    add(partners, customer)
    stranger = UserFactory()

    actions.ClaimContact(user=stranger, email="luis@acme.example").execute()

    assert names(customer.user) == set()
    assert names(stranger) == {"At Acme"}


@pytest.mark.parametrize("state", ["blocked", "erased"])
def test_a_blocked_or_erased_contact_gets_nothing(partners, customer, state):
    if state == "blocked":
        customer.is_blocked = True
    else:
        customer.erased_at = customer.created_at
    customer.save()

    add(partners, customer)

    assert names(customer.user) == set()


def test_the_account_of_a_deleted_contact_is_in_no_access_group(partners, customer):
    add(partners, customer)
    user = customer.user
    user.groups.add(Group.objects.create(name="Writers"))

    customer.delete()

    assert names(user) == {"Writers"}


def test_other_groups_of_an_account_are_left_alone(partners, customer):
    customer.user.groups.add(Group.objects.create(name="Writers"))
    add(partners, customer)
    remove(partners, customer)

    assert names(customer.user) == {"Writers"}


# The Django group


def test_the_django_group_has_the_name_that_editors_look_for(partners):
    Group.objects.create(name="Writers")

    assert partners.auth_group.name == "Partners"
    taken = actions.ChangeAccessGroup(name="writers").execute()
    assert taken.auth_group.name == "writers (access group)"
    renamed = actions.ChangeAccessGroup(group=partners, name="Resellers").execute()
    assert renamed.auth_group == partners.auth_group
    assert Group.objects.get(pk=partners.auth_group_id).name == "Resellers"


def test_a_name_is_given_once(partners):
    for name, code in (("PARTNERS", "taken_name"), (" \u202e ", "empty")):
        with pytest.raises(ActionError) as raised:
            actions.ChangeAccessGroup(name=name).execute()
        assert raised.value.code == code
        assert raised.value.field == "name"
    assert (
        AccessGroup.objects.count()
        == Group.objects.filter(helpdesk_access_group__isnull=False).count()
    )


def test_saving_what_is_there_already_records_nothing(partners):
    actions.ChangeAccessGroup(group=partners, name="Partners").execute()

    assert kinds() == ["access_group_changed"]


def test_a_group_that_opens_pages_is_not_deleted_and_the_pages_are_named(
    partners, page, customer
):
    add(partners, customer)
    with pytest.raises(ActionError, match="For partners"):
        actions.DeleteAccessGroup(group=partners).execute()
    assert names(customer.user) == {"Partners"}

    page.view_restrictions.all().delete()
    actions.DeleteAccessGroup(group=partners).execute()

    assert not AccessGroup.objects.exists()
    assert not Group.objects.filter(name="Partners").exists()
    assert kinds()[-2:] == ["access_withdrawn", "access_group_deleted"]


# Rules


def test_a_new_rule_decides_at_once_who_is_a_member(customer, contact):
    zoe = CustomerFactory(email="zoe@globex.example")
    group = actions.ChangeAccessGroup(
        name="Staff of Acme", kind="dynamic", rule=AT_ACME
    ).execute()
    assert names(customer.user) == {"Staff of Acme"}
    assert sources(group, contact) == {"rule"}

    rule = {"field": "email_domain", "in": ["globex.example"]}
    actions.ChangeAccessGroup(group=group, name=group.name, rule=rule).execute()

    assert names(customer.user) == set()
    assert names(zoe.user) == {"Staff of Acme"}


def test_a_wrong_rule_changes_nothing(at_acme, customer):
    with pytest.raises(RuleError):
        actions.ChangeAccessGroup(
            group=at_acme, name="New name", rule={"field": "is_superuser"}
        ).execute()

    at_acme.refresh_from_db()
    assert (at_acme.name, at_acme.rule) == ("At Acme", AT_ACME)


def test_a_dynamic_group_wants_a_rule():
    with pytest.raises(RuleError):
        actions.ChangeAccessGroup(name="All", kind="dynamic").execute()
    assert not Group.objects.filter(name="All").exists()


def test_a_confirmed_address_of_the_domain_makes_a_member(at_acme):
    user = UserFactory()

    contact = actions.ResolveContact(email="new@acme.example").execute()
    assert sources(at_acme, contact) == set()
    actions.ClaimContact(user=user, email="new@acme.example").execute()
    assert names(user) == {"At Acme"}

    actions.ReleaseAddress(user=user, email="new@acme.example").execute()
    assert sources(at_acme, contact) == set()
    assert names(user) == set()


def test_the_organization_that_a_domain_brings_makes_a_member():
    acme = OrganizationFactory(domains=["acme.example"])
    rule = {"field": "organization", "in": [acme.public_id]}
    actions.ChangeAccessGroup(name="Acme", kind="dynamic", rule=rule).execute()
    user = UserFactory()

    actions.ClaimContact(user=user, email="new@acme.example").execute()

    assert names(user) == {"Acme"}


def test_a_new_contact_is_a_member_where_its_language_says_so():
    rule = {"field": "language", "in": ["es"]}
    group = actions.ChangeAccessGroup(name="es", kind="dynamic", rule=rule).execute()

    for language, expected in (("es", {"rule"}), ("it", set())):
        contact = actions.ResolveContact(
            email=f"{language}@acme.example", language=language
        ).execute()
        assert sources(group, contact) == expected


def test_who_was_added_by_hand_stays_when_the_rule_no_longer_matches(at_acme, customer):
    actions.RecomputeAccessGroup(group=at_acme).execute()
    add(at_acme, customer)
    assert sources(at_acme, customer) == {"rule", "manual"}

    Identity.objects.update(value="luis@globex.example")
    result = actions.RecomputeAccessGroup(group=at_acme).execute()

    assert (result.added, result.removed) == (0, 1)
    assert sources(at_acme, customer) == {"manual"}
    assert names(customer.user) == {"At Acme"}


def test_who_matches_the_rule_stays_when_they_are_removed_by_hand(at_acme, customer):
    actions.RecomputeAccessGroup(group=at_acme).execute()
    add(at_acme, customer)

    assert remove(at_acme, customer) == 1
    assert names(customer.user) == {"At Acme"}


def test_nobody_is_made_a_member_by_rule_by_hand(partners, customer):
    with pytest.raises(ActionError):
        add(partners, customer, source="rule")
    with pytest.raises(ActionError):
        actions.RecomputeAccessGroup(group=partners).execute()


def test_a_stored_rule_that_cannot_be_read_lets_nobody_in(at_acme):
    AccessGroup.objects.update(rule={"field": "gone", "in": ["x"]})
    user = UserFactory()

    actions.ClaimContact(user=user, email="new@acme.example").execute()

    assert names(user) == set()


def crowd(number: int, start: int = 0) -> None:
    """People of Acme with accounts, who proved their addresses."""
    users = [UserFactory.build(password="!") for _n in range(number)]
    users = type(users[0]).objects.bulk_create(users)
    contacts = Contact.objects.bulk_create(Contact(user=user) for user in users)
    Identity.objects.bulk_create(
        Identity(
            contact=contact,
            kind="email",
            value=f"{start + n}@acme.example",
            verified_at=contact.created_at,
        )
        for n, contact in enumerate(contacts)
    )


def test_a_rule_is_applied_to_many_in_few_statements(at_acme):
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            actions.RecomputeAccessGroup(group=at_acme).execute()
        return len(captured)

    crowd(10)
    few = statements()
    crowd(400, start=10)
    # SQLite takes so many values in a statement that 400 rows need a few.
    assert statements() < few + 10
    assert at_acme.auth_group.user_set.count() == 410
