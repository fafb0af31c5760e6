"""A company whose own application signs its people in by tokens."""

import secrets
import time
from urllib.parse import parse_qs, urlsplit

import jwt
from django.test import Client
from django.urls import reverse

from wagtail_helpdesk.access.token_keys import TokenKey, keep_keys
from wagtail_helpdesk.models import IdentityProvider

SECRET = "acme-secret-acme-secret-acme-secret"
SIGN_IN_PAGE = "https://intranet.acme.example/help-desk?team=1"


def make_provider(name: str = "Acme", **fields) -> IdentityProvider:
    """A company with one shared secret, ``k1``."""
    short = name.lower()
    row = IdentityProvider(
        **{
            "public_id": (short * 16)[:16],
            "name": name,
            "protocol": IdentityProvider.Protocol.JWT,
            "server_url": SIGN_IN_PAGE,
            "domains": [f"{short}.example"],
            "options": {"issuer": short},
            **fields,
        }
    )
    keep_keys(row, [TokenKey(kid="k1", algorithm="HS256", secret=SECRET)])
    row.save()
    return row


class Visitor:
    """One browser, and the company's application at the other end of its way."""

    def __init__(self, provider: IdentityProvider) -> None:
        self.provider = provider
        self.client = Client()

    def url(self, name: str) -> str:
        return reverse(f"helpdesk_jwt_{name}", args=[f"hd-{self.provider.public_id}"])

    @property
    def audience(self) -> str:
        return f"http://testserver{self.url('token')}"

    def start(self, next_url: str = "/support/") -> dict[str, str]:
        """Press the button; returns what the company's page is sent."""
        answer = self.client.post(f"{self.url('login')}?next={next_url}")
        assert answer.status_code == 302, answer.content[:500]
        query = parse_qs(urlsplit(answer["Location"]).query)
        return {key: value for key, (value,) in query.items()}

    def claims(self, state: str, **changes) -> dict:
        """What the application says; a change to ``None`` leaves a claim out."""
        now = int(time.time())
        claims = {
            "iss": self.provider.options["issuer"],
            "aud": self.audience,
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_hex(16),
            "sub": "4711",
            "email": "ana@acme.example",
            "name": "Ana Díaz",
            "state": state,
            **changes,
        }
        return {key: value for key, value in claims.items() if value is not None}

    def sign(
        self, claims: dict, *, key=SECRET, algorithm: str = "HS256", **header
    ) -> str:
        return jwt.encode(
            claims, key, algorithm=algorithm, headers={"kid": "k1", **header}
        )

    def token(self, state: str | None = None, **changes) -> str:
        """A good token, but for the changes."""
        state = self.start()["state"] if state is None else state
        return self.sign(self.claims(state, **changes))

    def post(self, token, **fields):
        """Post a token as the company's page does: from another site, so bare."""
        return Client().post(self.url("token"), {"jwt": token, **fields})

    def bring(self, token, **fields):
        """Post a token; returns the last answer that the visitor gets."""
        answer = self.post(token, **fields)
        if answer.status_code != 303:
            return answer
        name = "helpdesk-jwt"
        self.client.cookies[name] = answer.cookies[name].value
        return self.client.get(answer["Location"])

    def sign_in(self, next_url: str = "/support/", **changes):
        """The whole way; returns the last answer."""
        return self.bring(self.token(self.start(next_url)["state"], **changes))

    @property
    def user_id(self) -> str | None:
        """Who is signed in here."""
        return self.client.session.get("_auth_user_id")
