"""Whether an agent looks as a contact: kept in the session, asked anew every time.

The session holds the contact's public id, whose session it was and since when. It is
no proof: permission, contact and time are looked at with each request.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest

from wagtail_helpdesk.access.viewed import is_known
from wagtail_helpdesk.actions import EndViewAs, StartViewAs
from wagtail_helpdesk.actions.view_as_contact import may_view_as
from wagtail_helpdesk.models import Agent, Contact
from wagtail_helpdesk.permissions import agent_for

#: Seconds after which it ends by itself.
SECONDS = 30 * 60
MIDDLEWARE = "wagtail_helpdesk.view_as.middleware.ViewAsMiddleware"
_KEY = "helpdesk_view_as"


@dataclass(frozen=True, slots=True)
class Viewing:
    """An agent who looks as a contact.

    Attributes:
        contact: The contact.
        minutes_left: Until it ends by itself; at least 1.
    """

    contact: Contact
    minutes_left: int


def is_installed() -> bool:
    """Whether the site has the middleware, without which nothing is looked at so."""
    return MIDDLEWARE in settings.MIDDLEWARE


def is_on(request: HttpRequest) -> bool:
    """Whether this session looks as a contact; costs nothing without a session."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    session = getattr(request, "session", None)
    return session is not None and _KEY in session


def start(request: HttpRequest, *, contact: Contact, agent: Agent) -> None:
    """Begin to look as a contact, in this session.

    Args:
        request: The agent's request.
        contact: The contact, who is visible to the agent.
        agent: The agent.

    Raises:
        ActionPermissionError: The agent may not.
        ActionError: There is nothing to see.
    """
    StartViewAs(contact=contact, actor=agent).execute()
    if is_on(request):
        end(request, reason="another")
    request.session[_KEY] = {
        "contact": contact.public_id,
        "user": str(agent.user.pk),
        "started": time.time(),
    }


def end(request: HttpRequest, *, reason: str) -> Contact | None:
    """Look no longer as a contact; a second call does nothing.

    Args:
        request: The request.
        reason: Why; see ``EndViewAs``.

    Returns:
        The contact, if there was one.
    """
    kept = request.session.pop(_KEY, None)
    if kept is None:
        return None
    contact = Contact.objects.filter(public_id=kept["contact"]).first()
    agent = Agent.objects.filter(user=kept["user"]).select_related("user").first()
    EndViewAs(contact=contact, actor=agent, reason=reason).execute()
    return contact


def current(request: HttpRequest) -> Viewing | None:
    """Whom the agent looks as now; ends it where it may not go on.

    To be called with the account of the session, while ``is_on``.

    Args:
        request: The request.

    Returns:
        The contact and the time left; ``None``: it has just ended.
    """
    kept = request.session[_KEY]
    left = SECONDS - (time.time() - kept["started"])
    if not 0 < left <= SECONDS:
        end(request, reason="time")
        return None
    contact = _contact_for_agent(request.user, kept)
    if contact is None:
        end(request, reason="not_allowed")
        return None
    return Viewing(contact, minutes_left=-(-int(left) // 60) or 1)


def _contact_for_agent(user: Any, kept: dict[str, Any]) -> Contact | None:
    """The contact, if this account may still look as them."""
    if str(user.pk) != kept["user"]:
        return None
    agent = agent_for(user)
    found = Contact.objects.filter(public_id=kept["contact"]).select_related("user")
    contact = found.with_identities().first()
    if agent is None or contact is None or not may_view_as(agent, contact):
        return None
    account = contact.user
    if account is not None and not account.is_active:
        return None
    return contact if is_known(contact) else None


def connect() -> None:
    """End it with the sign-out. Called from ``AppConfig.ready()``."""
    user_logged_out.connect(_on_sign_out, dispatch_uid="helpdesk_view_as")


def _on_sign_out(request: HttpRequest | None, **kwargs: Any) -> None:
    # Sent before the session is emptied.
    if request is not None and is_on(request):
        end(request, reason="signed_out")
