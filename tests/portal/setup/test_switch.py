"""A portal is switched on and off by a button, and nothing else with it (B10, B11)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry

from tests.portal.build import make_portal
from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.portal.models import PortalHomePage
from wagtail_helpdesk.portal.setup import pages
from wagtail_helpdesk.portal.setup.changes import SwitchPortal

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(db):
    return make_portal()


@pytest.fixture
def switch(client, portal):
    def post(to, page=portal, browser=client):
        url = reverse(pages.SWITCH, args=[page.pk])
        response = browser.post(url, {"to": to}, follow=True)
        page.refresh_from_db()
        return response

    return post


def newest(page):
    return PortalHomePage.objects.get(pk=page.pk).get_latest_revision_as_object()


def history(page):
    return [entry.action for entry in registry.get_logs_for_instance(page)]


def test_it_asks_first(client, portal):
    content = client.get(reverse(pages.SWITCH, args=[portal.pk])).content.decode()
    assert "Customers will read that the portal is not open" in content
    portal.refresh_from_db()
    assert portal.is_active


def test_off_and_on_again(client, switch, portal):
    assert "is off" in switch("off").content.decode()
    assert not portal.is_active and portal.live
    assert client.get(portal.url).status_code == 404
    assert "is on" in switch("on").content.decode()
    assert portal.is_active


def test_the_drafts_of_editors_are_not_published_and_keep_the_switch(switch, portal):
    portal.title, portal.sharing = "Half written", "organization"
    portal.save_revision()
    portal.refresh_from_db()
    switch("off")
    assert (portal.is_active, portal.title) == (False, "Customer portal")
    assert portal.sharing == "own"
    draft = newest(portal)
    assert (draft.title, draft.sharing) == ("Half written", "organization")
    assert not draft.is_active
    assert portal.has_unpublished_changes
    # Published later, the draft does not switch the portal on again.
    draft.latest_revision.publish()
    portal.refresh_from_db()
    assert (portal.title, portal.is_active) == ("Half written", False)


def test_what_is_scheduled_stays_scheduled_with_the_switch(switch, portal):
    portal.save_revision().publish()
    portal = PortalHomePage.objects.get()
    later = timezone.now() + timedelta(days=2)
    portal.title, portal.go_live_at = "Next week", later
    portal.save_revision().publish()
    portal.refresh_from_db()
    assert portal.title == "Customer portal"
    switch("off", portal)
    assert (portal.is_active, portal.title) == (False, "Customer portal")
    scheduled = portal.scheduled_revision
    assert scheduled.approved_go_live_at == later
    assert scheduled.as_object().title == "Next week"
    assert not scheduled.as_object().is_active


def test_nothing_waits_where_nothing_waited(switch, portal):
    switch("off")
    assert not portal.has_unpublished_changes


def test_the_history_of_the_page_says_who_did_it(switch, portal, client, admin):
    for _click in range(2):
        switch("off")
    assert history(portal).count("wagtail_helpdesk.portal_off") == 1
    url = reverse("wagtailadmin_pages:history", args=[portal.pk])
    content = client.get(url).content.decode()
    assert "Switched the portal off" in content and "Ada" in content


@pytest.mark.parametrize("to", ["", "perhaps", "\x00"])
def test_without_a_direction_it_asks_again(switch, portal, to):
    assert "Customers will read" in switch(to).content.decode()
    assert portal.is_active


def test_a_draft_has_no_switch(client, root):
    page = PortalHomePage(title="Draft", slug="draft", live=False, is_active=False)
    root.add_child(instance=page)
    assert client.get(reverse(pages.SWITCH, args=[page.pk])).status_code == 404


def test_a_draft_that_has_a_date_waits_for_it(client, root):
    page = PortalHomePage(title="Draft", slug="draft", live=False, is_active=False)
    root.add_child(instance=page)
    page.go_live_at = timezone.now() + timedelta(days=2)
    page.save_revision()
    url = reverse(pages.STEP, args=[page.pk, "finish"])
    content = client.post(url, follow=True).content.decode()
    assert "goes live at the time" in content
    page.refresh_from_db()
    assert not page.live and page.scheduled_revision.as_object().is_active


def test_who_may_not_publish_may_not_switch(make_user, as_user, portal):
    user = make_user("change", settings=True)
    editor = as_user(user)
    url = reverse(pages.SWITCH, args=[portal.pk])
    assert editor.get(url).status_code == editor.post(url, {"to": "off"}).status_code
    with pytest.raises(ActionPermissionError):
        SwitchPortal(page=portal, user=user, on=False).execute()
    checklist = editor.get(reverse(pages.CHECKLIST, args=[portal.pk]))
    assert "Switch portal off" not in checklist.content.decode()
    finish = reverse(pages.STEP, args=[portal.pk, "finish"])
    assert editor.post(finish).status_code == 404
    portal.refresh_from_db()
    assert portal.is_active


def test_a_page_that_no_longer_fits_says_why_it_cannot_be_switched(
    switch, portal, settings
):
    columns = [
        {"type": "column", "value": "created"},
        {"type": "column", "value": "owner"},
    ]
    portal.list_columns = columns
    portal.save()
    settings.WAGTAIL_HELPDESK = {
        **getattr(settings, "WAGTAIL_HELPDESK", {}),
        "PORTAL_MAX_COLUMNS": 1,
    }
    assert "1 at most" in switch("off").content.decode()
    assert portal.is_active
