"""The report "Privacy differences": who sees which pages, and the button of a row."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page

from tests.access.test_mirroring import rows
from tests.factories import UserFactory
from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    HomeFactory,
    restrict_past_the_mirror,
    translate,
)

pytestmark = pytest.mark.django_db

REPORT = "wagtail_helpdesk_admin:privacy_report"


@pytest.fixture
def partners() -> Group:
    return Group.objects.create(name="Partners & friends")


@pytest.fixture
def section():
    return CategoryFactory(parent=HomeFactory(), title="Section")


@pytest.fixture
def spanish(section, partners):
    """A translation that is less private than its source."""
    article = ArticleFactory(parent=section, title="Prices")
    translated = translate(article, "es", title="Precios", draft_title="Precios")
    restrict_past_the_mirror(article, partners)
    return translated


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def publisher_of(page):
    group = Group.objects.create(name=f"Publishers of {page.pk}")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    permission = Permission.objects.get(
        content_type__app_label="wagtailcore", codename="publish_page"
    )
    GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    user = UserFactory()
    user.groups.add(group)
    return user


@pytest.fixture
def boss():
    return signed_in(UserFactory(is_superuser=True))


def test_a_row_says_what_is_private_why_and_what_is_to_be_done(boss, spanish):
    page = boss.get(reverse(REPORT)).content.decode()
    assert "Precios" in page
    assert "A translation is private." in page
    assert "Everyone" in page
    assert "Groups: Partners &amp; friends" in page


def test_the_button_puts_the_page_right_and_the_row_is_gone(boss, spanish):
    address = reverse("wagtail_helpdesk_admin:privacy_align", args=[spanish.pk])
    page = boss.post(address, follow=True).content.decode()
    assert rows(spanish) == ["groups Partners & friends"]
    assert "is now as private as its counterparts" in page
    assert "Every page is as private as its settings say" in page


def test_publishers_see_their_own_pages_and_change_no_others(spanish, section):
    theirs = signed_in(publisher_of(spanish.get_parent()))
    foreign = signed_in(publisher_of(section))
    address = reverse("wagtail_helpdesk_admin:privacy_align", args=[spanish.pk])
    assert "Precios" in theirs.get(reverse(REPORT)).content.decode()
    assert "Precios" not in foreign.get(reverse(REPORT)).content.decode()
    assert foreign.post(address).status_code == 404
    assert rows(spanish) == []
    assert theirs.post(address).status_code == 302
    assert rows(spanish) == ["groups Partners & friends"]


def test_the_root_of_the_tree_has_no_privacy_to_set(boss):
    root = Page.objects.get(depth=1)
    address = reverse("wagtail_helpdesk_admin:privacy_align", args=[root.pk])
    assert boss.post(address)["Location"] == reverse("wagtailadmin_home")
    assert rows(root) == []


def test_the_report_is_in_the_menu_of_those_who_may_see_it(boss, section):
    link = reverse(REPORT)
    home = reverse("wagtailadmin_home")
    assert link in boss.get(home).content.decode()
    assert link in signed_in(publisher_of(section)).get(home).content.decode()
    editor = UserFactory()
    editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    assert link not in signed_in(editor).get(home).content.decode()


def test_a_long_report_has_pages(boss, section, partners):
    for number in range(26):
        article = ArticleFactory(parent=section, title=f"Article {number}")
        article.create_alias(parent=section, update_slug=f"alias-{number}")
        restrict_past_the_mirror(article, partners)
    first = boss.get(reverse(REPORT))
    assert first.content.decode().count("Put right") == 25
    following = boss.get(reverse(REPORT) + first.context["page"].next_url)
    assert following.content.decode().count("Put right") == 1
