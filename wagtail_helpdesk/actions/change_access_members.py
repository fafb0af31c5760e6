"""Contacts are made members of an access group, and taken out, by staff."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.access_accounts import sync_accounts
from wagtail_helpdesk.actions.access_memberships import (
    delete_members,
    insert_members,
    lock_group,
    without_row,
)
from wagtail_helpdesk.actions.base import Action, Actor
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import AccessGroup, AccessMembership, Contact


class AddAccessMembers(Action[int]):
    """Make contacts members of an access group; a second time changes nothing.

    The caller decides who may. A contact without an account is a member too: the pages
    open when they have confirmed their address. A dynamic group takes members by hand
    as well, beside those its rule matches.

    Args:
        group: The group.
        contacts: The contacts.
        source: An ``AccessMembership.Source``, but for ``rule``.
        actor: Who does it.

    Returns:
        How many of them were no members from this source.

    Raises:
        ActionError: ``bad_source``.
    """

    def __init__(
        self,
        *,
        group: AccessGroup,
        contacts: Iterable[Contact],
        source: str = AccessMembership.Source.MANUAL,
        actor: Actor = None,
    ) -> None:
        self.group = group
        self.contacts = [contact.pk for contact in contacts]
        self.source = source
        self.actor = actor

    def perform(self) -> int:
        if self.source not in _BY_HAND:
            raise ActionError("bad_source", _("Only the rule makes members by rule."))
        group = lock_group(self.group)
        new = without_row(group, self.contacts, self.source)
        insert_members(self, group, new, self.source)
        sync_accounts(group=group, contacts=new)
        return len(new)


class RemoveAccessMembers(Action[int]):
    """Take contacts out of an access group; a second time changes nothing.

    The caller decides who may. Their next request is refused already. Whom the rule
    matches stays a member by the rule.

    Args:
        group: The group.
        contacts: The contacts.
        actor: Who does it.

    Returns:
        How many of them were added by hand, by an import or by single sign-on.
    """

    def __init__(
        self,
        *,
        group: AccessGroup,
        contacts: Iterable[Contact],
        actor: Actor = None,
    ) -> None:
        self.group = group
        self.contacts = [contact.pk for contact in contacts]
        self.actor = actor

    def perform(self) -> int:
        group = lock_group(self.group)
        removed: set[int] = set()
        for source in _BY_HAND:
            new = set(without_row(group, self.contacts, source))
            present = sorted(set(self.contacts) - new)
            delete_members(self, group, present, source)
            removed.update(present)
        sync_accounts(group=group, contacts=removed)
        return len(removed)


_BY_HAND = (
    AccessMembership.Source.MANUAL,
    AccessMembership.Source.IMPORT,
    AccessMembership.Source.SSO,
)
