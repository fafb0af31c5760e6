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
from urllib.parse import urlencode

import requests
from allauth.account.models import EmailAddress
from allauth.account.signals import user_logged_in
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from wagtail_helpdesk.access.sso import APP_PREFIX, SESSION_KEY, app_id, portal_keys
from wagtail_helpdesk.accounts.openid_connect import (
    CompanyProvider,
    company_provider,
)
from wagtail_helpdesk.accounts.sso_rules import free_unproven, has_proven, why_not
from wagtail_helpdesk.exceptions import CredentialsLost
from wagtail_helpdesk.frontend import frame_context
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
        apps: list[SocialApp] = super().list_apps(  # type: ignore[misc]
            request, provider=provider, client_id=client_id
        )
        rows = IdentityProvider.objects.filter(is_active=True)
        if provider == "openid_connect" or provider is None:
            found = list(rows)
            if any(row.portal_key for row in found):
                keys = portal_keys(request)
                found = [row for row in found if row.portal_key in {None, *keys}]
        elif str(provider).startswith(APP_PREFIX):
            found = list(rows.filter(public_id=str(provider).removeprefix(APP_PREFIX)))
        else:
            found = []
        found = [row for row in found if client_id in {None, "", row.client_id}]
        return apps + [app for row in found if (app := _app_or_none(row)) is not None]

    def get_provider(
        self, request: HttpRequest, provider: Any, client_id: Any = None
    ) -> Any:
        """allauth's, or ``CompanyProvider`` for an ``IdentityProvider``.

        Args:
            request: The request.
            provider: Which one.
            client_id: Its client ID, if that has to be looked at.
        """
        found = super().get_provider(  # type: ignore[misc]
            request, provider, client_id=client_id
        )
        if str(provider).startswith(APP_PREFIX):
            return company_provider(request, found.app)
        return found

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
        The provider's own sign-out (OpenID Connect RP-Initiated Logout 1.0), or an
        empty text if it has none or does not answer: the person is then signed out
        here alone.
    """
    public_id = request.session.get(SESSION_KEY)
    row = IdentityProvider.objects.filter(public_id=public_id, is_active=True).first()
    if row is None:
        return ""
    try:
        provider = CompanyProvider(request, app=_app(row))
        config = provider.get_oauth2_adapter(request).openid_config
        endpoint = config.get("end_session_endpoint")
    except (requests.RequestException, CredentialsLost, AttributeError) as error:
        # Whatever is wrong there, the person is signed out here.
        logger.warning("Identity provider %s: %s", row.public_id, type(error).__name__)
        return ""
    if not isinstance(endpoint, str) or not endpoint.startswith(("https:", "http:")):
        return ""
    query = urlencode({"client_id": row.client_id, "post_logout_redirect_uri": back})
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"


@receiver(user_logged_in, dispatch_uid="helpdesk_remember_provider")
def remember_provider(
    request: HttpRequest, sociallogin: SocialLogin | None = None, **kwargs: Any
) -> None:
    """Note in the session which provider vouched for its person."""
    row = _row_of(sociallogin) if sociallogin is not None else None
    if row is not None:
        request.session[SESSION_KEY] = row.public_id


def _app_or_none(row: IdentityProvider) -> SocialApp | None:
    try:
        return _app(row)
    except CredentialsLost:
        # The other ways to sign in have to go on.
        logger.exception("Identity provider %s cannot be used", row.public_id)
        return None


def _app(row: IdentityProvider) -> SocialApp:
    secrets: Any = row.secrets
    return SocialApp(
        provider="openid_connect",
        provider_id=app_id(row.public_id),
        name=row.name,
        client_id=row.client_id,
        secret=secrets.get("client_secret", ""),
        settings={
            "server_url": row.server_url.rstrip("/"),
            "oauth_pkce_enabled": True,
            "verified_email": sorted(row.own_domains),
        },
    )


def _email_of(sociallogin: SocialLogin) -> str:
    addresses = sociallogin.email_addresses
    return str(addresses[0].email or "").strip() if addresses else ""


def _row_of(sociallogin: SocialLogin) -> IdentityProvider | None:
    name = str(sociallogin.account.provider)
    if not name.startswith(APP_PREFIX):
        return None
    public_id = name.removeprefix(APP_PREFIX)
    return IdentityProvider.objects.filter(public_id=public_id, is_active=True).first()


def _refuse(request: HttpRequest, row: IdentityProvider, code: str, text: str) -> None:
    # Neither the address nor anything the provider sent: who is turned away is not ours
    # to keep.
    logger.warning("Identity provider %s was refused: %s", row.public_id, code)
    response: HttpResponse = TemplateResponse(
        request,
        "wagtail_helpdesk/accounts/sso_refused.html",
        {**frame_context(request), "reason": text, "provider": row},
        status=403,
    ).render()
    response["Cache-Control"] = "private, no-store"
    raise ImmediateHttpResponse(response)
