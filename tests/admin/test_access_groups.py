"""The screens of access groups, as staff with the permission use them."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.admin.conftest import signed_in, url
from tests.factories import (
    AccessGroupFactory,
    ContactFactory,
    CustomerFactory,
    OrganizationFactory,
    UserFactory,
)
from tests.knowledge_base.factories import CategoryFactory, HomeFactory, restrict
from wagtail_helpdesk import actions
from wagtail_helpdesk.models import AccessGroup, AccessMembership, Contact, Identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db) -> Client:
    """Somebody of the staff, no agent, who may change access groups."""
    user = UserFactory()
    for codename in ("access_admin", "change_accessgroup"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    return signed_in(user)


@pytest.fixture
def group() -> AccessGroup:
    return actions.ChangeAccessGroup(name="Partners").execute()


@pytest.fixture
def luis() -> Contact:
    return CustomerFactory(name="Luis", email="luis@acme.example")


def rows(*listed: tuple[str, str, str]) -> dict[str, str]:
    """What a browser posts of the rows of a rule."""
    data = {"rule-TOTAL_FORMS": str(len(listed)), "rule-INITIAL_FORMS": "0"}
    for number, (field, negated, values) in enumerate(listed):
        data |= {
            f"rule-{number}-field": field,
            f"rule-{number}-negated": negated,
            f"rule-{number}-values": values,
        }
    return data


def form(name: str, *listed: tuple[str, str, str], **data: str) -> dict[str, str]:
    return {"name": name, "kind": "dynamic", "match": "and", **rows(*listed), **data}


def test_the_list_is_in_the_menu_of_those_who_may(staff, browser, group):
    listed = staff.get(url("access_groups"))
    assert b"Partners" in listed.content
    assert url("access_groups").encode() in staff.get("/admin/").content

    assert url("access_groups").encode() not in browser.get(url("inbox")).content
    refused = browser.get(url("access_groups"))
    assert (refused.status_code, refused["Location"]) == (302, "/admin/")


def test_a_member_is_added_by_address_and_removed(staff, group, luis):
    here = url("access_group", group.public_id)

    assert staff.post(here, {"email": "LUIS@acme.example"}).status_code == 302
    assert luis.user.groups.get() == group.auth_group
    page = staff.get(here).content.decode()
    assert "luis@acme.example" in page
    assert "Added by hand" in page

    away = url("access_group_remove", group.public_id, luis.public_id)
    assert staff.get(away).status_code == 405
    assert staff.post(away).status_code == 302
    assert not luis.user.groups.exists()
    assert staff.post(away).status_code == 404


def test_an_unknown_address_is_a_contact_only_when_asked(staff, group):
    here = url("access_group", group.public_id)

    refused = staff.post(here, {"email": "new@acme.example"})
    assert refused.status_code == 400
    assert "No contact has this address" in refused.content.decode()
    assert not Contact.objects.exists()

    staff.post(here, {"email": "new@acme.example", "create": "on"})
    assert group.memberships.get().contact.email == "new@acme.example"
    assert staff.post(here, {"email": "\x00", "create": "on"}).status_code == 400


def test_members_are_found_by_name_and_by_address(staff, group, luis):
    ana = ContactFactory(name="Ana", email="ana@globex.example")
    actions.AddAccessMembers(group=group, contacts=[luis, ana]).execute()
    here = url("access_group", group.public_id)

    for text, shown, hidden in (("LUI", "Luis", "Ana"), ("globex", "Ana", "Luis")):
        page = staff.get(here, {"q": text}).context["page"]
        assert [one.name for one in page] == [shown], hidden
    assert b"No member matches" in staff.get(here, {"q": "\x00zzz"}).content


def test_the_group_names_the_pages_it_opens_and_is_not_deleted_while_it_does(
    staff, group
):
    category = CategoryFactory(parent=HomeFactory(), title="Price lists")
    restrict(category, group.auth_group)
    assert b"Price lists" in staff.get(url("access_group", group.public_id)).content
    gone = url("access_group_delete", group.public_id)

    assert staff.get(gone).status_code == 200
    refused = staff.post(gone)
    assert refused.status_code == 409
    assert b"Price lists" in refused.content

    category.view_restrictions.all().delete()
    assert staff.post(gone).status_code == 302
    assert not AccessGroup.objects.exists()


def test_a_rule_is_previewed_and_only_then_saved(staff, luis):
    data = form("At Acme", ("email_domain", "", "acme.example\n"), ("", "", ""))

    seen = staff.post(url("access_group_add"), {**data, "preview": "1"})
    assert seen.status_code == 200
    assert "This rule matches 1 contact." in seen.content.decode()
    assert "luis@acme.example" in seen.content.decode()
    assert not AccessGroup.objects.exists()

    assert staff.post(url("access_group_add"), data).status_code == 302
    group = AccessGroup.objects.get()
    assert group.rule == {"and": [{"field": "email_domain", "in": ["acme.example"]}]}
    assert luis.user.groups.get() == group.auth_group


def test_a_saved_rule_comes_back_in_its_rows(staff, luis):
    OrganizationFactory(name="Acme, Inc.")
    listed = (
        ("organization", "not", "ACME, inc."),
        ("language", "", "es\npt-br"),
        ("email_domain", "", "gmail.com"),
    )
    data = form("Some", *listed, match="or", allow_public="on")
    assert staff.post(url("access_group_add"), data).status_code == 302
    group = AccessGroup.objects.get()

    shown = staff.get(url("access_group_edit", group.public_id)).context
    initial = [row.initial for row in shown["rows"].initial_forms]
    assert [row["values"] for row in initial] == [
        "Acme, Inc.",
        "es\npt-br",
        "gmail.com",
    ]
    assert [row["negated"] for row in initial] == ["not", "", ""]
    assert shown["form"]["match"].value() == "or"
    assert shown["form"]["allow_public"].value() is True
    again = staff.post(url("access_group_edit", group.public_id), data)
    assert again.status_code == 302
    assert AccessGroup.objects.get().rule == group.rule


WRONG = {
    "nothing": (),
    "no domain": (("email_domain", "", "acme"),),
    "a domain for everybody": (("email_domain", "", "gmail.com"),),
    "no organization": (("organization", "", "Nobody Ltd"),),
    "no field": (("", "", "acme.example"),),
    "no values": (("language", "not", " \n"),),
    "no such field": (("user", "", "1"),),
    "too many": (("language", "", "es"),) * 51,
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_rule_is_shown_again_with_what_is_wrong(staff, name):
    answer = staff.post(url("access_group_add"), form("Wrong", *WRONG[name]))

    assert answer.status_code == 400
    assert b"hdw-field__error" in answer.content
    assert not AccessGroup.objects.exists()


def test_two_organizations_of_one_name_are_told_apart_by_their_ids(staff):
    one, _other = OrganizationFactory(name="Acme"), OrganizationFactory(name="Acme")
    row = ("organization", "", "Acme")
    answer = staff.post(url("access_group_add"), form("Acme", row)).content.decode()
    assert one.public_id in answer

    row = ("organization", "", one.public_id)
    staff.post(url("access_group_add"), form("Acme", row))
    group = AccessGroup.objects.get()
    assert group.rule["and"][0]["in"] == [one.public_id]
    shown = staff.get(url("access_group_edit", group.public_id)).content.decode()
    assert one.public_id in shown


def test_a_nested_rule_is_shown_and_kept_when_the_name_changes(staff):
    rule = {
        "or": [
            {"and": [{"field": "language", "in": ["es"]}]},
            {"field": "language", "in": ["it"]},
        ]
    }
    group = actions.ChangeAccessGroup(name="Two", kind="dynamic", rule=rule).execute()
    here = url("access_group_edit", group.public_id)
    assert "&quot;or&quot;" in staff.get(here).content.decode()

    assert staff.post(here, form("Three")).status_code == 302
    group.refresh_from_db()
    assert (group.name, group.rule) == ("Three", rule)


def test_a_taken_name_is_said_at_the_name(staff, group):
    data = {"name": "partners", "kind": "static", **rows()}
    answer = staff.post(url("access_group_add"), data)

    assert answer.status_code == 400
    assert answer.context["form"].errors["name"]


def test_who_the_rule_matches_has_no_button_and_stays(staff, luis):
    rule = {"field": "email_domain", "in": ["acme.example"]}
    group = actions.ChangeAccessGroup(name="Acme", kind="dynamic", rule=rule).execute()
    away = url("access_group_remove", group.public_id, luis.public_id)
    here = url("access_group", group.public_id)
    assert away.encode() not in staff.get(here).content

    assert b"stays a member" in staff.post(away, follow=True).content
    Identity.objects.update(value="luis@globex.example")
    staff.post(url("access_group_recompute", group.public_id))
    assert not luis.user.groups.exists()


def test_the_rule_of_a_group_without_one_is_not_applied(staff, group):
    address = url("access_group_recompute", group.public_id)
    assert b"has no rule" in staff.post(address, follow=True).content


def csv_file(content: bytes) -> dict[str, object]:
    return {"file": SimpleUploadedFile("list.csv", content)}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_imported_and_each_line_answered(staff, group, luis, encoding):
    here = url("access_group_import", group.public_id)
    assert staff.get(here).status_code == 200
    text = "email,name\nluis@acme.example,Muñoz\nnew@acme.example,Zoë\nwrong,x\n"
    data = {**csv_file(text.encode(encoding)), "create": "on"}

    page = staff.post(here, data)

    assert page.status_code == 200
    assert [(line.number, line.outcome) for line in page.context["lines"]] == [
        (4, "invalid"),
        (2, "added"),
        (3, "created"),
    ]
    assert b"new@acme.example" in page.content
    assert Contact.objects.filter(name="Zoë").exists()
    assert luis.user.groups.get() == group.auth_group


@pytest.mark.parametrize(
    "content",
    [b"", b"email\n", b"\xff\xfe\x00", b"a" * 4_000_001, b'"' + b"x" * 140_000],
)
def test_a_file_that_is_no_list_is_refused(staff, group, content):
    answer = staff.post(url("access_group_import", group.public_id), csv_file(content))

    assert answer.status_code == 400
    assert answer.context["form"].errors["file"]


def many_members(group: AccessGroup, number: int) -> None:
    contacts = Contact.objects.bulk_create(Contact(name="Ann") for _n in range(number))
    start = Identity.objects.count()
    Identity.objects.bulk_create(
        Identity(contact=one, kind="email", value=f"{start + n}@many.example")
        for n, one in enumerate(contacts)
    )
    AccessMembership.objects.bulk_create(
        AccessMembership(group=group, contact=one, source="manual") for one in contacts
    )


@pytest.mark.parametrize("name", ["access_groups", "access_group"])
def test_a_page_costs_the_same_for_10_and_1000_members(staff, group, name):
    AccessGroupFactory.create_batch(3)
    address = url(name, *([group.public_id] if name == "access_group" else []))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(address).status_code == 200
        return len(captured)

    many_members(group, 10)
    queries()
    few = queries()
    many_members(group, 1000)
    assert queries() == few
    assert b"1,000+" in staff.get(address).content
