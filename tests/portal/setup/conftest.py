import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import GroupPagePermission, Site

from tests.factories import UserFactory
from wagtail_helpdesk.portal.settings_permission import settings_permissions


@pytest.fixture
def root(db):
    return Site.objects.get(is_default_site=True).root_page


@pytest.fixture
def make_user(root):
    """Somebody in the admin with these permissions on all pages of the site."""

    def make(*page_permissions, settings=False, below=None, others=()):
        user = UserFactory(is_staff=True, first_name="Ed", last_name="Itor")
        group = Group.objects.create(name=f"Group of {user}")
        user.groups.add(group)
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        if settings:
            group.permissions.add(*settings_permissions())
        group.permissions.add(
            *Permission.objects.filter(
                content_type__app_label="wagtail_helpdesk", codename__in=others
            )
        )
        for name in page_permissions:
            GroupPagePermission.objects.create(
                group=group,
                page=below or root,
                permission=Permission.objects.get(
                    content_type__app_label="wagtailcore", codename=f"{name}_page"
                ),
            )
        return user

    return make


@pytest.fixture
def as_user():
    """A browser in which a user is signed in."""

    def start(user):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return start


@pytest.fixture
def admin(db):
    return UserFactory(is_superuser=True, is_staff=True, first_name="Ada")


@pytest.fixture
def client(admin, as_user):
    return as_user(admin)
