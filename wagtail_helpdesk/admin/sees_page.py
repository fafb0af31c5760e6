"""What a contact sees of a page, with each restriction that counts (N8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.models import Page, PageViewRestriction

from wagtail_helpdesk.access.reasons import Reason
from wagtail_helpdesk.access.viewed import account_of
from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.models import Contact
from wagtail_helpdesk.page_editors import editable_pages
from wagtail_helpdesk.who_can_see import entry_conditions, who_can_see


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
