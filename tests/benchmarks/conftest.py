"""The benchmark loads PostgreSQL or SQLite (``DB=``): its loading is tested there."""

from django.conf import settings

_ENGINE = settings.DATABASES["default"]["ENGINE"]
collect_ignore = ["test_helpdesk_load.py"] if _ENGINE.endswith("mysql") else []
