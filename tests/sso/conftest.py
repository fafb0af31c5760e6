"""A company with a sign-in of its own, and somebody who walks through it."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from wagtail_helpdesk.models import IdentityProvider

PASSWORD = "company password 1"
CLIENT_ID, CLIENT_SECRET = "helpdesk", "between-us"
ACME, GLOBEX = "acmeacmeacmeacme", "globexglobexglob"
#: Who is known to the company's server; it also knows people it must not vouch for.
PEOPLE = {
    "ana@acme.example": True,
    "luis@acme.example": False,
    "agent@acme.example": True,
    "zoe@globex.example": True,
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep these tests in one process, so that the company's server starts once."""
    folder = Path(__file__).parent
    for item in items:
        if folder in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("sso"))


@pytest.fixture(scope="session")
def company(tmp_path_factory) -> Iterator[str]:
    """The address of a running server; it lives as long as the tests."""
    folder = tmp_path_factory.mktemp("company")
    told = {
        "people": PEOPLE,
        "password": PASSWORD,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "callbacks": [
            f"http://testserver/accounts/oidc/hd-{name}/login/callback/"
            for name in (ACME, GLOBEX)
        ],
    }
    (folder / "told.json").write_text(json.dumps(told))
    script = Path(__file__).with_name("provider.py")
    process = subprocess.Popen(  # noqa: S603  (a script of ours)
        [sys.executable, str(script), str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    port = process.stdout.readline().strip()
    assert port, "the company's server did not start"
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


@pytest.fixture
def acme(db, company) -> IdentityProvider:
    return IdentityProvider.objects.create(
        public_id=ACME,
        name="Acme",
        server_url=company,
        client_id=CLIENT_ID,
        secrets={"client_secret": CLIENT_SECRET},
        domains=["acme.example"],
    )


class Walk:
    """One browser: a Django test client here, a real HTTP session at the company."""

    def __init__(self, provider: IdentityProvider) -> None:
        self.provider = provider
        self.client = Client()
        self.abroad = requests.Session()

    @property
    def start_url(self) -> str:
        name = f"hd-{self.provider.public_id}"
        return reverse("openid_connect_login", args=[name])

    def start(self, next_url: str = "/support/") -> str:
        """Press the button; returns where it leads."""
        answer = self.client.post(f"{self.start_url}?next={next_url}")
        assert answer.status_code == 302, answer.content[:500]
        return answer["Location"]

    def abroad_as(self, email: str, address: str) -> str:
        """Sign in at the company; returns the way back."""
        page = self.abroad.get(address, timeout=20)
        token = BeautifulSoup(page.text, "html.parser").find(
            "input", {"name": "csrfmiddlewaretoken"}
        )
        assert token is not None, page.text[:500]
        answer = self.abroad.post(
            page.url,
            {
                "login": email,
                "password": PASSWORD,
                "csrfmiddlewaretoken": token["value"],
            },
            timeout=20,
            allow_redirects=False,
        )
        while not answer.headers["Location"].startswith("http://testserver/"):
            onward = urljoin(page.url, answer.headers["Location"])
            answer = self.abroad.get(onward, timeout=20, allow_redirects=False)
        return answer.headers["Location"]

    def back(self, address: str):
        """Come back with what the company said."""
        parts = urlsplit(address)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        return self.client.get(parts.path, query)

    def sign_in(self, email: str, next_url: str = "/support/"):
        """The whole way; returns the last answer."""
        return self.back(self.abroad_as(email, self.start(next_url)))

    @property
    def user_id(self) -> str | None:
        """Who is signed in here."""
        return self.client.session.get("_auth_user_id")


@pytest.fixture
def walk(acme) -> Callable[..., Walk]:
    def make(provider: IdentityProvider | None = None) -> Walk:
        return Walk(provider or acme)

    return make
