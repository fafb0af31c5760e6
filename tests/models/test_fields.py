"""Public ids tell nothing; secrets are encrypted and bound to their row."""

import pytest
from django.db import connection

from tests.factories import ChannelFactory
from wagtail_helpdesk.exceptions import CredentialsLost
from wagtail_helpdesk.models import Channel
from wagtail_helpdesk.models.fields import new_public_id

pytestmark = pytest.mark.django_db

SECRETS = {"password": "correct horse", "port": 993}


def stored(channel):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT secrets FROM wagtail_helpdesk_channel WHERE id = %s", [channel.pk]
        )
        return cursor.fetchone()[0]


def reloaded(channel):
    return Channel.objects.get(pk=channel.pk)


def test_public_ids_are_random_and_easy_to_read_out():
    ids = {new_public_id() for _time in range(500)}
    assert len(ids) == 500
    assert not set("l01o") & set("".join(ids))


def test_a_secret_is_unreadable_in_the_database():
    channel = ChannelFactory(secrets=SECRETS)
    assert "horse" not in stored(channel)
    assert reloaded(channel).secrets == SECRETS


def test_no_secrets_are_an_empty_dict():
    assert reloaded(ChannelFactory()).secrets == {}


def test_saving_again_keeps_them():
    channel = reloaded(ChannelFactory(secrets=SECRETS))
    channel.name = "Renamed"
    channel.save()
    assert reloaded(channel).secrets == SECRETS


def test_a_ciphertext_copied_to_another_row_does_not_open():
    channel, other = ChannelFactory(secrets=SECRETS), ChannelFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wagtail_helpdesk_channel SET secrets = %s WHERE id = %s",
            [stored(channel), other.pk],
        )
    with pytest.raises(CredentialsLost):
        _ = reloaded(other).secrets


def test_keys_rotate(settings):
    settings.WAGTAIL_HELPDESK = {"ENCRYPTION_KEYS": ["old key"]}
    channel = ChannelFactory(secrets=SECRETS)
    settings.WAGTAIL_HELPDESK = {"ENCRYPTION_KEYS": ["new key", "old key"]}
    assert reloaded(channel).secrets == SECRETS
    rotated = reloaded(channel)
    rotated.secrets = dict(rotated.secrets)
    rotated.save()
    settings.WAGTAIL_HELPDESK = {"ENCRYPTION_KEYS": ["new key"]}
    assert reloaded(channel).secrets == SECRETS


def test_a_lost_key_is_an_error_that_says_so(settings):
    settings.WAGTAIL_HELPDESK = {"ENCRYPTION_KEYS": ["old key"]}
    channel = ChannelFactory(secrets=SECRETS)
    settings.WAGTAIL_HELPDESK = {"ENCRYPTION_KEYS": ["another"]}
    with pytest.raises(CredentialsLost, match="ENCRYPTION_KEYS"):
        _ = reloaded(channel).secrets
