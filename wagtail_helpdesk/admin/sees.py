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
    """

    portal: str
    language: str
    is_visible: bool
    sentence: str
    notes: tuple[str, ...] = ()


def ticket_answer(ticket: Ticket, contact: Contact) -> list[TicketAnswer]:
    """What a contact sees of a ticket, in each portal of the site.

    Args:
        ticket: A ticket that the agent may see.
        contact: The contact.
    """
    visibility = Visibility(account_of(contact))
    answers = []
    for page in portal_pages():
        answer = _in_portal(page, ticket, contact, visibility)
        if note := _draft_note(page, ticket, contact):
            answer = replace(answer, notes=(*answer.notes, note))
        answers.append(answer)
    return answers


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
    return [(ticket, ticket_answer(ticket, contact)) for ticket in newest[:LATEST]]


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


def _draft_note(page: Any, ticket: Ticket, contact: Contact) -> str:
    """Whether the portal's saved draft would decide otherwise; not by which rule.

    The agent need not be one of the portal's editors.
    """
    if not page.has_unpublished_changes:
        return ""
    draft = page.get_latest_revision_as_object().rules
    this = Ticket.objects.filter(pk=ticket.pk)
    now, then = (
        this.visible_to_contact(contact, rules).exists()
        for rules in (page.rules, draft)
    )
    if now == then:
        return ""
    if then:
        return _("The saved draft of this portal would not hide it by its rules.")
    return _("The saved draft of this portal would hide it.")
