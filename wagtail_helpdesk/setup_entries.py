"""What other apps add to the page "Help desk settings", which must not import them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser


@dataclass(frozen=True, slots=True)
class SetupEntry:
    """A place where something is configured.

    Attributes:
        label: What it is called.
        text: What it decides.
        url: Where it is configured.
        icon: One of Wagtail's icons.
    """

    label: Any
    text: Any
    url: str
    icon: str


SetupEntries = Callable[[AbstractUser | AnonymousUser], Iterable[SetupEntry]]

_providers: list[SetupEntries] = []


def register_setup_entries(provider: SetupEntries) -> SetupEntries:
    """Add places to the page of settings.

    Args:
        provider: Called with a user; returns what they may configure.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    if provider not in _providers:
        _providers.append(provider)
    return provider


def setup_entries(user: AbstractUser | AnonymousUser) -> list[SetupEntry]:
    """What other apps let ``user`` configure, in the order of their registration."""
    return [entry for provider in _providers for entry in provider(user)]
