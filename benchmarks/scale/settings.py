"""The example site on PostgreSQL with what a large site turns on, by environment."""

import os
from typing import Any

from example_site.settings.base import *  # noqa: F403
from example_site.settings.base import INSTALLED_APPS, STORAGES, WAGTAIL_HELPDESK

DEBUG = False
SECRET_KEY = "for-trying-things-out"  # noqa: S105
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ.get("SCALE_MAIL_PORT", "25"))
EMAIL_TIMEOUT = 30


def _database(port: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("SCALE_DB", "scale"),
        "USER": os.environ.get("PGUSER", "postgres"),
        "PASSWORD": os.environ.get("PGPASSWORD", ""),
        "HOST": os.environ.get("PGHOST", "127.0.0.1"),
        "PORT": port,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {"connect_timeout": 2},
    }


DATABASES = {"default": _database(os.environ.get("PGPORT", "5432"))}
WAGTAIL_HELPDESK = {**WAGTAIL_HELPDESK, "SWEEP_AFTER_REQUESTS": False}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

if replica := os.environ.get("SCALE_REPLICA_PORT"):
    DATABASES["replica"] = _database(replica)
    DATABASE_ROUTERS = ["wagtail_helpdesk.replicas.ReplicaRouter"]
    WAGTAIL_HELPDESK["REPLICAS"] = ["replica"]
    MIDDLEWARE = [
        "wagtail_helpdesk.replicas.ReplicaMiddleware",
        *MIDDLEWARE,  # noqa: F405
    ]
if redis := os.environ.get("SCALE_REDIS"):
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis,
        }
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cache"
if tasks := os.environ.get("SCALE_TASKS"):
    backend = {
        "db": "django_tasks_db.DatabaseBackend",
        "rq": "django_tasks_rq.RQBackend",
    }[tasks]
    TASKS = {"default": {"BACKEND": backend, "QUEUES": ["default"]}}
    INSTALLED_APPS = [
        *INSTALLED_APPS,
        *(["django_tasks_db"] if tasks == "db" else ["django_rq", "django_tasks_rq"]),
    ]
    RQ_QUEUES = {
        "default": {"URL": os.environ.get("SCALE_REDIS", "redis://127.0.0.1:6379/0")}
    }
if bucket := os.environ.get("SCALE_S3"):
    STORAGES["helpdesk_private"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": "helpdesk-private",
            "endpoint_url": bucket,
            "access_key": "local",
            "secret_key": "local",
            "region_name": "eu-west-1",
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": False,
        },
    }
