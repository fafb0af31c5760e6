"""A company's server that fails while somebody is on the way back from it (B54).

What it sends is whatever it likes: nothing of it may be an error of ours (500).
"""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from django.contrib.auth.models import User

from tests.sso.conftest import ACME, CLIENT_ID, CLIENT_SECRET, Walk
from wagtail_helpdesk.headers import content_security_policy
from wagtail_helpdesk.models import IdentityProvider

pytestmark = pytest.mark.django_db

CONFIG = "/.well-known/openid-configuration"
ANA: dict[str, Any] = {"sub": "7", "email": "ana@acme.example", "email_verified": True}
JSON = "application/json"


class Server(ThreadingHTTPServer):
    """Gives each address the answer that a test chose: status, type, content.

    An answer may also be a function that takes the handler of the request.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.gone = threading.Event()
        self.config: dict[str, Any] = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
        }
        self.answers: dict[str, Any] = {}
        self.tell(CONFIG, self.config)
        self.tell("/token", {"access_token": "a", "id_token": self.id_token()})
        self.tell("/userinfo", ANA)

    def tell(self, path: str, content: Any) -> None:
        self.answers[path] = (200, JSON, json.dumps(content))

    def id_token(self, **claims: Any) -> str:
        """A token that fits, but for the claims given."""
        whole = {"iss": self.url, "aud": CLIENT_ID, "exp": 4102444800, **ANA, **claims}
        return jwt.encode(whole, "a key of nobody's, and long enough for it")


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        answer = self.server.answers.get(self.path, (404, "text/html", "<p>No"))
        if callable(answer):
            answer(self)
            return
        status, kind, content = answer
        body = content if isinstance(content, bytes) else content.encode()
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.gone.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def walk(db, server) -> Walk:
    return Walk(
        IdentityProvider.objects.create(
            public_id=ACME,
            name="Acme",
            server_url=server.url,
            client_id=CLIENT_ID,
            secrets={"client_secret": CLIENT_SECRET},
            domains=["acme.example"],
        )
    )


def come_back(person: Walk, break_server: Callable[[], Any] = lambda: None):
    """Go there while all is well, and come back when it no longer is."""
    state = person.start().partition("state=")[2].partition("&")[0]
    break_server()
    return person.client.get(
        f"{person.start_url}callback/", {"code": "the-code", "state": state}
    )


def test_a_server_that_is_well_signs_in(server, walk):
    """Else the tests below would say nothing."""
    assert come_back(walk)["Location"] == "/support/"
    assert walk.user_id


def hang(handler: Handler) -> None:
    handler.server.gone.wait(20)


def cut_off(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Content-Length", "4000")
    handler.end_headers()
    handler.wfile.write(b'{"access_token": "a')
    handler.close_connection = True


def hang_up(handler: Handler) -> None:
    handler.close_connection = True


FAILURES: dict[str, Any] = {
    "gone": (404, "text/html", "<p>Not found"),
    "error": (500, "text/html", "<h1>Oops"),
    "html": (200, "text/html", "<!doctype html><p>Sign in first"),
    "html said to be json": (200, JSON, "<!doctype html>"),
    "no type": (200, "", "{}"),
    "empty": (200, JSON, ""),
    "truncated json": (200, JSON, '{"access_token": "a'),
    "cut off": cut_off,
    "hangs up": hang_up,
    "no unicode": (200, JSON, b"\xff\xfe{\x00\xd8"),
    "list": (200, JSON, '["access_token", "token_endpoint"]'),
    "text": (200, JSON, '"access_token token_endpoint"'),
    "number": (200, JSON, "7"),
    "null": (200, JSON, "null"),
    "endless redirect": (302, "", ""),
}


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("address", [CONFIG, "/token", "/userinfo"])
def test_an_address_that_fails_on_the_way_back_is_an_error_in_words(
    server, walk, address, failure
):
    answer = come_back(
        walk, lambda: server.answers.update({address: FAILURES[failure]})
    )

    refused(walk, answer)


def refused(person: Walk, answer) -> None:
    assert answer.status_code == 401
    assert answer["Content-Security-Policy"] == content_security_policy()
    assert "Acme did not answer as expected" in answer.content.decode()
    assert person.user_id is None
    assert not User.objects.exists()


@pytest.mark.parametrize("address", [CONFIG, "/token", "/userinfo"])
def test_a_server_that_never_answers_is_not_waited_for(server, walk, address, settings):
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.2

    refused(walk, come_back(walk, lambda: server.answers.update({address: hang})))


@pytest.mark.parametrize(
    "name", ["issuer", "token_endpoint", "userinfo_endpoint", "jwks_uri"]
)
@pytest.mark.parametrize("value", ["missing", None, ["a"], "ftp://x/"])
def test_a_description_that_lost_an_address_is_an_error_in_words(
    server, walk, name, value
):
    changed = {**server.config, name: value}
    if value == "missing":
        del changed[name]

    refused(walk, come_back(walk, lambda: server.tell(CONFIG, changed)))


@pytest.mark.parametrize("value", [None, 7, {"client_secret_post": 1}])
def test_ways_to_show_the_secret_that_are_no_list_are_an_error_in_words(
    server, walk, value
):
    changed = {**server.config, "token_endpoint_auth_methods_supported": value}

    answer = come_back(walk, lambda: server.tell(CONFIG, changed))

    assert answer.status_code in {302, 401}


@pytest.mark.parametrize(
    "changes",
    [
        {"access_token": None},
        {"access_token": "ü\n"},
        {"access_token": "\u2603"},
        {"access_token": ["a"]},
        {"expires_in": "soon"},
        {"expires_in": 10**30},
        {"expires_in": [1]},
        {"id_token": 7},
        {"id_token": "a.b.c"},
        {"id_token": ["a"]},
        {"id_token": "\u2603"},
    ],
    ids=str,
)
def test_a_token_of_another_kind_is_an_error_in_words(server, walk, changes):
    token = {"access_token": "a", "id_token": server.id_token(), **changes}

    refused(walk, come_back(walk, lambda: server.tell("/token", token)))


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": 7},
        {"exp": 1},
        {"exp": "soon"},
        {"exp": None},
        {"exp": [1]},
        {"sub": "8"},
    ],
    ids=str,
)
def test_a_token_for_somebody_else_is_refused(server, walk, claims):
    """OpenID Connect Core 3.1.3.7; ``sub`` of both answers is the same (5.3.2)."""
    token = {"access_token": "a", "id_token": server.id_token(**claims)}

    refused(walk, come_back(walk, lambda: server.tell("/token", token)))


@pytest.mark.parametrize("failure", ["html", "list", "cut off"])
def test_a_server_that_fails_before_anybody_goes_there_is_an_error_in_words(
    server, walk, failure
):
    server.answers[CONFIG] = FAILURES[failure]

    answer = walk.client.post(walk.start_url)

    refused(walk, answer)


def test_a_failing_server_leaves_no_secret_in_the_log(server, walk, caplog):
    server.answers["/token"] = (500, "text/html", "the-code between-us")

    come_back(walk)

    assert "between-us" not in caplog.text
    assert "the-code" not in caplog.text


@pytest.mark.parametrize("failure", ["html", "list", "cut off"])
def test_signing_out_works_whatever_the_server_says(server, walk, failure):
    come_back(walk)
    server.answers[CONFIG] = FAILURES[failure]

    answer = walk.client.post("/accounts/logout/")

    assert answer["Location"] == "/"
    assert walk.user_id is None
