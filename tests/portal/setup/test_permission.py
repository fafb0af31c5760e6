"""Portal settings need a permission of their own (B2)."""

import pytest
from django.test import RequestFactory
from django.urls import reverse
from wagtail.models import Page

from tests.factories import ChannelFactory
from tests.portal.build import make_portal
from tests.portal.test_page_form import save
from wagtail_helpdesk.models import Stage
from wagtail_helpdesk.portal.models import PortalHomePage
from wagtail_helpdesk.portal.setup import pages

pytestmark = pytest.mark.django_db


def edit(portal):
    return reverse("wagtailadmin_pages:edit", args=[portal.pk])


def test_without_it_there_is_no_tab_portal(make_user, as_user):
    portal = make_portal()
    with_it = as_user(make_user("change", "publish", settings=True))
    content = with_it.get(edit(portal)).content.decode()
    assert 'name="sharing"' in content and "tab-portal" in content
    without = as_user(make_user("change", "publish"))
    content = without.get(edit(portal)).content.decode()
    assert 'name="intro"' in content
    assert 'name="sharing"' not in content and "tab-portal" not in content
    assert "closed_stages-TOTAL_FORMS" not in content


def test_without_it_settings_that_are_sent_change_nothing_and_texts_do(
    make_user, as_user
):
    portal = make_portal(sharing="own", reopen_days=14)
    editor = as_user(make_user("change", "publish"))
    channel = ChannelFactory(type="portal")
    closed = Stage.objects.filter(category="closed").first()
    response = save(
        editor,
        portal,
        [closed],
        title="New name",
        request_singular="order",
        request_plural="orders",
        is_active="",
        sharing="organization",
        reopen_days="99",
        channel=str(channel.pk),
        entry="invitation",
        requires_groups="on",
        idle_minutes="20",
        guest_days="0",
        may_close="on",
    )
    assert response.status_code == 302
    assert (portal.title, portal.request_singular) == ("New name", "order")
    assert portal.is_active
    assert (portal.sharing, portal.reopen_days) == ("own", 14)
    assert (portal.entry, portal.requires_groups) == ("open", False)
    assert (portal.idle_minutes, portal.guest_days) == (0, 30)
    assert portal.channel != channel
    assert not portal.may_close and not portal.closed_stages.exists()


def test_who_holds_it_changes_them(make_user, as_user):
    portal = make_portal()
    editor = as_user(make_user("change", "publish", settings=True))
    assert save(editor, portal, sharing="organization").status_code == 302
    assert portal.sharing == "organization"


def test_a_portal_made_without_it_is_off(make_user, as_user, root):
    editor = as_user(make_user("add", "change", "publish"))
    url = reverse(
        "wagtailadmin_pages:add", args=["helpdesk_portal", "portalhomepage", root.pk]
    )
    assert editor.get(url).status_code == 200
    form_class = PortalHomePage.get_edit_handler().get_form_class()
    user = make_user("add")
    form = form_class(
        instance=PortalHomePage(title="By hand", slug="by-hand"),
        for_user=user,
        parent_page=root,
    )
    assert form.instance.is_active is False
    assert "is_active" not in form.fields


def test_set_up_and_switch_ask_for_it(make_user, as_user):
    portal = make_portal()
    editor = as_user(make_user("add", "change", "publish"))
    addresses = [
        reverse(pages.OVERVIEW),
        reverse(pages.NEW),
        reverse(pages.CHECKLIST, args=[portal.pk]),
        reverse(pages.STEP, args=[portal.pk, "rules"]),
        reverse(pages.SWITCH, args=[portal.pk]),
        reverse(pages.TEST, args=[portal.pk]),
    ]
    for url in addresses:
        response = editor.post(url, {"to": "off"})
        assert response.status_code in {302, 405}, url
        if response.status_code == 302:
            assert response.url == reverse("wagtailadmin_home")
    portal.refresh_from_db()
    assert portal.is_active
    content = editor.get(edit(portal)).content.decode()
    assert "Switch portal" not in content
    assert reverse(pages.OVERVIEW) not in content


def test_wagtails_form_of_a_group_offers_it_by_a_name_one_understands(client):
    content = client.get(reverse("wagtailusers_groups:add")).content.decode()
    assert "Can change portal settings" in content


def test_the_tab_is_there_without_a_user(root):
    """Wagtail asks for the form and its panels without a request too."""
    page = make_portal()
    handler = PortalHomePage.get_edit_handler()
    form = handler.get_form_class()(instance=page)
    bound = handler.get_bound_panel(
        instance=page, request=RequestFactory().get("/"), form=form
    )
    assert "sharing" in form.fields
    assert bound.children[1].children
    assert Page.objects.get(pk=page.pk).specific == page
