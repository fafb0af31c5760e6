"""The kinds of single sign-on: what the adapter has to know of a protocol."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, ClassVar

from django.http import HttpRequest
from django.utils.module_loading import import_string

from wagtail_helpdesk.access.sso import protocols
from wagtail_helpdesk.models import IdentityProvider

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialApp
    from allauth.socialaccount.providers.base import Provider


class Kind:
    """One protocol by which companies sign their people in."""

    #: allauth's name for it.
    provider_id: ClassVar[str]
    #: What signs in; made from allauth's class for the protocol.
    provider_class: ClassVar[type[Provider]]

    def app(self, row: IdentityProvider) -> SocialApp:
        """What allauth has to know of a provider, not saved.

        Args:
            row: The provider.

        Returns:
            With ``provider``, ``provider_id`` (``access.sso.app_id``), ``name`` and the
            protocol's own settings.

        Raises:
            CredentialsLost: Its secrets cannot be read any more.
        """
        raise NotImplementedError

    def provider(self, request: HttpRequest, app: SocialApp) -> Provider:
        """What signs in.

        Args:
            request: The request.
            app: What ``app`` made.
        """
        return self.provider_class(request, app=app)

    def sign_out_url(self, request: HttpRequest, app: SocialApp, back: str) -> str:
        """Where the person is signed out of the company's own server.

        Args:
            request: The request that signs out; its session is still there.
            app: What ``app`` made.
            back: The absolute address to come back to.

        Returns:
            An absolute address, or an empty text if the protocol, or the server, has
            none or does not answer: the person is then signed out here alone.
        """
        return ""


#: Dotted paths, since each needs packages that a site may do without.
_KINDS = {
    IdentityProvider.Protocol.OPENID_CONNECT: (
        "wagtail_helpdesk.accounts.openid_connect.OpenIDConnect"
    ),
    IdentityProvider.Protocol.SAML: "wagtail_helpdesk.accounts.saml.kind.SAML",
    IdentityProvider.Protocol.JWT: "wagtail_helpdesk.accounts.jwt.kind.SignedToken",
}


@functools.cache
def _kind(path: str) -> Kind:
    found: Kind = import_string(path)()
    return found


def kinds() -> dict[str, Kind]:
    """The kinds this site has installed, by the protocol of ``IdentityProvider``."""
    return {
        str(protocol): _kind(_KINDS[protocol])
        for protocol in protocols()
        if protocol in _KINDS
    }


def kind_of(row: IdentityProvider) -> Kind | None:
    """The kind of a provider, or ``None`` if the site has it no more.

    Args:
        row: The provider.
    """
    return kinds().get(row.protocol)
