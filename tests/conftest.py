"""What holds for every test: the database, the order of the tests, a clean cache."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connections
from django.test import TestCase
from django.utils import translation
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key

from tests.kept_rows import KeptRows
from tests.reference_index import unrecorded

TESTS = Path(__file__).parent
E2E_FOLDER = TESTS / "e2e"
#: What is about pages, times, texts and numbers of queries, whatever the database.
ONE_DATABASE = {
    TESTS / "accounts" / "test_enumeration.py",
    TESTS / "accounts" / "test_guessing.py",
    TESTS / "demo" / "test_load_demo.py",
    TESTS / "frontend",
    TESTS / "knowledge_base" / "test_query_counts.py",
    TESTS / "speed" / "test_bytes.py",
}
DATABASE_FIXTURES = {"db", "django_db_setup", "transactional_db", "live_server"}

HOW_TO_REACH = {
    "postgresql": "PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE",
    "mysql": "MYSQL_HOST, MYSQL_PORT, MYSQL_USER, MYSQL_PASSWORD and MYSQL_DATABASE",
}


def in_ci() -> bool:
    """Whether a missing browser or database has to fail the run."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


def pytest_sessionstart(session: pytest.Session) -> None:
    """Stop at once, with one line, when the database server does not answer."""
    connection = connections["default"]
    if connection.vendor == "sqlite" or session.config.option.collectonly:
        return
    try:
        with session.config.stash[blocking_manager_key].unblock():
            connection.ensure_connection()
    except DatabaseError as error:
        place = connection.settings_dict
        pytest.exit(
            f"{connection.display_name} does not answer at "
            f"{place['HOST']}:{place['PORT']} ({str(error).strip()}). Start it, or "
            f"name another one in {HOW_TO_REACH[connection.vendor]}.",
            returncode=1,
        )
    finally:
        connection.close()


class _MarkByNeeds:
    """Runs before ``-m`` chooses among the marks."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mark what drives a browser, says nothing of the database, or commits to it.

        A test that commits ends by emptying every table. Wagtail's root page, site and
        locale come from migrations, so each such test puts back what they made.
        """
        for item in items:
            drives_a_browser = E2E_FOLDER in item.path.parents
            if drives_a_browser:
                item.add_marker(pytest.mark.e2e)
            marker = item.get_closest_marker("django_db")
            kept = dict(marker.kwargs) if marker else {}
            fixtures = set(getattr(item, "fixturenames", ()))
            is_case = item.cls is not None and issubclass(item.cls, TestCase)
            needs_one = marker or is_case or fixtures & DATABASE_FIXTURES
            if not needs_one or ONE_DATABASE & {item.path, *item.path.parents}:
                item.add_marker(pytest.mark.one_database)
            if (
                drives_a_browser
                or kept.get("transaction")
                or fixtures & {"transactional_db", "live_server"}
            ):
                kept.update(transaction=True, serialized_rollback=True)
                item.add_marker(pytest.mark.django_db(**kept), append=False)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_MarkByNeeds())


def pytest_collection_finish() -> None:
    """Look for garbage less often: a fifth of the time went into it.

    Django, Wagtail and the tests are a million objects that live to the end, and each
    search for cycles walks through all of them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in an order that works.

    Playwright keeps an event loop in the thread it runs in, which asynchronous tests
    would trip over, so browser tests come last. The wheel test takes longest, so it is
    the first to be handed to a worker.
    """
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    if item.get_closest_marker("packaging"):
        return 0
    if item.get_closest_marker("e2e"):
        return 3
    database = item.get_closest_marker("django_db")
    return 2 if database and database.kwargs.get("transaction") else 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Iterator[None]:
    """What fixtures make stays out of Wagtail's index of references."""
    with unrecorded():
        return (yield)


def pytest_unconfigure() -> None:
    """Remove the files that this process has uploaded."""
    if settings.configured and hasattr(settings, "TEST_FILES_DIR"):
        shutil.rmtree(settings.TEST_FILES_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, django_db_keepdb: bool
) -> Iterator[None]:
    """Keep what the migrations made, to be put back for each test that commits.

    For every connection, not for this one only: Playwright runs its tests in a context
    of their own, where Django opens another one.
    """
    connection = connections["default"]
    made = getattr(connection, "_test_serialized_contents", None)
    if made is None:
        yield
        return
    with django_db_blocker.unblock():
        kept = KeptRows(connection)
    type(connection)._test_serialized_contents = made
    type(connection.creation).deserialize_db_from_string = lambda creation, _: (
        kept.put_back(creation.connection)
    )
    yield
    if django_db_keepdb:
        with django_db_blocker.unblock():
            kept.put_back(connection)


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: LiveServer) -> LiveServer:
    """The live server, started when its database is there.

    Asked for earlier, pytest-django would see the name ``:memory:`` of the settings and
    have every thread share one connection, which SQLite answers with a crash.
    """
    return live_server


@pytest.fixture(autouse=True)
def _default_language() -> None:
    """A request in another language leaves it active in the thread it ran in."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No test sees the rate limits or the cached site roots of the one before it."""
    cache.clear()
