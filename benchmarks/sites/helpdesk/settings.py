"""The example site's apps as in production; what differs says why."""

from __future__ import annotations

from benchmarks.sites.databases import FILES, IS_LOADING, databases
from example_site.settings.base import *  # noqa: F403
from example_site.settings.base import MIDDLEWARE, STORAGES

DEBUG = False
SECRET_KEY = "for-the-benchmark-on-this-machine-only"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
DATABASES = databases()
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Mails are written into the outbox; sending them is not what is measured.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
ROOT_URLCONF = "benchmarks.sites.helpdesk.urls"
WSGI_APPLICATION = "benchmarks.sites.helpdesk.wsgi.application"
# Counts the queries of a request that asks for it; see the module.
MIDDLEWARE = ["benchmarks.probe.QueryCount", *MIDDLEWARE]
MEDIA_ROOT = FILES / "media"
STORAGES["helpdesk_private"]["OPTIONS"]["location"] = FILES / "private"
# Wagtail's own hasher is slow on purpose; nobody signs in with a password here.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if IS_LOADING:
    # The loader indexes all pages at once when they are there.
    WAGTAILSEARCH_BACKENDS = {
        "default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}
    }

WAGTAIL_HELPDESK: dict[str, object] = {
    "BASE_TEMPLATE": "base.html",
    # As documented for a site where a worker runs.
    "SWEEP_AFTER_REQUESTS": False,
    "KICK_AFTER_COMMIT": False,
    # The driver fills in forms faster, and more often, than a person may.
    "FORM_MIN_SECONDS": 0,
    "FORM_RATE_LIMIT": "",
}
