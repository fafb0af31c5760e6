"""A setting that something needs is not deleted, and the page says why."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser, Permission
from django.db import models
from django.test.utils import isolate_apps
from django.urls import reverse

from tests.factories import (
    InboxFactory,
    SupportFormFactory,
    TicketFactory,
    UserFactory,
)
from wagtail_helpdesk.admin.in_use import uses_of
from wagtail_helpdesk.models import BusinessCalendar, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket() -> Ticket:
    office = BusinessCalendar.objects.create(name="Office")
    inbox = InboxFactory(name="Front desk", calendar=office)
    form = SupportFormFactory(name="Returns", channel__inbox=inbox)
    return TicketFactory(inbox=inbox, subject="Top secret", channel=form.channel)


def setting_of(ticket: Ticket, name: str):
    inbox = ticket.inbox
    return {
        "businesscalendar": inbox.calendar,
        "channel": inbox.channels.first(),
        "inbox": inbox,
        "pipeline": ticket.pipeline,
        "stage": ticket.stage,
    }[name]


@pytest.mark.parametrize(
    ("name", "uses"),
    [
        ("businesscalendar", ["Inboxes: Front desk"]),
        ("channel", ["Support forms: Returns"]),
        ("inbox", ["Channels: ", "Tickets"]),
        ("pipeline", ["Inboxes: Front desk", "Tickets"]),
        ("stage", ["Tickets"]),
    ],
)
def test_the_page_names_what_needs_it_and_has_no_button(client, ticket, name, uses):
    """It is refused the same when the button of an older page is pressed."""
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    setting = setting_of(ticket, name)
    url = reverse(f"helpdesk_{name}:delete", args=[setting.pk])
    for response, status in ((client.get(url), 200), (client.post(url), 409)):
        assert response.status_code == status
        page = BeautifulSoup(response.content, "html.parser").main
        assert "is in use and cannot be deleted" in page.text
        listed = [" ".join(item.text.split()) for item in page.select("ul > li")]
        for use in uses:
            assert [line for line in listed if line.startswith(use)]
        assert "Top secret" not in page.text
        assert page.select_one("button.serious") is None
    setting.refresh_from_db()


def test_what_one_may_not_edit_is_not_named(client, ticket):
    user = UserFactory(is_staff=True)
    user.user_permissions.add(
        *Permission.objects.filter(
            codename__in=("access_admin", "delete_businesscalendar")
        )
    )
    client.force_login(user)
    url = reverse("helpdesk_businesscalendar:delete", args=[ticket.inbox.calendar.pk])
    content = client.get(url).content.decode()
    assert "Inboxes" in content and "Front desk" not in content


def test_what_nothing_needs_is_deleted(client):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    office = BusinessCalendar.objects.create(name="Office")
    url = reverse("helpdesk_businesscalendar:delete", args=[office.pk])
    assert "Yes, delete" in client.get(url).content.decode()
    client.post(url)
    assert not BusinessCalendar.objects.exists()


@isolate_apps("wagtail_helpdesk")
def test_models_of_a_site_that_take_one_another_along_are_read_once():
    class Hen(models.Model):  # noqa: DJ008
        egg = models.ForeignKey("Egg", on_delete=models.CASCADE)

        class Meta:
            app_label = "wagtail_helpdesk"

    class Egg(models.Model):  # noqa: DJ008
        hen = models.ForeignKey(Hen, on_delete=models.CASCADE)

        class Meta:
            app_label = "wagtail_helpdesk"

    assert uses_of(Hen(pk=1), AnonymousUser()) == []
