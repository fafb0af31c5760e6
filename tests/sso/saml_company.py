"""A company's SAML server in a few lines, which also says what it must not.

It signs with python3-saml's own signer. ``Company.response`` makes a good response;
the keywords spoil it in one way each.
"""

from __future__ import annotations

import base64
import functools
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from wagtail_helpdesk.access.saml_keys import new_key_pair, pem
from wagtail_helpdesk.models import IdentityProvider

HOST = "http://testserver"
MAIL = "urn:oid:0.9.2342.19200300.100.1.3"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
NAMESPACES = (
    'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
    'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
)


@functools.cache
def keys(name: str) -> tuple[str, str]:
    """A key pair of a server, made once: private PEM, certificate as Base64."""
    return new_key_pair(name)


def saml_time(**delta: float) -> str:
    moment = datetime.now(UTC) + timedelta(**delta)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def provider(name: str, domain: str, **fields: Any) -> IdentityProvider:
    """The company's row here."""
    private, certificate = keys(f"ours for {name}")
    public_id = (name.lower() * 16)[:16]
    metadata = f"{HOST}/accounts/sso/saml/hd-{public_id}/metadata/"
    options = {
        "entity_id": f"https://idp.{domain}/",
        "slo_url": f"https://idp.{domain}/slo?tenant=1&x=2",
        "certificates": [keys(name)[1]],
        "own_entity_id": metadata,
        "own_certificate": certificate,
        **fields.pop("options", {}),
    }
    return IdentityProvider.objects.create(
        public_id=public_id,
        name=name,
        protocol="saml",
        server_url=f"https://idp.{domain}/sso?tenant=1&x=2",
        domains=[domain],
        options=options,
        secrets={"private_key": private},
        **fields,
    )


@dataclass
class Company:
    """What a company's server knows: its name, its key, and whom it sends people to."""

    row: IdentityProvider
    key: str = ""
    issuer: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = self.key or self.row.name
        self.issuer = self.issuer or self.row.options["entity_id"]

    def url(self, name: str) -> str:
        return reverse(f"helpdesk_saml_{name}", args=[f"hd-{self.row.public_id}"])

    def assertion(
        self,
        request_id: str,
        *,
        name_id: str = "ana-1",
        name_format: str = PERSISTENT,
        email: str | None = "ana@acme.example",
        attributes: str = "",
        audience: str | None = None,
        audiences: str | None = None,
        recipient: str | None = None,
        confirmation: str | None = None,
        before: str | None = None,
        after: str | None = None,
        confirmed_until: str | None = None,
        assertion_id: str | None = None,
        issuer: str | None = None,
        subject: str | None = None,
        **_others: Any,
    ) -> str:
        acs = HOST + self.url("acs") if recipient is None else recipient
        own = self.row.options["own_entity_id"] if audience is None else audience
        if audiences is None:
            audiences = (
                "<saml:AudienceRestriction><saml:Audience>"
                f"{own}</saml:Audience></saml:AudienceRestriction>"
            )
        if confirmation is None:
            confirmation = (
                f'NotOnOrAfter="{confirmed_until or saml_time(minutes=5)}" '
                f'InResponseTo="{request_id}" Recipient="{acs}"'
            )
        if subject is None:
            subject = f'<saml:NameID Format="{name_format}">{name_id}</saml:NameID>'
        mail = (
            f'<saml:Attribute Name="{MAIL}"><saml:AttributeValue>{email}'
            "</saml:AttributeValue></saml:Attribute>"
            if email is not None
            else ""
        )
        statement = (
            f"<saml:AttributeStatement>{mail}{attributes}</saml:AttributeStatement>"
            if mail or attributes
            else ""
        )
        return f"""<saml:Assertion {NAMESPACES} Version="2.0"
            ID="{assertion_id or f"_{uuid4().hex}"}" IssueInstant="{saml_time()}"
            ><saml:Issuer>{self.issuer if issuer is None else issuer}</saml:Issuer
            ><saml:Subject>{subject}<saml:SubjectConfirmation
            Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"
            ><saml:SubjectConfirmationData {confirmation}/></saml:SubjectConfirmation
            ></saml:Subject><saml:Conditions
            NotBefore="{before or saml_time(minutes=-5)}"
            NotOnOrAfter="{after or saml_time(minutes=5)}">{audiences}</saml:Conditions
            ><saml:AuthnStatement AuthnInstant="{saml_time()}" SessionIndex="s&amp;1"
            ><saml:AuthnContext><saml:AuthnContextClassRef
            >urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef
            ></saml:AuthnContext></saml:AuthnStatement>{statement}</saml:Assertion>"""

    def response(self, request_id: str, **wishes: Any) -> str:
        """A response, signed in the assertion unless ``sign`` says otherwise."""
        sign = wishes.pop("sign", "assertion")
        assertion = self.assertion(request_id, **wishes)
        if sign in {"assertion", "both"}:
            assertion = self.sign(assertion, **wishes)
        whole = self.around(assertion, request_id, **wishes)
        return self.sign(whole, **wishes) if sign in {"response", "both"} else whole

    def around(
        self,
        inside: str,
        request_id: str | None,
        *,
        destination: str | None = None,
        status: str = Constants.STATUS_SUCCESS,
        response_issuer: str | None = None,
        **_others: Any,
    ) -> str:
        asked = f'InResponseTo="{request_id}"' if request_id else ""
        there = HOST + self.url("acs") if destination is None else destination
        return f"""<samlp:Response {NAMESPACES} Version="2.0" ID="_{uuid4().hex}"
            IssueInstant="{saml_time()}" {asked} Destination="{there}"
            ><saml:Issuer>{response_issuer or self.issuer}</saml:Issuer
            ><samlp:Status><samlp:StatusCode Value="{status}"/></samlp:Status
            >{inside}</samlp:Response>"""

    def sign(
        self,
        document: str,
        *,
        key: str | None = None,
        algorithm: str = Constants.RSA_SHA256,
        digest: str = Constants.SHA256,
        **_others: Any,
    ) -> str:
        private, certificate = keys(key or self.key)
        signed = OneLogin_Saml2_Utils.add_sign(
            document,
            private,
            pem(certificate),
            sign_algorithm=algorithm,
            digest_algorithm=digest,
        )
        return signed.decode() if isinstance(signed, bytes) else signed

    def logout_request(
        self,
        *,
        name_id: str = "ana-1",
        name_format: str = PERSISTENT,
        session_index: str | None = "s&amp;1",
        destination: str | None = None,
        issued: str | None = None,
        issuer: str | None = None,
        request_id: str | None = None,
    ) -> str:
        there = HOST + self.url("sls") if destination is None else destination
        index = (
            f"<samlp:SessionIndex>{session_index}</samlp:SessionIndex>"
            if session_index
            else ""
        )
        return f"""<samlp:LogoutRequest {NAMESPACES} Version="2.0"
            ID="{request_id or f"_{uuid4().hex}"}"
            IssueInstant="{issued or saml_time()}"
            Destination="{there}"><saml:Issuer>{issuer or self.issuer}</saml:Issuer
            ><saml:NameID Format="{name_format}">{name_id}</saml:NameID
            >{index}</samlp:LogoutRequest>"""

    def query(
        self,
        document: str,
        name: str = "SAMLRequest",
        *,
        key: str | None = None,
        algorithm: str = Constants.RSA_SHA256,
        sign: bool = True,
        relay_state: str | None = None,
    ) -> str:
        """The query of a redirect that carries a document."""
        told = {name: deflated(document)}
        if relay_state is not None:
            told["RelayState"] = relay_state
        if not sign:
            return urlencode(told)
        told["SigAlg"] = algorithm
        import xmlsec

        kinds = {Constants.RSA_SHA1: xmlsec.Transform.RSA_SHA1}
        signature = OneLogin_Saml2_Utils.sign_binary(
            urlencode(told),
            keys(key or self.key)[0],
            kinds.get(algorithm, xmlsec.Transform.RSA_SHA256),
        )
        return urlencode({**told, "Signature": base64.b64encode(signature).decode()})


def deflated(document: str) -> str:
    return base64.b64encode(zlib.compress(document.encode())[2:-4]).decode()


def inflated(url: str, name: str = "SAMLRequest") -> etree._Element:
    """The document in the query of an address."""
    packed = parse_qs(urlsplit(url).query)[name][0]
    return etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))


class Browser:
    """One browser, which goes to the company and comes back."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.client = Client()

    def start(self, next_url: str = "/support/") -> str:
        """Press the button; returns the id of the request that the company gets."""
        url = f"{self.company.url('login')}?next={next_url}"
        answer = self.client.post(url)
        assert answer.status_code == 302, answer.content[:500]
        self.led_to = answer["Location"]
        return str(inflated(self.led_to).get("ID"))

    def back(self, response: str | bytes, url: str | None = None, **extra: Any) -> Any:
        """Bring a response; returns the last answer."""
        raw = response.encode() if isinstance(response, str) else response
        return self.post(base64.b64encode(raw).decode(), url, **extra)

    def post(self, encoded: str, url: str | None = None, **extra: Any) -> Any:
        answer = self.client.post(
            url or self.company.url("acs"), {"SAMLResponse": encoded, **extra}
        )
        if answer.status_code == 302 and answer["Location"].endswith("/acs/finish/"):
            answer = self.client.get(answer["Location"])
        return answer

    def sign_in(self, next_url: str = "/support/", **wishes: Any) -> Any:
        return self.back(self.company.response(self.start(next_url), **wishes))

    @property
    def user_id(self) -> str | None:
        return self.client.session.get("_auth_user_id")
