"""What a contact sees of a ticket or of a page, with the rules that decide (N8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page, PageViewRestriction

from wagtail_helpdesk.access.portals import portal_pages
from wagtail_helpdesk.access.reasons import Reason, language_name
from wagtail_helpdesk.access.ticket_reasons import explain_ticket
from wagtail_helpdesk.access.viewed import account_of, is_known
from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.models import Agent, Contact, Ticket
from wagtail_helpdesk.page_editors import editable_pages
from wagtail_helpdesk.who_can_see import entry_conditions, who_can_see

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


@dataclass(frozen=True, slots=True)
class Condition:
    """One restriction of a page.

    Attributes:
        label: Who passes it.
        where: Where it is set, with a link.
        is_met: Whether the contact passes; ``None``: only if they know a password.
    """

    label: str
    where: SafeString
    is_met: bool | None


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """Whether a contact sees a page.

    Attributes:
        title: The page's title.
        language: Its language code.
        is_visible: Whether they see it.
        sentence: The same in words.
        conditions: Every restriction that counts, the nearest first.
    """

    title: str
    language: str
    is_visible: bool
    sentence: str
    conditions: tuple[Condition, ...]


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


def page_at(address: str, request: HttpRequest, contact: Contact) -> Any | None:
    """The published page at an address of this site that the agent may know of.

    That is one that they see or edit themselves, or that the contact sees.

    Args:
        address: A path or a whole address, as it stands in the browser.
        request: The agent's request.
        contact: The contact.

    Returns:
        The page, or ``None``: there is none, or the agent may not know.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.netloc and parts.netloc != request.get_host():
        return None
    path = parts.path if parts.path.startswith("/") else f"/{parts.path}"
    page = _routed(path, request)
    if page is None:
        return None
    may_know = (
        Visibility.of(request).can_view(page)
        or Visibility(account_of(contact)).can_view(page)
        or page.pk in editable_pages(request.user, [page.pk])
    )
    return page if may_know else None


def _routed(path: str, request: HttpRequest) -> Any | None:
    """The page that Wagtail would serve at a path, in the path's language."""
    language = translation.get_language_from_path(path)
    with translation.override(language or settings.LANGUAGE_CODE):
        try:
            match = resolve(path)
        except Resolver404:
            return None
        if match.view_name != "wagtail_serve":
            return None
        return Page.find_for_request(request, match.args[0])


def page_answer(page: Any, request: HttpRequest, contact: Contact) -> PageAnswer:
    """Whether a contact sees a page, and each restriction that counts.

    Of a portal also what it asks of those who enter it.

    Args:
        page: What ``page_at`` found.
        request: The agent's request: only pages they may see or edit are named.
        contact: The contact.
    """
    account = account_of(contact)
    visibility = Visibility(account)
    asked = [
        Condition(entry.sentence(), _entry_where(), entry.is_met(contact))
        for entry in entry_conditions(page)
    ]
    is_visible = visibility.can_view(page) and all(one.is_met for one in asked)
    groups = {group.name for group in account.groups.all()}
    reasons = visibility.why(page).telling_reasons
    told = who_can_see(page, request).reasons
    sentence = (
        _("Shown: the contact sees this page.")
        if is_visible
        else _("Hidden: the contact does not meet all conditions of this page.")
    )
    if not reasons and not asked:
        sentence = _("Shown: everyone sees this page.")
    return PageAnswer(
        title=page.title,
        language=page.locale.language_code,
        is_visible=is_visible,
        sentence=sentence,
        conditions=(
            *(
                Condition(reason.audience.label(), text.where, _meets(reason, groups))
                for reason, text in zip(reasons, told, strict=True)
            ),
            *asked,
        ),
    )


def _entry_where() -> SafeString:
    return format_html("{}", _("It is set on this page."))


def _meets(reason: Reason, groups: set[str]) -> bool | None:
    """Whether somebody who is signed in and in these groups passes."""
    if reason.audience.kind == PageViewRestriction.PASSWORD:
        return None
    if reason.audience.kind == PageViewRestriction.LOGIN:
        return True
    return not groups.isdisjoint(reason.audience.groups)
