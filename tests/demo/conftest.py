"""The demo, loaded once for all tests of a module and taken back afterwards."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from wagtail.models import Site


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """Each test starts from the demo as it was loaded."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            call_command("load_demo", verbosity=0)
            yield
            transaction.set_rollback(True)
        Site.clear_site_root_paths_cache()
