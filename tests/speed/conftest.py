"""What keeps pages fast, without a clock: statements, plans, counts, bytes.

The folder ``postgres`` asks PostgreSQL for plans, so it is collected only when the
suite runs there (``HELPDESK_TEST_DB=postgres``, ``make test-postgres``).
"""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.permissions.conftest import world  # noqa: F401  (a fixture)
from tests.speed.statements import Recorder, recorded

_ENGINE = settings.DATABASES["default"]["ENGINE"]
collect_ignore = [] if _ENGINE.endswith("postgresql") else ["postgres"]


@pytest.fixture
def statements(db: None) -> Recorder:
    """``with statements() as sent:`` records what a block sends to the database."""
    return recorded
