"""Attachments on S3-compatible storage: uploaded, served by our view, deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from tests.factories import ChannelFactory, CustomerFactory
from tests.portal.build import make_portal
from wagtail_helpdesk.actions import OpenTicket, Upload
from wagtail_helpdesk.models import Attachment

pytestmark = pytest.mark.django_db

BUCKET = "helpdesk-private"


@pytest.fixture(scope="module")
def object_store() -> Iterator[str]:
    """A real server on the loopback address that speaks S3."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def storage(settings: Any, object_store: str) -> Any:
    """The settings of ``docs/how-to/scale.md``, with the address of the server."""
    settings.STORAGES = {
        **settings.STORAGES,
        "helpdesk_private": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": BUCKET,
                "endpoint_url": object_store,
                "access_key": "local",
                "secret_key": "local",
                "region_name": "eu-west-1",
                "default_acl": None,
                "file_overwrite": False,
            },
        },
    }
    field = Attachment._meta.get_field("file")
    before = field.storage
    from django.core.files.storage import storages

    field.storage = storages["helpdesk_private"]
    field.storage.connection.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    yield field.storage
    field.storage.bucket.objects.all().delete()
    field.storage.bucket.delete()
    field.storage = before


def names(storage: Any) -> list[str]:
    return [found.key for found in storage.bucket.objects.all()]


def test_an_attachment_is_kept_served_and_deleted(storage: Any) -> None:
    make_portal()
    customer, stranger = CustomerFactory(), CustomerFactory()
    OpenTicket(
        channel=ChannelFactory(),
        contact=customer,
        subject="Log",
        body_text="Attached.",
        uploads=[Upload(name="log.txt", content=ContentFile(b"it blinked\n" * 9_000))],
    ).execute()
    attachment = Attachment.objects.get()
    assert names(storage) == [attachment.file.name]

    def get(user: Any) -> Any:
        client = Client()
        if user:
            client.force_login(
                user, backend="django.contrib.auth.backends.ModelBackend"
            )
        return client.get(f"/helpdesk/files/{attachment.public_id}/log.txt")

    mine = get(customer.user)
    assert mine.status_code == 200
    assert b"".join(mine) == b"it blinked\n" * 9_000
    assert mine["Cache-Control"] == "private, no-store"
    assert get(stranger.user).status_code == 404
    assert get(None).status_code == 302

    storage.delete(attachment.file.name)
    assert names(storage) == []
    assert get(customer.user).status_code == 404
