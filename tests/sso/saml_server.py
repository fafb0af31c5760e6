"""A company's SAML server: pysaml2 as a process of its own.

``python tests/sso/saml_server.py FOLDER`` serves on a free port, says which, and runs
until it is killed. It tells of itself at ``/metadata``; a POST of an application's
metadata to ``/sp`` makes it known. Whoever comes to ``/sso`` is Ana.
"""

import sys
from base64 import b64encode
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.conf import settings
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.authn_context import PASSWORD
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAME_FORMAT_URI, NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

from wagtail_helpdesk.access.saml_keys import new_key_pair, pem

REDIRECT, POST = BINDING_HTTP_REDIRECT, BINDING_HTTP_POST
NAME = NameID(format=NAMEID_FORMAT_PERSISTENT, text="ana-1")
PERSON = {"mail": ["ana@acme.example"], "givenName": ["Ana"], "sn": ["García"]}


class Company:
    """The application: it keeps the server, which is made anew for each application."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        private, certificate = new_key_pair("company")
        (folder / "key.pem").write_text(private)
        (folder / "certificate.pem").write_text(pem(certificate))
        self.place = ""
        self.server: Any = None

    def config(self, metadata: str = "") -> IdPConfig:
        told = {
            "entityid": f"{self.place}/metadata",
            "service": {
                "idp": {
                    "endpoints": {
                        "single_sign_on_service": [(f"{self.place}/sso", REDIRECT)],
                        "single_logout_service": [(f"{self.place}/slo", REDIRECT)],
                    },
                    "want_authn_requests_signed": True,
                    "name_id_format": [NAMEID_FORMAT_PERSISTENT],
                    "policy": {
                        "default": {
                            "lifetime": {"minutes": 5},
                            "name_form": NAME_FORMAT_URI,
                        }
                    },
                }
            },
            "key_file": str(self.folder / "key.pem"),
            "cert_file": str(self.folder / "certificate.pem"),
            "signing_algorithm": SIG_RSA_SHA256,
            "digest_algorithm": DIGEST_SHA256,
            "metadata": {"inline": [metadata]} if metadata else {},
        }
        return IdPConfig().load(told)

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        name = environ["PATH_INFO"].strip("/")
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size).decode()
        query = dict(parse_qsl(environ.get("QUERY_STRING", "")))
        status, headers, answer = getattr(self, f"on_{name}")(query, body)
        start(status, [("Content-Type", "text/html; charset=utf-8"), *headers])
        return [answer.encode()]

    def on_metadata(self, query: dict[str, str], body: str) -> Any:
        return "200 OK", [], str(entity_descriptor(self.config()))

    def on_sp(self, query: dict[str, str], body: str) -> Any:
        self.server = Server(config=self.config(body))
        return "200 OK", [], ""

    def on_sso(self, query: dict[str, str], body: str) -> Any:
        asked = self.server.parse_authn_request(
            query["SAMLRequest"],
            REDIRECT,
            relay_state=query.get("RelayState"),
            sigalg=query["SigAlg"],
            signature=query["Signature"],
        )
        wanted = self.server.response_args(asked.message, [POST])
        wanted.pop("name_id_policy", None)
        response = self.server.create_authn_response(
            identity=PERSON,
            userid="ana",
            name_id=NAME,
            authn={"class_ref": PASSWORD, "authn_auth": self.place},
            sign_assertion=True,
            sign_response=True,
            sign_alg=SIG_RSA_SHA256,
            digest_alg=DIGEST_SHA256,
            **wanted,
        )
        encoded = b64encode(str(response).encode()).decode()
        page = (
            f'<form method="post" action="{escape(wanted["destination"])}">'
            f'<input name="SAMLResponse" value="{encoded}"></form>'
        )
        return "200 OK", [], page

    def on_slo(self, query: dict[str, str], body: str) -> Any:
        asked = self.server.parse_logout_request(
            query["SAMLRequest"],
            REDIRECT,
            relay_state=query.get("RelayState"),
            sigalg=query["SigAlg"],
            signature=query["Signature"],
        )
        assert asked.message.name_id.text == NAME.text
        answer = self.server.create_logout_response(asked.message, [REDIRECT])
        binding, destination = self.server.pick_binding(
            "single_logout_service", [REDIRECT], "spsso", asked.message
        )
        told = self.server.apply_binding(
            binding,
            str(answer),
            destination,
            query.get("RelayState", ""),
            response=True,
            sign=True,
            sigalg=SIG_RSA_SHA256,
        )
        return "303 See Other", told["headers"], ""


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Nobody reads it."""


def main(folder: Path) -> None:
    settings.configure(USE_TZ=True)
    company = Company(folder)
    server = make_server("127.0.0.1", 0, company, handler_class=Quiet)
    company.place = f"http://127.0.0.1:{server.server_port}"
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
