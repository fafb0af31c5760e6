"""The test settings for a worker in a process of its own, on the test's database."""

import os

from example_site.settings.test import *  # noqa: F403
from example_site.settings.test import DATABASES

DATABASES["default"]["NAME"] = os.environ["WORKER_DATABASE"]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["WORKER_MAIL_PORT"])
EMAIL_TIMEOUT = 30
