"""Sign-in through a company's own provider, as an adapter for allauth.

Set ``SOCIALACCOUNT_ADAPTER`` to the path of ``HelpdeskSocialAccountAdapter`` here, or
put the mixin first among the bases of your adapter. Providers that a project sets up by
allauth's own settings or rows are left as allauth treats them.

The rules are those of security.md 0.8: what a provider says of an address counts in the
provider's domains alone, and it lets in neither agents nor who works in an admin.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.account.signals import user_logged_in
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.dispatch import receiver
from django.http import HttpRequest

from wagtail_helpdesk.access.sso import APP_PREFIX, SESSION_KEY, portal_keys
from wagtail_helpdesk.accounts.kinds import Kind, kind_of, kinds
from wagtail_helpdesk.accounts.sso_refusals import refusal
from wagtail_helpdesk.accounts.sso_rules import free_unproven, has_proven, why_not
from wagtail_helpdesk.exceptions import CredentialsLost
from wagtail_helpdesk.models import IdentityProvider

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin

logger = logging.getLogger(__name__)


class HelpdeskSocialAccountAdapterMixin:
    """What the help desk needs of an adapter for sign-in through others."""

    def list_apps(
        self, request: HttpRequest, provider: Any = None, client_id: Any = None
    ) -> list[SocialApp]:
        """allauth's own, and one for each ``IdentityProvider`` that is on.

        Args:
            request: Its ``next`` says which portal the sign-in page is for.
            provider: Only this one, whatever the portal: the way back from it has no
                ``next``.
            client_id: Only those with this client ID.
        """
        if "\x00" in f"{provider}{client_id}":
            return []  # PostgreSQL takes no NUL in a text.
        apps: list[SocialApp] = super().list_apps(  # type: ignore[misc]
            request, provider=provider, client_id=client_id
        )
        if str(provider).startswith(APP_PREFIX):
            found = _own_apps(str(provider).removeprefix(APP_PREFIX))
        elif provider is None or provider in _provider_ids():
            found = _offered_apps(request, provider, client_id)
        else:
            found = []
        return apps + [
            app
            for app in found
            if provider in {None, app.provider, app.provider_id}
            and client_id in {None, "", app.client_id}
        ]

    def get_provider(
        self, request: HttpRequest, provider: Any, client_id: Any = None
    ) -> Any:
        """allauth's, or ours for an ``IdentityProvider``.

        Args:
            request: The request.
            provider: Which one.
            client_id: Its client ID, if that has to be looked at.
        """
        found = super().get_provider(  # type: ignore[misc]
            request, provider, client_id=client_id
        )
        kind = _kind_of(found)
        return kind.provider(request, found.app) if kind is not None else found

    def list_providers(self, request: HttpRequest) -> list[Any]:
        """allauth's, each ``IdentityProvider`` by our class.

        Args:
            request: Its ``next`` says which portal the sign-in page is for.
        """
        found = super().list_providers(request)  # type: ignore[misc]
        return [
            kind.provider_class(request, app=provider.app)
            if (kind := _kind_of(provider)) is not None
            else provider
            for provider in found
        ]

    def is_open_for_signup(
        self, request: HttpRequest, sociallogin: SocialLogin
    ) -> bool:
        """Yes for whom a company's provider vouches; ``pre_social_login`` looked.

        Args:
            request: The request.
            sociallogin: Who signs in.
        """
        if _row_of(sociallogin) is not None:
            return True
        is_open: bool = super().is_open_for_signup(  # type: ignore[misc]
            request, sociallogin
        )
        return is_open

    def authenticate_by_email(self, sociallogin: SocialLogin) -> Any:
        """The account that proved the address before; one that did not counts not.

        Args:
            sociallogin: Who signs in.
        """
        row = _row_of(sociallogin)
        if row is None:
            return super().authenticate_by_email(sociallogin)  # type: ignore[misc]
        email = _email_of(sociallogin)
        if not row.vouches_for(email):
            return None
        proven = EmailAddress.objects.filter(email__iexact=email, verified=True)
        address = proven.select_related("user").first()
        return (address.user, address.email) if address else None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse all that a provider may not do.

        Args:
            request: The request.
            sociallogin: Who signs in.

        Raises:
            ImmediateHttpResponse: 403, with the reason in words.
        """
        super().pre_social_login(request, sociallogin)  # type: ignore[misc]
        row = _row_of(sociallogin)
        if row is None:
            return
        email = _email_of(sociallogin)
        refusal = why_not(row, email, sociallogin)
        if refusal is not None:
            _refuse(request, row, *refusal)
        free_unproven(email)
        user = sociallogin.user
        if user is not None and sociallogin.is_existing and not has_proven(user, email):
            # The company gave the person another address.
            EmailAddress.objects.update_or_create(
                user=user, email=email, defaults={"verified": True}
            )
        sociallogin.email_addresses = [
            EmailAddress(email=email, verified=True, primary=True)
        ]


class HelpdeskSocialAccountAdapter(
    HelpdeskSocialAccountAdapterMixin, DefaultSocialAccountAdapter
):
    """allauth's default adapter with what the help desk needs."""


def sign_out_url(request: HttpRequest, back: str) -> str:
    """Where signing out goes on, so that the provider signs the person out too.

    Args:
        request: The request that signs out; its session is still there.
        back: The absolute address to come back to.

    Returns:
        The provider's own sign-out, or an empty text if it has none or does not
        answer: the person is then signed out here alone.
    """
    public_id = request.session.get(SESSION_KEY) or ""
    row = IdentityProvider.objects.active(public_id).first()
    app = _app_or_none(row) if row is not None else None
    kind = kind_of(row) if row is not None else None
    if app is None or kind is None:
        return ""
    return kind.sign_out_url(request, app, back)


@receiver(user_logged_in, dispatch_uid="helpdesk_remember_provider")
def remember_provider(
    request: HttpRequest, sociallogin: SocialLogin | None = None, **kwargs: Any
) -> None:
    """Note in the session which provider vouched for its person."""
    row = _row_of(sociallogin) if sociallogin is not None else None
    if row is not None:
        request.session[SESSION_KEY] = row.public_id


def _provider_ids() -> set[str]:
    return {kind.provider_id for kind in kinds().values()}


def _own_apps(public_id: str) -> list[SocialApp]:
    """The provider of a way back, which has no ``next``: whatever the portal."""
    rows = IdentityProvider.objects.active(public_id)
    return [app for row in rows if (app := _app_or_none(row)) is not None]


def _offered_apps(
    request: HttpRequest, provider: str | None, client_id: str | None
) -> list[SocialApp]:
    """The providers of a portal's sign-in; by a client ID, whatever the portal."""
    if str(client_id).startswith(APP_PREFIX):
        # Of SAML and signed tokens: it stands in the address, as the name does.
        return _own_apps(str(client_id).removeprefix(APP_PREFIX))
    protocols = [
        protocol
        for protocol, kind in kinds().items()
        if provider in {None, kind.provider_id}
    ]
    rows = IdentityProvider.objects.filter(is_active=True, protocol__in=protocols)
    found = list(rows)
    if any(row.portal_key for row in found):
        keys = portal_keys(request)
        found = [row for row in found if row.portal_key in {None, *keys}]
    return [app for row in found if (app := _app_or_none(row)) is not None]


def _kind_of(provider: Any) -> Kind | None:
    """The kind of one of allauth's providers, if an ``IdentityProvider`` is behind."""
    app = provider.app
    if app is None or not str(app.provider_id).startswith(APP_PREFIX):
        return None
    found = (kind for kind in kinds().values() if kind.provider_id == app.provider)
    return next(found, None)


def _app_or_none(row: IdentityProvider) -> SocialApp | None:
    kind = kind_of(row)
    if kind is None:
        return None
    try:
        return kind.app(row)
    except CredentialsLost:
        # The other ways to sign in have to go on.
        logger.exception("Identity provider %s cannot be used", row.public_id)
        return None


def _email_of(sociallogin: SocialLogin) -> str:
    addresses = sociallogin.email_addresses
    return str(addresses[0].email or "").strip() if addresses else ""


def _row_of(sociallogin: SocialLogin) -> IdentityProvider | None:
    name = str(sociallogin.account.provider)
    if not name.startswith(APP_PREFIX):
        return None
    public_id = name.removeprefix(APP_PREFIX)
    return IdentityProvider.objects.active(public_id).first()


def _refuse(request: HttpRequest, row: IdentityProvider, code: str, text: str) -> None:
    raise ImmediateHttpResponse(refusal(request, row, code, text))
