"""Checks of where counts and private files are kept (security.md 1.1, R9)."""

import copy

import pytest
from django.core.checks import run_checks
from django.core.files.storage import Storage

from wagtail_helpdesk.storage_checks import check_private_storage, check_shared_cache

BACKENDS = "django.core.cache.backends"


class Bucket(Storage):
    """Files elsewhere: there is no path."""


@pytest.mark.parametrize("backend", ["locmem.LocMemCache", "dummy.DummyCache"])
def test_a_cache_that_processes_do_not_share_is_named(settings, backend):
    settings.CACHES = {"default": {"BACKEND": f"{BACKENDS}.{backend}"}}

    (message,) = check_shared_cache(None)

    assert message.id == "wagtail_helpdesk.W014"
    assert backend in message.msg
    assert "Redis" in message.hint


@pytest.mark.parametrize(
    "backend", ["db.DatabaseCache", "filebased.FileBasedCache", "redis.RedisCache"]
)
def test_a_cache_that_processes_share_is_good(settings, backend):
    settings.CACHES = {
        "default": {"BACKEND": f"{BACKENDS}.{backend}", "LOCATION": "/nowhere"}
    }

    assert check_shared_cache(None) == []


def test_developers_are_not_asked_for_another_cache():
    """The settings of the tests have ``LocMemCache``."""

    def found(**kwargs):
        return {message.id for message in run_checks(tags=["security"], **kwargs)}

    assert "wagtail_helpdesk.W014" not in found()
    assert "wagtail_helpdesk.W014" in found(include_deployment_checks=True)


@pytest.fixture
def place(settings, tmp_path):
    """Say where private files lie: ``place(folder)``, or with another storage."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [tmp_path / "own", ("shop", tmp_path / "shop")]

    def say(location, backend="django.core.files.storage.FileSystemStorage"):
        storages = copy.deepcopy(settings.STORAGES)
        options = {} if location is None else {"location": location}
        storages["helpdesk_private"] = {"BACKEND": backend, "OPTIONS": options}
        settings.STORAGES = storages

    return say


@pytest.mark.parametrize(
    ("location", "setting"),
    [
        ("media", "MEDIA_ROOT"),
        ("media/private/tickets", "MEDIA_ROOT"),
        ("private/../media/x", "MEDIA_ROOT"),
        ("static/private", "STATIC_ROOT"),
        ("own/private", "STATICFILES_DIRS"),
        ("shop/private", "STATICFILES_DIRS"),
    ],
)
def test_private_files_among_public_ones_are_named(place, tmp_path, location, setting):
    place(tmp_path / location)

    (message,) = check_private_storage(None)

    assert message.id == "wagtail_helpdesk.W015"
    assert message.msg.endswith(f"which is within {setting}.")


@pytest.mark.parametrize("location", ["private", "media-private", "."])
def test_private_files_beside_public_ones_are_good(place, tmp_path, location):
    place(tmp_path / location)

    assert check_private_storage(None) == []


def test_a_link_into_the_public_files_is_followed(place, tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "private").symlink_to(tmp_path / "media")
    place(tmp_path / "private")

    assert len(check_private_storage(None)) == 1


def test_a_storage_that_forgot_its_location_is_in_the_media(place):
    """Django's default for a folder that is not named."""
    place(None)

    assert len(check_private_storage(None)) == 1


def test_folders_that_are_not_set_hold_nothing(place, settings, tmp_path):
    """An empty ``MEDIA_ROOT`` is not the folder the site was started in."""
    settings.MEDIA_ROOT = ""
    settings.STATIC_ROOT = None
    place("private")

    assert check_private_storage(None) == []


def test_files_in_a_bucket_have_no_folder(place):
    place(None, backend=f"{__name__}.Bucket")

    assert check_private_storage(None) == []


def test_the_example_site_keeps_them_apart():
    assert check_private_storage(None) == []
