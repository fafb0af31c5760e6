"""What holds for people whom a company's provider signed in, at each request.

And which portal a sign-in is for, as far as the core may know of portals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from wagtail.models import Site

from wagtail_helpdesk.models import (
    AccessMembership,
    Contact,
    Identity,
    IdentityProvider,
    normalise_email,
)
from wagtail_helpdesk.permissions import works_the_desk

#: Returns the key and the name of each portal.
PortalChoices = Callable[[], Iterable[tuple[UUID, str]]]
#: Returns the keys of the portals a request may be about.
PortalKeys = Callable[[HttpRequest], Iterable[UUID]]

#: Before the public id of an ``IdentityProvider``, so that no provider of allauth's own
#: has the same name.
APP_PREFIX = "hd-"

#: The session remembers through which provider its person came.
SESSION_KEY = "helpdesk_identity_provider"

#: Which app signs people in by which protocol; the site installs those that it wants.
APPS = {
    IdentityProvider.Protocol.OPENID_CONNECT: (
        "allauth.socialaccount.providers.openid_connect"
    ),
    IdentityProvider.Protocol.SAML: "wagtail_helpdesk.accounts.saml",
    IdentityProvider.Protocol.JWT: "wagtail_helpdesk.accounts.jwt",
}

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


def protocols() -> list[IdentityProvider.Protocol]:
    """The protocols by which people can sign in on this site."""
    return [protocol for protocol, app in APPS.items() if apps.is_installed(app)]


def app_id(public_id: str) -> str:
    """How allauth, and the addresses of a sign-in, call an ``IdentityProvider``.

    Args:
        public_id: The provider's.
    """
    return f"{APP_PREFIX}{public_id}"


def own_path(name: str, public_id: str) -> str:
    """The path of one of our addresses, the same in every language of the site.

    A company's server knows one address, not one for each language that the site
    speaks.

    Args:
        name: Of the URL pattern; it takes the name that allauth knows the provider by.
        public_id: The provider's.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return reverse(name, args=[app_id(public_id)])


def is_void(request: HttpRequest) -> bool:
    """Whether a provider's word no longer carries the session of a request.

    The provider was switched off, the person is in none of its groups any more, or has
    become somebody who works here and whom no provider may sign in.

    Args:
        request: A request with session and user.
    """
    public_id = request.session.get(SESSION_KEY)
    if not public_id or not request.user.is_authenticated:
        return False
    return provider_of(request) is None


def provider_of(request: HttpRequest) -> IdentityProvider | None:
    """The provider whose word carries the session of a request, as long as it counts.

    Args:
        request: A request with a user.

    Returns:
        ``None`` if its person came in another way, or the word is void.
    """
    session = getattr(request, "session", None)
    public_id = session.get(SESSION_KEY) if session is not None else None
    if not public_id or not request.user.is_authenticated:
        return None
    row = IdentityProvider.objects.active(public_id).first()
    if (
        row is None
        or works_the_desk(request.user)
        or not is_admitted(row, str(getattr(request.user, "email", "")))
    ):
        return None
    return row


def serving(portal_key: UUID) -> QuerySet[IdentityProvider]:
    """The providers that sign people in for a portal: its own, and those of all.

    Args:
        portal_key: What the portal's pages share in every language.
    """
    return IdentityProvider.objects.filter(
        Q(portal_key=None) | Q(portal_key=portal_key), is_active=True
    )


def came_through(request: HttpRequest, portal_key: UUID) -> bool:
    """Whether a provider that serves a portal signed in whoever asks.

    Args:
        request: A request with a user.
        portal_key: What the portal's pages share in every language.
    """
    row = provider_of(request)
    return row is not None and row.portal_key in {None, portal_key}


def may_bring(portal_key: UUID, contact: Contact) -> bool:
    """Whether a provider that serves a portal can sign a contact in.

    By one of their addresses; with an account, by one that it has proved.

    Args:
        portal_key: What the portal's pages share in every language.
        contact: The contact, signed in or not.
    """
    own = Identity.objects.filter(contact=contact, kind=Identity.Kind.EMAIL)
    if contact.user_id is not None:
        own = own.exclude(verified_at=None)
    addresses = list(own.values_list("value", flat=True))
    return any(
        row.vouches_for(address) and is_admitted(row, address)
        for row in serving(portal_key)
        for address in addresses
    )


def is_admitted(row: IdentityProvider, email: str) -> bool:
    """Whether a provider lets an address in, as far as its access groups go (B55).

    Args:
        row: The provider.
        email: The address.
    """
    groups = list(row.groups.all())
    if not groups:
        return True
    known = Identity.objects.filter(
        kind=Identity.Kind.EMAIL, value=normalise_email(email)
    )
    members = AccessMembership.objects.filter(group__in=groups)
    return members.filter(contact__in=known.values("contact")).exists()


def portal_choices() -> list[tuple[UUID, str]]:
    """The key and the name of each portal, for a list of choices."""
    return [choice for choices in _choices for choice in choices()]


def portal_keys(request: HttpRequest) -> set[UUID]:
    """The keys of the portals that a sign-in is for.

    Args:
        request: The request for the sign-in page; its ``next`` says more.
    """
    return {key for keys in _keys for key in keys(request)}


def absolute(path: str) -> str:
    """The address of a path of this site, to be entered at the company's server.

    Args:
        path: From the root of the site.
    """
    site = Site.objects.filter(is_default_site=True).first()
    return f"{site.root_url if site else ''}{path}"
