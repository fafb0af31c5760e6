"""The account adapter, as a mixin for projects that have one of their own.

Set ``ACCOUNT_ADAPTER = "wagtail_helpdesk.accounts.adapter.HelpdeskAccountAdapter"``, or
put the mixin first among the bases of your adapter.
"""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.utils import build_absolute_uri
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.contrib.sites.requests import RequestSite
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from wagtail_helpdesk.accounts import mails, registration
from wagtail_helpdesk.after_response import after_response
from wagtail_helpdesk.frontend import frame
from wagtail_helpdesk.models import Inbox
from wagtail_helpdesk.system_pages import home_after_sign_in


def _site_name() -> str:
    """The name of the site that is asked."""
    return frame(allauth_context.request).site_name


def _refuse_support_address(email: str) -> None:
    if Inbox.objects.filter(from_email__iexact=email).exists():
        raise ValidationError(
            _("%(email)s is an address of our support. Use your own address."),
            code="support_address",
            params={"email": email},
        )


class HelpdeskAccountAdapterMixin:
    """What the help desk needs of an account adapter."""

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of a known address that somebody signed up with it.

        Signing up with a new address hashes a password, which takes a quarter of a
        second; with a known one allauth hashes nothing, and the difference tells who is
        a customer. So the known branch hashes too (security.md 0.7).

        Args:
            email: The address that was typed.
        """
        make_password("the time of one hash")
        super().send_account_already_exists_mail(email)  # type: ignore[misc]

    def format_email_subject(self, subject: str) -> str:
        """Begin the subject with the site's name, as the rest of the mail calls it.

        Args:
            subject: What the mail is about.

        Returns:
            The subject, with ``ACCOUNT_EMAIL_SUBJECT_PREFIX`` if that is set.
        """
        if account_settings.EMAIL_SUBJECT_PREFIX is not None:
            text: str = super().format_email_subject(subject)  # type: ignore[misc]
            return text
        return f"[{_site_name()}] {subject}"

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Send a mail in the reader's language and in the frame of our mails.

        It calls the site by its name rather than by its host.
        After the answer, whose time would tell that there was a mail to send. It holds
        codes that are kept nowhere, so it is not tried again if the server refuses it.

        Args:
            template_prefix: Where the subject and the texts are.
            email: To whom it goes.
            context: What the texts need.
        """
        request = allauth_context.request
        site = RequestSite(request)
        site.name = _site_name()
        context = {
            "request": request,
            "email": email,
            "current_site": site,
            **context,
        }
        with translation.override(mails.language_for(email)):
            mail = self.render_mail(template_prefix, email, context)  # type: ignore[attr-defined]
            mail = mails.in_frame(mail, template_prefix, request, site.name)
        after_response(mail.send)

    def clean_email(self, email: str) -> str:
        """Refuse the support addresses themselves.

        Whoever reads a shared mailbox could otherwise confirm its address and become
        the contact of everything that was ever sent from it.

        Args:
            email: The address that was typed.

        Returns:
            The address.

        Raises:
            ValidationError: It is the address of an inbox.
        """
        email = super().clean_email(email)  # type: ignore[misc]
        _refuse_support_address(email)
        return email

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Lead whoever came through a company's provider there, to sign out of it too.

        Args:
            request: The request that signs out.

        Returns:
            The provider's own sign-out if it has one, else allauth's answer.
        """
        url: str = super().get_logout_redirect_url(request)  # type: ignore[misc]
        if not apps.is_installed("allauth.socialaccount"):
            return url
        from wagtail_helpdesk.accounts.sso import sign_out_url

        return sign_out_url(request, build_absolute_uri(request, url)) or url

    def validate_unique_email(self, email: str) -> str:
        """Refuse an address that the portal does not take for a new account.

        Here rather than in ``clean_email``: it is also asked when somebody corrects
        the address before confirming it, and not when a password is forgotten. Nobody
        asks ``clean_email`` then, so support addresses are refused here once more.

        Args:
            email: The address that was typed.

        Returns:
            The address.

        Raises:
            ValidationError: The portal takes addresses of other domains only, or it is
                the address of an inbox.
        """
        email = super().validate_unique_email(email)  # type: ignore[misc]
        _refuse_support_address(email)
        request = allauth_context.request
        if request is not None and not request.user.is_authenticated:
            registration.check_address(request, email)
        return email

    def is_safe_url(self, url: str) -> bool:
        """Take an address that cannot be read, such as ``http://[``, as unsafe.

        Args:
            url: What was sent as ``next``.

        Returns:
            Whether one may be led there.
        """
        try:
            return bool(super().is_safe_url(url))  # type: ignore[misc]
        except ValueError:
            return False

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Let in whom the portal lets register (B51), and who was invited (B53).

        Args:
            request: The request that asks.

        Returns:
            Whether the page for new accounts works.
        """
        is_open: bool = super().is_open_for_signup(request)  # type: ignore[misc]
        return is_open and registration.may_register(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead people who may use the admin there, and everyone else to the portal.

        A safe ``next`` comes before this; allauth checks that itself.

        Args:
            request: The request that signed in.

        Returns:
            The admin's front page, the portal whose sign-in page was used, or
            ``LOGIN_REDIRECT_URL``.
        """
        if request.user.has_perm("wagtailadmin.access_admin"):
            try:
                return reverse("wagtailadmin_home")
            except NoReverseMatch:
                pass  # A site without an admin of its own, such as a second domain.
        if portal := home_after_sign_in(request):
            return portal
        url: str = super().get_login_redirect_url(request)  # type: ignore[misc]
        return url


class HelpdeskAccountAdapter(HelpdeskAccountAdapterMixin, DefaultAccountAdapter):
    """allauth's default adapter with what the help desk needs."""
