"""The Django group of an access group opens pages and can do nothing else."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    GroupSitePermission,
    Page,
    Site,
)

from tests.admin.conftest import signed_in
from tests.factories import AccessGroupFactory, UserFactory
from wagtail_helpdesk.access.guards import AccessGroupGuarded
from wagtail_helpdesk.models import AccessGroup

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> AccessGroup:
    return AccessGroupFactory(name="Partners")


@pytest.fixture
def permission() -> Permission:
    return Permission.objects.get(
        content_type__app_label="wagtailadmin", codename="access_admin"
    )


def test_no_permission_is_given_from_either_side(group, permission):
    with pytest.raises(AccessGroupGuarded, match="Partners"), transaction.atomic():
        group.auth_group.permissions.add(permission)
    with pytest.raises(AccessGroupGuarded, match="Partners"), transaction.atomic():
        permission.group_set.add(group.auth_group)
    Group.objects.create(name="Writers").permissions.add(permission)

    assert not group.auth_group.permissions.exists()


@pytest.mark.parametrize("kind", ["page", "collection", "site"])
def test_no_permission_on_a_part_of_the_site_is_given(group, permission, kind):
    given = {
        "page": lambda: GroupPagePermission(page=Page.objects.first()),
        "collection": lambda: GroupCollectionPermission(
            collection=Collection.objects.first()
        ),
        "site": lambda: GroupSitePermission(site=Site.objects.first()),
    }[kind]()
    given.group, given.permission = group.auth_group, permission

    with pytest.raises(AccessGroupGuarded, match="no permission"):
        given.save()


def test_it_approves_nothing_in_a_workflow(group):
    task = GroupApprovalTask.objects.create(name="Moderate")
    with pytest.raises(AccessGroupGuarded):
        task.groups.add(group.auth_group)


def test_it_is_not_deleted_past_the_access_group(group):
    with pytest.raises(AccessGroupGuarded), transaction.atomic():
        group.auth_group.delete()
    with pytest.raises(AccessGroupGuarded), transaction.atomic():
        Group.objects.filter(name="Partners").delete()

    assert AccessGroup.objects.filter(auth_group__name="Partners").exists()


def test_wagtails_form_refuses_as_it_refuses_anything_and_changes_nothing(
    group, permission
):
    browser = signed_in(UserFactory(is_superuser=True))
    pk = group.auth_group.pk
    formsets = {
        f"{prefix}-{name}": "0"
        for prefix in (
            "page_permissions",
            "document_permissions",
            "image_permissions",
            "collection_permissions",
            "site_permissions",
        )
        for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")
    }
    data = {"name": "Partners", "permissions": [permission.pk], **formsets}

    response = browser.post(f"/admin/groups/edit/{pk}/", data)
    assert response.status_code == 302
    assert response["Location"] == "/admin/"
    assert browser.post(f"/admin/groups/delete/{pk}/").status_code == 302
    assert not group.auth_group.permissions.exists()
    assert AccessGroup.objects.get() == group


def test_the_check_finds_what_got_past_the_guards(group, permission):
    call_command("check", databases=["default"])
    Group.permissions.through.objects.create(
        group=group.auth_group, permission=permission
    )

    with pytest.raises(SystemCheckError, match=r"Partners.*holds permissions"):
        call_command("check", databases=["default"])


@pytest.mark.parametrize("kind", ["page", "task"])
def test_the_check_finds_permissions_on_pages_and_tasks(group, permission, kind):
    if kind == "page":
        GroupPagePermission.objects.bulk_create(
            [
                GroupPagePermission(
                    group=group.auth_group,
                    page=Page.objects.first(),
                    permission=permission,
                )
            ]
        )
    else:
        task = GroupApprovalTask.objects.create(name="Moderate")
        GroupApprovalTask.groups.through.objects.create(
            groupapprovaltask=task, group=group.auth_group
        )

    with pytest.raises(SystemCheckError, match="E002"):
        call_command("check", databases=["default"])


def test_the_refusal_is_a_missing_permission_to_django():
    assert issubclass(AccessGroupGuarded, PermissionDenied)
