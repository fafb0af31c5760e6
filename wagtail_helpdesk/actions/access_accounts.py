"""Accounts get the Django groups that their contacts' memberships entitle them to.

Wagtail asks the visitor's groups for each page, so what is written here acts on the
very next request.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef

from wagtail_helpdesk.models import AccessGroup, AccessMembership, Contact

#: Keys in one statement: below the 999 parameters of old versions of SQLite.
CHUNK = 500


def chunks(keys: Collection[Any]) -> Iterator[list[Any]]:
    """The keys in parts that fit in one statement."""
    listed = list(keys)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]


def sync_accounts(
    *,
    group: AccessGroup | None = None,
    contacts: Collection[int] | None = None,
    users: Collection[Any] | None = None,
) -> None:
    """Put accounts into the groups they are entitled to, and out of all others.

    Runs inside the transaction of whoever changed something. Takes as many statements
    for a thousand members as for one, but for the parts they are written in.

    Args:
        group: Only this access group; default: all of them.
        contacts: Only the accounts of these contacts, by key.
        users: Only these accounts, by key; for those that are no contact's any more.
    """
    for some in chunks(contacts) if contacts is not None else [None]:
        for others in chunks(users) if users is not None else [None]:
            _add_missing(group, some, others)
            _take_surplus(group, some, others)


def on_contact_deleted(instance: Contact, **kwargs: Any) -> None:
    """Take the account of a contact that is gone out of all access groups."""
    if instance.user_id is not None:
        sync_accounts(users=[instance.user_id])


def _account_groups() -> tuple[Any, str, str]:
    """The table between accounts and groups, and the names of its two sides."""
    field: Any = get_user_model()._meta.get_field("groups")
    through = field.remote_field.through
    return through, field.m2m_field_name(), field.m2m_reverse_field_name()


def _add_missing(
    group: AccessGroup | None, contacts: list[int] | None, users: list[Any] | None
) -> None:
    through, user, auth_group = _account_groups()
    rows = AccessMembership.objects.entitling()
    if group is not None:
        rows = rows.filter(group=group)
    if contacts is not None:
        rows = rows.filter(contact__in=contacts)
    if users is not None:
        rows = rows.filter(contact__user__in=users)
    held = through.objects.filter(
        **{user: OuterRef("contact__user"), auth_group: OuterRef("group__auth_group")}
    )
    missing = rows.filter(~Exists(held)).order_by()
    wanted = set(missing.values_list("contact__user", "group__auth_group"))
    through.objects.bulk_create(
        [
            through(**{f"{user}_id": user_pk, f"{auth_group}_id": group_pk})
            for user_pk, group_pk in sorted(wanted)
        ],
        batch_size=CHUNK,
        # Somebody else may be doing the same.
        ignore_conflicts=True,
    )


def _take_surplus(
    group: AccessGroup | None, contacts: list[int] | None, users: list[Any] | None
) -> None:
    through, user, auth_group = _account_groups()
    held = through.objects.filter(
        **{f"{auth_group}__helpdesk_access_group__isnull": False}
    )
    if group is not None:
        held = held.filter(**{auth_group: group.auth_group_id})
    if contacts is not None:
        held = held.filter(**{f"{user}__helpdesk_contact__in": contacts})
    if users is not None:
        held = held.filter(**{f"{user}__in": users})
    entitling = AccessMembership.objects.entitling().filter(
        contact__user=OuterRef(user), group__auth_group=OuterRef(auth_group)
    )
    surplus = held.filter(~Exists(entitling)).values_list("pk", flat=True)
    for keys in chunks(list(surplus)):
        through.objects.filter(pk__in=keys).delete()
