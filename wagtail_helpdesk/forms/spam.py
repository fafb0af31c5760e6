"""Keeping robots out without a puzzle (WCAG 3.3.8): trap, clock and rate limit."""

from __future__ import annotations

import hashlib
import ipaddress
import time
from dataclasses import dataclass

from django.apps import apps
from django.core import signing
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.rate_limits import count_attempt, parse_rate

#: Name of the field that people do not see; robots fill it in.
HONEYPOT_FIELD = "website-address"
_SALT = "wagtail_helpdesk.forms.token"


class BadToken(Exception):
    """The token is missing, forged or of another page or form."""


@dataclass(frozen=True, slots=True)
class FormToken:
    """Proof that this server showed this form on this page, and when.

    Attributes:
        nonce: A random word, different each time a form is shown.
        age: Seconds since then.
    """

    nonce: str
    age: float

    @property
    def is_too_young(self) -> bool:
        """Whether no person could have filled the form in since."""
        return self.age < helpdesk_settings.FORM_MIN_SECONDS

    @property
    def is_expired(self) -> bool:
        """Whether the form was opened too long ago."""
        return self.age > helpdesk_settings.FORM_TOKEN_HOURS * 3600


def issue_token(*, page_id: int | None, form_key: str) -> str:
    """A signed token for a form that is being shown.

    Args:
        page_id: The page it stands on.
        form_key: The form's key.
    """
    content = {
        "page": page_id,
        "form": form_key,
        "nonce": get_random_string(16),
        "at": int(time.time() * 1000),
    }
    return signing.dumps(content, salt=_SALT)


def read_token(token: str, *, page_id: int | None, form_key: str) -> FormToken:
    """Read a token that came back.

    Args:
        token: What the form sent.
        page_id: The page it was sent to.
        form_key: The form it was sent with.

    Raises:
        BadToken: It is missing, forged, or of another page or form.
    """
    try:
        content = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise BadToken(token[:20]) from error
    if (content["page"], content["form"]) != (page_id, form_key):
        raise BadToken("of another page or form")
    return FormToken(content["nonce"], time.time() - content["at"] / 1000)


def client_token(nonce: str, content: str) -> str:
    """What makes a second click the same request, and a changed text another one.

    Somebody who goes back and writes something else must not lose it as a duplicate,
    so the token covers what was written.

    Args:
        nonce: The nonce of the form's token.
        content: All that was filled in.

    Returns:
        64 hexadecimal characters.
    """
    return hashlib.sha256(f"{nonce}\n{content}".encode()).hexdigest()


def client_address(request: HttpRequest) -> str:
    """The visitor's address, as far as the site's proxies are to be believed.

    django-allauth's settings decide (``ALLAUTH_TRUSTED_PROXY_COUNT``,
    ``ALLAUTH_TRUSTED_CLIENT_IP_HEADER``), so that there is one place for them.

    Returns:
        An IPv4 address, the /64 network of an IPv6 address (what one household has),
        or an empty text when there is none.
    """
    address = request.META.get("REMOTE_ADDR") or ""
    if apps.is_installed("allauth.account"):
        from allauth.account.adapter import get_adapter

        try:
            address = get_adapter().get_client_ip(request)
        except (ImproperlyConfigured, PermissionDenied):
            # A request that did not come through the proxies: its own address counts.
            address = request.META.get("REMOTE_ADDR") or ""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 6:
        return str(ipaddress.IPv6Network((parsed, 64), strict=False).network_address)
    return str(parsed)


def seconds_to_wait(*, form_key: str, who: str) -> int:
    """Count one more sending, and say how long to wait if it was one too many.

    Args:
        form_key: The form.
        who: The address or contact; nobody in particular is not limited.

    Returns:
        Seconds until the next sending is taken; 0: this one is.
    """
    rate = parse_rate(helpdesk_settings.FORM_RATE_LIMIT, setting="FORM_RATE_LIMIT")
    return count_attempt(rate, scope=form_key, who=who).wait
