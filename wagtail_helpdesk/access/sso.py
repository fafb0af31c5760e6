"""Which portal a sign-in is for, as far as the core may know of portals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.http import HttpRequest

#: Returns the key and the name of each portal.
PortalChoices = Callable[[], Iterable[tuple[UUID, str]]]
#: Returns the keys of the portals a request may be about.
PortalKeys = Callable[[HttpRequest], Iterable[UUID]]

#: Before the public id of an ``IdentityProvider``, so that no provider of allauth's own
#: has the same name.
APP_PREFIX = "hd-"

_choices: list[PortalChoices] = []
_keys: list[PortalKeys] = []


def register_portals(choices: PortalChoices, keys: PortalKeys) -> None:
    """Tell the sign-in of the portals; called by the portal app from ``ready()``.

    Args:
        choices: Called without arguments, for the admin.
        keys: Called with a request for the sign-in page.
    """
    if choices not in _choices:
        _choices.append(choices)
        _keys.append(keys)


def app_id(public_id: str) -> str:
    """How allauth, and the addresses of a sign-in, call an ``IdentityProvider``.

    Args:
        public_id: The provider's.
    """
    return f"{APP_PREFIX}{public_id}"


def portal_choices() -> list[tuple[UUID, str]]:
    """The key and the name of each portal, for a list of choices."""
    return [choice for choices in _choices for choice in choices()]


def portal_keys(request: HttpRequest) -> set[UUID]:
    """The keys of the portals that a sign-in is for.

    Args:
        request: The request for the sign-in page; its ``next`` says more.
    """
    return {key for keys in _keys for key in keys(request)}
