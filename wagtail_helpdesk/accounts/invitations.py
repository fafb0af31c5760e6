"""The pages of an invitation: confirm it, or ask for a new mail."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from wagtail_helpdesk.access.groups import pages_opened_by
from wagtail_helpdesk.access.invitations import invitation_for
from wagtail_helpdesk.access.portal_entry import portal_of_group, sign_up_rule
from wagtail_helpdesk.actions import RenewInvitation
from wagtail_helpdesk.frontend import frame_context
from wagtail_helpdesk.models import AccessGroup, AccessInvitation


class RenewForm(forms.Form):
    """To whom a new mail goes."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show whom an invitation is for; confirming it leads to the registration.

    Mail scanners open each link, so opening it changes nothing. Confirming tells
    allauth that the address is proved, which is all that differs from an ordinary
    registration: password rules, consent and rate limits are the same.

    Args:
        request: GET to read, POST to confirm.
        token: From the mail.
    """
    _need_accounts()
    found = invitation_for(token)
    if found is None:
        return _answer(request, "invitation_over.html", {"form": RenewForm()}, 410)
    target = _target(request, found.group)
    query = f"?{urlencode({'next': target})}" if target else ""
    context = {
        "invitation": found,
        "portal": portal_of_group(found.group, get_language() or ""),
        "login_url": reverse("account_login") + query,
    }
    if request.user.is_authenticated:
        return _answer(request, "invitation_signed_in.html", context, 403)
    if _has_account(found):
        return _answer(request, "invitation_known.html", context)
    rule = sign_up_rule(request, target)
    if rule is not None and not rule.takes_invited:
        # No account with a password is made: the company's provider vouches for them.
        return _answer(request, "invitation_by_provider.html", context)
    if request.method != "POST":
        return _answer(request, "invitation.html", context)
    _prove_address(request, found, token)
    return HttpResponseRedirect(reverse("account_signup") + query)


@require_http_methods(["GET", "HEAD", "POST"])
def renew_invitation(request: HttpRequest) -> HttpResponse:
    """Send a new mail to whoever was invited; the answer is the same for everybody.

    Args:
        request: GET shows the form, POST takes an address.
    """
    _need_accounts()
    from allauth.core import ratelimit

    if request.method != "POST":
        return _answer(request, "invitation_renew.html", {"form": RenewForm()})
    form = RenewForm(request.POST)
    if not form.is_valid():
        return _answer(request, "invitation_renew.html", {"form": form}, 400)
    if ratelimit.consume(request, action="signup"):
        RenewInvitation(email=form.cleaned_data["email"]).execute()
    return _answer(request, "invitation_renewed.html", {})


def _need_accounts() -> None:
    """Without allauth there is nothing to register with."""
    if not apps.is_installed("allauth.account"):
        raise Http404
    try:
        reverse("account_signup")
    except NoReverseMatch:
        raise Http404 from None


def _has_account(found: AccessInvitation) -> bool:
    """Whether there is an account with the address that somebody uses; they sign in."""
    from allauth.account.models import EmailAddress

    if EmailAddress.objects.is_verified(found.address):
        return True
    return _accounts_with(found.address).exclude(_UNUSED).exists()


#: Accounts that somebody made by typing an address and never proved it.
_UNUSED = Q(last_login=None, is_staff=False, is_superuser=False)


def _accounts_with(address: str) -> QuerySet[Any]:
    users = get_user_model()
    return users.objects.filter(**{f"{users.get_email_field_name()}__iexact": address})


def _take_from_squatters(address: str) -> None:
    """Take the address from accounts that never proved it.

    Otherwise whoever types the addresses of others keeps them from registering.
    """
    from allauth.account.models import EmailAddress

    users = get_user_model()
    EmailAddress.objects.filter(email__iexact=address, verified=False).delete()
    _accounts_with(address).filter(_UNUSED).update(**{users.get_email_field_name(): ""})


def _prove_address(request: HttpRequest, found: AccessInvitation, token: str) -> None:
    from allauth.account.adapter import get_adapter

    from wagtail_helpdesk.accounts.registration import SESSION_KEY

    _take_from_squatters(found.address)
    # Another session id: who planted the old one does not share what is proved here.
    request.session.cycle_key()
    request.session[SESSION_KEY] = token
    get_adapter().stash_verified_email(request, found.address)


def _target(request: HttpRequest, group: AccessGroup) -> str:
    """Where the new account is led to: the portal, else a page that the group opens."""
    portal = portal_of_group(group, get_language() or "")
    if portal is not None:
        return portal.url
    page = pages_opened_by(group).filter(live=True).first()
    return (page.get_url(request) or "") if page is not None else ""


def _answer(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of an invitation, which no cache keeps and whose address goes nowhere."""
    response = TemplateResponse(
        request,
        f"wagtail_helpdesk/accounts/{template}",
        {**frame_context(request), **context},
        status=status,
    )
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
