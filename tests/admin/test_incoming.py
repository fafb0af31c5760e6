"""Mail without a place: who sees it, why it is there, another try."""

import pytest
from django.urls import reverse

from tests.factories import AgentFactory, ChannelFactory, InboxFactory
from tests.mails import raw_mail
from wagtail_helpdesk import intake
from wagtail_helpdesk.models import Identity, Receipt, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def amy():
    return AgentFactory()


@pytest.fixture
def channel(amy):
    return ChannelFactory(type="email", inbox=InboxFactory(agents=[amy]))


@pytest.fixture
def staff(client, amy, django_user_model):
    from django.contrib.auth.models import Permission

    amy.user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(amy.user)
    return client


@pytest.fixture
def failed(channel):
    receipt = intake.store(channel, b"Subject: Who <am> I?\n\nHello")
    intake.take_in(budget_seconds=60)
    receipt.refresh_from_db()
    return receipt


def url(name, *args):
    return reverse(f"wagtail_helpdesk_admin:{name}", args=args)


def test_agents_read_what_failed_and_why(staff, failed):
    page = staff.get(url("incoming")).content.decode()
    assert "Who &lt;am&gt; I?" in page
    assert "It does not say who sent it." in page


def test_agents_download_the_mail_as_it_came(staff, failed):
    response = staff.get(url("incoming_raw", failed.pk))
    assert response.content == b"Subject: Who <am> I?\n\nHello"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_another_try_says_what_came_of_it(staff, failed):
    response = staff.post(url("incoming_retry", failed.pk), follow=True)
    assert "It does not say who sent it." in response.content.decode()


def test_another_try_succeeds_when_the_reason_is_gone(staff, channel):
    intake.store(channel, raw_mail())
    intake.take_in(budget_seconds=60)
    contact = Identity.objects.get().contact
    contact.is_blocked = True
    contact.save()
    receipt = intake.store(channel, raw_mail("Again", message_id="<2@x>"))
    intake.take_in(budget_seconds=60)
    assert Receipt.objects.get(pk=receipt.pk).state == "ignored"
    contact.is_blocked = False
    contact.save()
    staff.post(url("incoming_retry", receipt.pk))
    assert Ticket.objects.count() == 2


def test_who_has_looked_at_it_dismisses_it(staff, failed, amy):
    staff.post(url("incoming_retry", failed.pk), {"do": "dismiss"})
    failed.refresh_from_db()
    assert failed.state == "ignored" and amy.full_name in failed.error
    assert failed.raw()


def test_what_had_its_effect_is_not_shown_or_tried(staff, channel):
    receipt = intake.store(channel, raw_mail())
    intake.take_in(budget_seconds=60)
    assert "The lamp flickers" not in staff.get(url("incoming")).content.decode()
    assert staff.get(url("incoming_raw", receipt.pk)).status_code == 404
    staff.post(url("incoming_retry", receipt.pk))
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("name", ["incoming_raw", "incoming_retry"])
def test_another_inboxs_mail_does_not_exist(staff, failed, name):
    failed.channel = ChannelFactory(type="email")
    failed.channel.save()
    failed.save()
    method = staff.get if name == "incoming_raw" else staff.post
    assert method(url(name, failed.pk)).status_code == 404
    assert "Who" not in staff.get(url("incoming")).content.decode().split("<main")[-1]


def test_the_list_costs_the_same_for_one_and_for_many(
    staff, failed, channel, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    staff.get(url("incoming"))
    with CaptureQueriesContext(connection) as one:
        staff.get(url("incoming"))
    for number in range(20):
        intake.store(channel, f"Subject: {number}\n\n".encode())
    intake.take_in(budget_seconds=60)
    with CaptureQueriesContext(connection) as many:
        staff.get(url("incoming"))
    assert len(many) == len(one)


def test_addresses_of_a_channel_are_kept_and_checked(admin_client, channel):
    edit = reverse("helpdesk_channel:edit", args=[channel.pk])
    form = {
        "name": "Mail",
        "inbox": channel.inbox.pk,
        "type": "email",
        "is_enabled": "on",
        "default_priority": 2,
    }
    admin_client.post(edit, {**form, "addresses": "In@desk.example\n\nb@desk.example"})
    channel.refresh_from_db()
    assert channel.config["addresses"] == ["in@desk.example", "b@desk.example"]
    page = admin_client.get(edit).content.decode()
    assert "in@desk.example\nb@desk.example" in page
    response = admin_client.post(edit, {**form, "addresses": "no address"})
    assert response.status_code == 200
