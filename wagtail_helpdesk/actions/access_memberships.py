"""Rows of members: what the actions about access groups have in common."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, OuterRef, Value, When

from wagtail_helpdesk.access.rules import Rule, RuleError, parse_rule
from wagtail_helpdesk.actions.access_accounts import CHUNK, chunks, sync_accounts
from wagtail_helpdesk.actions.base import Action
from wagtail_helpdesk.models import AccessGroup, AccessMembership, Contact, Event

_RULE = AccessMembership.Source.RULE
#: Rules that one statement asks of a contact.
_RULES_AT_ONCE = 20


def lock_group(group: AccessGroup) -> AccessGroup:
    """The group as it is now, locked until the transaction ends.

    Rows that name the group may still be written: a person may confirm an address
    meanwhile, and whoever waits for the other must not be waited for.
    """
    no_key = connection.features.has_select_for_no_key_update
    groups = AccessGroup.objects.select_for_update(no_key=no_key)
    return groups.get(pk=group.pk)


def insert_members(
    action: Action[Any], group: AccessGroup, contacts: Collection[int], source: str
) -> None:
    """Write rows for contacts that have none from this source, with their events."""
    AccessMembership.objects.bulk_create(
        [AccessMembership(group=group, contact_id=c, source=source) for c in contacts],
        batch_size=CHUNK,
        # The rule may be applied to one of these contacts at the same moment.
        ignore_conflicts=True,
    )
    action.record_for_each(
        Event.Kind.ACCESS_GRANTED,
        contacts,
        group=group.pk,
        name=group.name,
        source=source,
    )


def delete_members(
    action: Action[Any], group: AccessGroup, contacts: Collection[int], source: str
) -> None:
    """Take rows of one source away, with their events."""
    for some in chunks(contacts):
        AccessMembership.objects.filter(
            group=group, source=source, contact__in=some
        ).delete()
    action.record_for_each(
        Event.Kind.ACCESS_WITHDRAWN,
        contacts,
        group=group.pk,
        name=group.name,
        source=source,
    )


def without_row(
    group: AccessGroup, contacts: Collection[int], source: str
) -> list[int]:
    """Those of the contacts who are no members from this source, each once."""
    known: set[int] = set()
    for some in chunks(contacts):
        rows = AccessMembership.objects.filter(
            group=group, source=source, contact__in=some
        )
        known.update(rows.values_list("contact", flat=True))
    return [pk for pk in dict.fromkeys(contacts) if pk not in known]


def apply_whole_rule(action: Action[Any], group: AccessGroup) -> tuple[int, int]:
    """Make exactly those contacts members by the rule whom it matches.

    Args:
        action: Whose events they are.
        group: A dynamic group, locked.

    Returns:
        How many were added, and how many removed.
    """
    matching = parse_rule(group.rule).contacts()
    rows = AccessMembership.objects.filter(group=group, source=_RULE)
    added = list(
        matching.filter(~Exists(rows.filter(contact=OuterRef("pk"))))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    gone = rows.exclude(contact__in=matching.values("pk"))
    removed = list(gone.values_list("contact", flat=True))
    insert_members(action, group, added, _RULE)
    delete_members(action, group, removed, _RULE)
    sync_accounts(group=group)
    return len(added), len(removed)


def refresh_access(action: Action[Any], contacts: Collection[int]) -> None:
    """Apply all rules to contacts that changed, and give their accounts what follows.

    Args:
        action: Whose events they are.
        contacts: Keys of contacts of which something changed that rules look at, or
            that decides whether their account may use what they are members of.
    """
    apply_rules(action, contacts)
    sync_accounts(contacts=contacts)


def apply_rules(action: Action[Any], contacts: Collection[int]) -> None:
    """Make contacts members of the dynamic groups that match them, and of no others.

    Takes one query where there are no dynamic groups. Their accounts follow.

    Args:
        action: Whose events they are.
        contacts: Keys of the contacts.
    """
    groups = list(AccessGroup.objects.filter(kind=AccessGroup.Kind.DYNAMIC))
    changed: set[int] = set()
    for start in range(0, len(groups), _RULES_AT_ONCE):
        some_groups = groups[start : start + _RULES_AT_ONCE]
        for some in chunks(contacts):
            changed |= _apply(action, some_groups, some)
    if changed:
        sync_accounts(contacts=changed)


def _apply(
    action: Action[Any], groups: list[AccessGroup], contacts: list[int]
) -> set[int]:
    rules = {group.pk: rule for group in groups if (rule := _rule_of(group))}
    matched = _matched(rules, contacts)
    rows = AccessMembership.objects.filter(
        group__in=groups, contact__in=contacts, source=_RULE
    )
    present: dict[int, set[int]] = {group.pk: set() for group in groups}
    for group_pk, contact in rows.values_list("group", "contact"):
        present[group_pk].add(contact)
    changed: set[int] = set()
    for group in groups:
        wanted = matched.get(group.pk, set())
        added = sorted(wanted - present[group.pk])
        removed = sorted(present[group.pk] - wanted)
        if added:
            insert_members(action, group, added, _RULE)
        if removed:
            delete_members(action, group, removed, _RULE)
        changed.update(added, removed)
    return changed


def _rule_of(group: AccessGroup) -> Rule | None:
    """The group's rule; one that cannot be read lets nobody in."""
    try:
        return parse_rule(group.rule)
    except RuleError:
        return None


def _matched(rules: dict[int, Rule], contacts: list[int]) -> dict[int, set[int]]:
    """Which contacts each rule matches, in one statement for all rules."""
    matched: dict[int, set[int]] = {pk: set() for pk in rules}
    if not rules:
        return matched
    names = {f"matches_{pk}": pk for pk in rules}
    answers = {
        name: Case(When(rules[pk].condition, then=Value(1)), default=Value(0))
        for name, pk in names.items()
    }
    found = Contact.objects.filter(pk__in=contacts, erased_at=None).annotate(**answers)
    for contact, *values in found.values_list("pk", *names):
        for pk, value in zip(names.values(), values, strict=True):
            if value:
                matched[pk].add(contact)
    return matched
