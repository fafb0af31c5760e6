"""In which language and time zone a mail is written: its reader's, not its sender's."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import get_supported_language_variant, to_locale

import wagtail_helpdesk
from wagtail_helpdesk.models import Agent, Contact, Ticket

_CATALOGS = Path(wagtail_helpdesk.__file__).parent / "locale"


def _supported(codes: list[str]) -> str:
    """The first of these languages that the site has, or empty."""
    for code in filter(None, codes):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return ""


def contact_language(contact: Contact, ticket: Ticket | None) -> str:
    """The contact's language, else that of the page or form, else the site's.

    Args:
        contact: Who reads the mail.
        ticket: What it is about; ``None`` if it is about no ticket.
    """
    codes = [contact.language]
    if ticket is not None:
        codes += [ticket.origin_locale, ticket.language]
    return _supported(codes) or settings.LANGUAGE_CODE


def agent_language(agent: Agent) -> str:
    """The language an agent chose for the Wagtail admin, else the site's."""
    profile = getattr(agent.user, "wagtail_userprofile", None)
    chosen = profile.preferred_language if profile else ""
    return _supported([chosen]) or settings.LANGUAGE_CODE


def agent_time_zone(agent: Agent) -> str:
    """The time zone an agent chose for the Wagtail admin, or empty."""
    profile = getattr(agent.user, "wagtail_userprofile", None)
    return profile.current_time_zone if profile else ""


@contextmanager
def written_for(language: str, time_zone: str) -> Iterator[None]:
    """Everything inside is in this language and zone.

    Args:
        language: Language code.
        time_zone: IANA name; empty or unknown means the site's zone.
    """
    try:
        zone = zoneinfo.ZoneInfo(time_zone) if time_zone else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        zone = None
    default = zone or timezone.get_default_timezone()
    with translation.override(language), timezone.override(default):
        yield


def language_tag(code: str) -> str:
    """A language code as mail headers and HTML write it (BCP 47), such as ``pt-BR``."""
    return to_locale(code).replace("_", "-")


@cache
def has_packaged_texts(code: str) -> bool:
    """Whether the package's own texts exist in a language; English needs no catalog."""
    names = {to_locale(code), to_locale(code.split("-")[0])}
    if "en" in names:
        return True
    return any((_CATALOGS / name / "LC_MESSAGES/django.mo").exists() for name in names)


def text_languages(code: str) -> list[str]:
    """Languages whose own mail texts may be used, the best first.

    The site's default language comes last, and only if the package itself has no
    text in the reader's language.
    """
    codes = [code, code.split("-")[0]]
    if not has_packaged_texts(code):
        codes.append(settings.LANGUAGE_CODE)
    return list(dict.fromkeys(codes))
