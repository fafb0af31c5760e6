"""The example site as the test suite runs it.

``HELPDESK_TEST_DB`` chooses the database: ``sqlite`` (default), ``postgres`` or
``mariadb``.
"""

import os
import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import INSTALLED_APPS, STORAGES

DEBUG = False
# Without WAGTAILFRONTENDCACHE it purges nothing; tests that need a cache name one.
INSTALLED_APPS = [*INSTALLED_APPS, "wagtail.contrib.frontend_cache"]
SECRET_KEY = "for-tests"  # noqa: S105
ALLOWED_HOSTS = ["*"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# One folder for each process; tests/conftest.py removes it.
TEST_FILES_DIR = Path(tempfile.gettempdir(), f"wagtail-helpdesk-tests-{os.getpid()}")
MEDIA_ROOT = TEST_FILES_DIR / "media"
STORAGES["helpdesk_private"]["OPTIONS"]["location"] = TEST_FILES_DIR / "private"
TIME_ZONE = "Europe/Madrid"
# The live server speaks HTTP; browsers allow passkeys on localhost alone then.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

_engine = os.environ.get("HELPDESK_TEST_DB", "sqlite")
# Two runs at the same time on one server need two names. On SQLite a name is that of a
# file which ``--reuse-db`` finds again; without one, each process has its own.
_name = os.environ.get("HELPDESK_TEST_DB_NAME", "")
_test_database = _name or "test_wagtail_helpdesk"
_test_file = _name or f"wagtail-helpdesk-{os.getpid()}"
if _engine == "postgres":
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ.get("PGDATABASE", "postgres"),
            "USER": os.environ.get("PGUSER", "postgres"),
            "PASSWORD": os.environ.get("PGPASSWORD", ""),
            "HOST": os.environ.get("PGHOST", "127.0.0.1"),
            "PORT": os.environ.get("PGPORT", "5432"),
            # No JIT, as docs/how-to/databases.md advises; and no wait for the disk,
            # since nothing here has to outlive the server.
            "OPTIONS": {"options": "-c jit=off -c synchronous_commit=off"},
            "TEST": {"NAME": _test_database},
        }
    }
elif _engine == "mariadb":
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.mysql",
            "NAME": os.environ.get("MYSQL_DATABASE", "test"),
            "USER": os.environ.get("MYSQL_USER", "root"),
            "PASSWORD": os.environ.get("MYSQL_PASSWORD", ""),
            "HOST": os.environ.get("MYSQL_HOST", "127.0.0.1"),
            "PORT": os.environ.get("MYSQL_PORT", "3306"),
            "OPTIONS": {"charset": "utf8mb4"},
            "TEST": {
                "NAME": _test_database,
                "CHARSET": "utf8mb4",
            },
        }
    }
elif _engine != "sqlite":
    raise ValueError(f"HELPDESK_TEST_DB={_engine!r}: use sqlite, postgres or mariadb")
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": ":memory:",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
            },
            # A file, not memory: the threads of the live server and of the tests on
            # parallel writers each need a connection of their own.
            "TEST": {
                "NAME": Path(tempfile.gettempdir(), f"{_test_file}.sqlite3"),
            },
        }
    }
# Tests that count queries count the page's own; the sweep has tests of its own.
WAGTAIL_HELPDESK = {"SWEEP_AFTER_REQUESTS": False}
