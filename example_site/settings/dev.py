"""The demo: SQLite, mails written to a folder, everything under example_site/var/."""

import os

from .base import *  # noqa: F403
from .base import VAR_DIR

DEBUG = True
SECRET_KEY = "for-the-demo-on-this-machine-only"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
# Absolute links lead back to the port the demo is served on.
WAGTAILADMIN_BASE_URL = (
    f"http://127.0.0.1:{os.environ.get('HELPDESK_DEMO_PORT', '8000')}"
)
# Passkeys over plain HTTP, for who opens the demo as http://localhost:8000.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
