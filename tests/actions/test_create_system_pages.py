"""A portal gets the system pages it lacks (B56)."""

import pytest
from django.test import Client
from wagtail.models import GroupPagePermission, Locale, Site

from tests.factories import UserFactory
from tests.knowledge_base.factories import site_root
from tests.permissions.world import _editors
from tests.portal.build import make_portal
from wagtail_helpdesk.actions import CreateSystemPages
from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.models.system_page_kinds import SystemPageKind as Kind
from wagtail_helpdesk.portal.models import SystemPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal():
    return make_portal()


@pytest.fixture
def spanish(portal):
    es, _made = Locale.objects.get_or_create(language_code="es")
    site_root().copy_for_translation(es).save_revision().publish()
    copy = portal.copy_for_translation(es)
    copy.save_revision().publish()
    Site.clear_site_root_paths_cache()
    return type(portal).objects.get(pk=copy.pk)


def create(portal, **kwargs):
    return CreateSystemPages(parent=portal, page_type=SystemPage, **kwargs).execute()


def test_every_purpose_gets_its_published_page_in_every_language(portal, spanish):
    made = create(portal)
    assert len(made) == 2 * len(Kind)
    assert all(page.live for page in made)
    for place, locale in ((portal, "en"), (spanish, "es")):
        pages = SystemPage.objects.child_of(place)
        assert {page.kind for page in pages} == set(Kind)
        assert {page.locale.language_code for page in pages} == {locale}
    first = SystemPage.objects.child_of(portal).get(kind=Kind.SIGN_IN)
    assert first.title == "Sign in"
    there = first.get_translation(spanish.locale)
    assert there.get_parent().pk == spanish.pk
    assert there.kind == Kind.SIGN_IN


def test_a_second_time_nothing_is_made_and_what_editors_wrote_stays(portal, spanish):
    own = SystemPage(title="Welcome", slug="register", kind=Kind.SIGN_IN)
    portal.add_child(instance=own)
    create(portal)
    assert create(portal) == []
    pages = SystemPage.objects.child_of(portal)
    assert pages.get(kind=Kind.SIGN_IN).title == "Welcome"
    assert pages.get(kind=Kind.REGISTER).slug == "register-2"
    spanish_page = SystemPage.objects.child_of(spanish).get(kind=Kind.SIGN_IN)
    assert spanish_page.translation_key == own.translation_key


def test_visitors_find_them_at_once(portal):
    create(portal)
    asked = Client().get("/support/")
    assert asked["Location"] == "/support/sign-in/?next=/support/"
    assert Client().get(asked["Location"]).status_code == 200


def test_who_may_not_publish_below_the_portal_makes_nothing(portal):
    stranger = UserFactory()
    with pytest.raises(ActionPermissionError):
        create(portal, user=stranger)
    assert not SystemPage.objects.exists()


def test_a_language_that_an_editor_may_not_publish_in_is_left_out(portal, spanish):
    editor = UserFactory()
    editor.groups.add(_editors(portal))
    GroupPagePermission.objects.exclude(page=portal).delete()
    create(portal, user=editor)
    assert SystemPage.objects.child_of(portal).count() == len(Kind)
    assert not SystemPage.objects.child_of(spanish).exists()


def test_the_page_menu_offers_it_and_says_how_many_were_made(portal):
    client = Client()
    boss = UserFactory(is_superuser=True)
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    url = f"/admin/helpdesk/portals/{portal.pk}/system-pages/"
    assert url in client.get(f"/admin/pages/{portal.pk}/edit/").content.decode()
    assert url not in client.get(f"/admin/pages/{site_root().pk}/").content.decode()
    asked = client.get(url).content.decode()
    assert "Forgotten password" in asked
    assert not SystemPage.objects.exists()
    done = client.post(url, follow=True).content.decode()
    assert f"{len(Kind)} system pages made." in done
    again = client.post(url, follow=True).content.decode()
    assert "No system page is missing." in again


@pytest.mark.parametrize("key", ["root", "missing"])
def test_a_page_that_is_no_portal_is_not_found(portal, key):
    client = Client()
    boss = UserFactory(is_superuser=True)
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    pk = {"root": site_root().pk, "missing": 999_999}[key]
    assert client.get(f"/admin/helpdesk/portals/{pk}/system-pages/").status_code == 404
