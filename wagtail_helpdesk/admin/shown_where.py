"""In which portals customers read a conversation, and why not elsewhere (B20, N18)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_helpdesk.access.portals import portal_pages
from wagtail_helpdesk.models import Conversation, PortalRules, ThreadPolicy, Ticket


def tell_where_shown(ticket: Ticket, conversations: Sequence[Conversation]) -> None:
    """Give each conversation ``shown_where``: a line that agents read.

    It takes two queries, three where portals differ in what they show: the rule itself
    is asked (R10), not told again in other words. Who may enter a portal is another
    question, which "What the contact sees, and why" answers.

    Args:
        ticket: The ticket.
        conversations: Its conversations, as far as the agent may read them.
    """
    portals: dict[str, list[str]] = {}
    for page in portal_pages():
        if page.is_active:
            titles = portals.setdefault(page.rules.thread_policy, [])
            if page.title not in titles:
                titles.append(page.title)
    shown = {policy: _shown_under(ticket, policy) for policy in portals}
    for conversation in conversations:
        titles = [
            title
            for policy, found in shown.items()
            if conversation.pk in found
            for title in portals[policy]
        ]
        line = (
            _("Shown in: %(portals)s") % {"portals": ", ".join(titles)}
            if titles
            else _("Not shown: %(reason)s")
            % {"reason": _why_not(conversation, portals)}
        )
        conversation.shown_where = line  # type: ignore[attr-defined]


def _shown_under(ticket: Ticket, policy: str) -> set[int]:
    rules = PortalRules(thread_policy=policy)
    shown = Conversation.objects.filter(ticket=ticket).shown_in(rules)
    return set(shown.values_list("pk", flat=True))


def _why_not(conversation: Conversation, portals: dict[str, list[str]]) -> str:
    if not portals:
        return pgettext("why a conversation is not shown", "no portal is on")
    if conversation.status == Conversation.Status.SPAM:
        return pgettext("why a conversation is not shown", "it is marked as spam")
    if not conversation.is_customer_visible:
        return pgettext("why a conversation is not shown", "customers do not see it")
    if ThreadPolicy.ORIGINAL in portals:
        return pgettext(
            "why a conversation is not shown",
            "the portal shows the first conversation only",
        )
    return pgettext("why a conversation is not shown", "a rule of the portal")
