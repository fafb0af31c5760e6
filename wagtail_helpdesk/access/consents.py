"""What people are asked to agree to, for those parts that must not import the portal.

The portal app registers a provider from its ``ready()``; a site without that app asks
for nothing on its registration page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from wagtail_helpdesk.models import consent_version


@dataclass(frozen=True)
class ConsentNotice:
    """A text to agree to, and the box below it.

    Attributes:
        text: The rich text, as the editor stored it.
        label: The label of the box.
        language: Language code of both.
        source: Where it is asked for; ``source`` of the ``Consent``.
    """

    text: str
    label: str
    language: str
    source: str

    @property
    def wording(self) -> str:
        """What a person who ticks the box has agreed to, word for word."""
        return f"{self.text}\n{self.label}"

    @property
    def version(self) -> str:
        """The version of the wording."""
        return consent_version(self.wording)


SignUpConsentProvider = Callable[[HttpRequest, str], ConsentNotice | None]

_at_sign_up: list[SignUpConsentProvider] = []


def register_sign_up_consent(provider: SignUpConsentProvider) -> SignUpConsentProvider:
    """Tell what a visitor who registers has to agree to.

    Args:
        provider: Called with the request and the address that the visitor goes on to
            afterwards, which may be empty; ``None`` asks for nothing.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    if provider not in _at_sign_up:
        _at_sign_up.append(provider)
    return provider


def sign_up_consent(request: HttpRequest, target: str) -> ConsentNotice | None:
    """What a visitor who registers has to agree to, or ``None``.

    Args:
        request: The request of the registration page.
        target: Where the visitor goes on to afterwards; may be empty.
    """
    for provider in _at_sign_up:
        notice = provider(request, target)
        if notice is not None:
            return notice
    return None
