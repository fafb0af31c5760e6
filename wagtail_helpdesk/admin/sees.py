"""What a contact sees of a ticket, with the rules that decide (N8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_helpdesk.access.portals import portal_pages
from wagtail_helpdesk.access.reasons import language_name
from wagtail_helpdesk.access.ticket_reasons import explain_ticket
from wagtail_helpdesk.access.viewed import account_of, is_known
from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.models import Agent, Contact, Ticket

#: Each of them takes queries for each portal.
LATEST = 10


@dataclass(frozen=True, slots=True)
class TicketAnswer:
    """What a contact sees of a ticket in one portal.

    Attributes:
        portal: The portal's title.
        language: The name of its language.
        is_visible: Whether the contact sees the ticket there.
        sentence: The rule that decides.
        notes: What else is worth knowing.
        draft: The rule of the portal's saved draft, where it decides by another one and
            the reader may know; else empty.
    """

    portal: str
    language: str
    is_visible: bool
    sentence: str
    notes: tuple[str, ...] = ()
    draft: str = ""


@dataclass(frozen=True, slots=True)
class _Portal:
    """A published portal.

    Attributes:
        page: Its page.
        draft: The page as it is saved; ``None``: it has no unpublished changes.
        shows_draft: Whether the reader may know by which rules the draft decides.
    """

    page: Any
    draft: Any | None
    shows_draft: bool


def ticket_answer(ticket: Ticket, contact: Contact, agent: Agent) -> list[TicketAnswer]:
    """What a contact sees of a ticket, in each portal of the site.

    Args:
        ticket: A ticket that the agent may see.
        contact: The contact.
        agent: Who asks; they read by which rule a draft decides if they may change it.
    """
    return _answers(ticket, contact, _portals(agent))


def latest_answers(
    contact: Contact, agent: Agent
) -> list[tuple[Ticket, list[TicketAnswer]]]:
    """The same for the latest tickets of a contact and of their organizations.

    Args:
        contact: The contact.
        agent: Who asks; only tickets of their inboxes are named.
    """
    mine = Ticket.objects.visible_to_agent(agent)
    organizations = contact.memberships.values_list("organization", flat=True)
    found = {
        ticket
        for way in (Q(contact=contact), Q(organization__in=list(organizations)))
        for ticket in mine.filter(way).by_activity()[:LATEST]
    }
    newest = sorted(found, key=lambda t: (t.last_activity_at, t.pk), reverse=True)
    portals = _portals(agent)
    return [(ticket, _answers(ticket, contact, portals)) for ticket in newest[:LATEST]]


def _portals(agent: Agent) -> list[_Portal]:
    found = []
    for page in portal_pages():
        draft, shows = None, False
        if page.has_unpublished_changes:
            draft = page.get_latest_revision_as_object()
            shows = page.shows_draft_to(agent.user)
        found.append(_Portal(page, draft, shows))
    return found


def _answers(
    ticket: Ticket, contact: Contact, portals: list[_Portal]
) -> list[TicketAnswer]:
    visibility = Visibility(account_of(contact))
    answers = []
    for portal in portals:
        answer = _in_portal(portal.page, ticket, contact, visibility)
        if portal.draft is not None:
            then = _in_portal(portal.draft, ticket, contact, visibility)
            answer = _beside_draft(answer, then, portal.shows_draft)
        answers.append(answer)
    return answers


def _in_portal(
    page: Any, ticket: Ticket, contact: Contact, visibility: Visibility
) -> TicketAnswer:
    language = language_name(page.locale.language_code)
    found = explain_ticket(ticket, contact, page.rules)
    if not found.is_visible:
        return TicketAnswer(page.title, language, False, found.sentence())
    if not is_known(contact):
        told = _("Hidden: the contact's account has no verified address.")
        return TicketAnswer(page.title, language, False, told)
    if not visibility.can_view(page):
        told = _("Hidden: the page of this portal is closed to the contact.")
        return TicketAnswer(page.title, language, False, told)
    if not page.has_provider_for(contact):
        told = _("Hidden: no identity provider of this portal signs the contact in.")
        return TicketAnswer(page.title, language, False, told)
    if not page.admits(contact):
        told = _("Hidden: the contact is in none of the groups this portal requires.")
        return TicketAnswer(page.title, language, False, told)
    if page.waits_for_consent(contact):
        told = _("Hidden until the contact agrees to the consent of this portal.")
        return TicketAnswer(page.title, language, False, told)
    notes = [
        ngettext(
            "%(count)d message is shown.", "%(count)d messages are shown.", found.shown
        )
        % {"count": found.shown}
    ]
    if found.hidden:
        notes.append(
            ngettext(
                "%(count)d conversation is not shown to customers.",
                "%(count)d conversations are not shown to customers.",
                found.hidden,
            )
            % {"count": found.hidden}
        )
    if page.by_provider_only:
        notes.append(_("Only while they are signed in through an identity provider."))
    if contact.user_id is None:
        notes.append(_("The contact has no account yet: it will be so after sign-up."))
    return TicketAnswer(page.title, language, True, found.sentence(), tuple(notes))


def _beside_draft(
    now: TicketAnswer, then: TicketAnswer, shows_draft: bool
) -> TicketAnswer:
    """Add to the published answer where the portal's saved draft decides otherwise."""
    if now.is_visible != then.is_visible:
        note = (
            _("The saved draft of this portal would not hide it by its rules.")
            if then.is_visible
            else _("The saved draft of this portal would hide it.")
        )
        now = replace(now, notes=(*now.notes, note))
    if shows_draft and now.sentence != then.sentence:
        now = replace(now, draft=then.sentence)
    return now
