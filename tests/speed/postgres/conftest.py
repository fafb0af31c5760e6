from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.speed.postgres.desk import BigDesk, make_big_desk


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process seeds for all tests here."""
    for item in items:
        if "desk" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("big-desk"))


@pytest.fixture(scope="package")
def desk(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[BigDesk]:
    """Seeded once; what a test writes into it is rolled back."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            yield make_big_desk()
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
