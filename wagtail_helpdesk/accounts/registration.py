"""Who may register: the portal's rule, and invitations that were confirmed."""

from __future__ import annotations

from allauth.utils import get_request_param
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from wagtail_helpdesk.access.invitations import invitation_for
from wagtail_helpdesk.access.portal_entry import sign_up_rule
from wagtail_helpdesk.models import AccessInvitation, SignUpRule

#: Where the session keeps the token of a confirmed invitation.
SESSION_KEY = "helpdesk_invitation"


def confirmed_invitation(request: HttpRequest) -> AccessInvitation | None:
    """The invitation that this browser has confirmed, as long as it works."""
    session = getattr(request, "session", None)
    token = session.get(SESSION_KEY) if session is not None else None
    return invitation_for(token) if isinstance(token, str) and token else None


def rule_for(request: HttpRequest) -> SignUpRule | None:
    """The rule of the portal in ``next``, else of the site's portal."""
    return sign_up_rule(request, get_request_param(request, "next") or "")


def may_register(request: HttpRequest) -> bool:
    """Whether the page for new accounts takes anything from this browser."""
    rule = rule_for(request)
    if rule is None or rule.is_open:
        return True
    return rule.takes_invited and confirmed_invitation(request) is not None


def check_address(request: HttpRequest, email: str) -> None:
    """Refuse an address that may not register.

    Args:
        request: The request of somebody who is not signed in.
        email: The address that was typed.

    Raises:
        ValidationError: The portal takes other addresses only.
    """
    rule = rule_for(request)
    if rule is None or rule.takes(email):
        return
    if not rule.takes_invited:
        raise ValidationError(
            _("Nobody registers here. Sign in with your company’s account."),
            code="by_provider_only",
        )
    invitation = confirmed_invitation(request)
    if invitation is not None and invitation.address == email.casefold():
        return
    if invitation is not None:
        raise ValidationError(
            _("The invitation is for %(email)s. Use this address."),
            code="not_invited",
            params={"email": invitation.address},
        )
    raise ValidationError(
        _("You cannot register with this address. Addresses of these work: %(domains)s")
        % {"domains": ", ".join(rule.domains)},
        code="domain",
    )
