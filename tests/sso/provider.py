"""A company's sign-in: allauth's own OpenID Connect provider, as a process of its own.

``python tests/sso/provider.py FOLDER`` reads ``told.json`` in the folder, serves on a
free port, says which, and runs until it is killed. Nothing here may be imported: the
provider's models belong to another project than the tests.
"""

import json
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import include, path


def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


#: Filled when the settings are there.
urlpatterns: list[Any] = []


def set_up(folder: Path) -> None:
    settings.configure(
        SECRET_KEY="company",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": folder / "company.sqlite3",
            }
        },
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        ACCOUNT_LOGIN_METHODS={"email"},
        ACCOUNT_SIGNUP_FIELDS=["email*", "password1*"],
        ACCOUNT_EMAIL_VERIFICATION="none",
        ACCOUNT_RATE_LIMITS=False,
        IDP_OIDC_PRIVATE_KEY=private_key(),
    )
    django.setup()
    urlpatterns.append(path("", include("allauth.idp.urls")))
    urlpatterns.append(path("accounts/", include("allauth.urls")))
    call_command("migrate", verbosity=0)


def fill(told: dict[str, Any]) -> None:
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User

    for email, confirmed in told["people"].items():
        user = User.objects.create_user(
            email, email, told["password"], first_name="Somebody"
        )
        EmailAddress.objects.create(
            user=user, email=email, verified=confirmed, primary=True
        )
    client = Client(
        id=told["client_id"],
        name="Help desk",
        scopes="openid\nprofile\nemail",
        skip_consent=True,
    )
    client.set_secret(told["client_secret"])
    client.set_redirect_uris(told["callbacks"])
    client.set_post_logout_redirect_uris(["http://testserver/"])
    client.save()


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Nobody reads it."""


def main(folder: Path) -> None:
    set_up(folder)
    fill(json.loads((folder / "told.json").read_text()))
    server = make_server(
        "127.0.0.1", 0, get_wsgi_application(), Server, handler_class=Quiet
    )
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
