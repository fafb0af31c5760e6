"""The account by which the site is looked at as a contact, without being that contact.

It is made in memory for one request. It is in the access groups of the contact and in
nothing else: no permission, no other group, no row in the database. So whatever asks
``request.user`` (the help desk, Wagtail's own privacy, the site's templates) answers
as to the contact, and a contact who is also an editor or a superuser lends no right to
whoever looks.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from wagtail_helpdesk.models import AccessMembership, Contact, Identity

_CONTACT = "_helpdesk_viewed_contact"


def account_of(contact: Contact) -> Any:
    """An account that sees what ``contact`` sees, and can do nothing.

    Of a contact without an account: what they will see when they have signed in with
    a verified address.

    Args:
        contact: The contact, best with their identities prefetched.

    Returns:
        A user that is not saved, and does not let itself be saved.
    """
    model = get_user_model()
    user: Any = model(pk=_no_key(model))
    user.is_active = True
    user.is_staff = user.is_superuser = False
    # For "signed in as"; what the site's account model has no room for stays away.
    names = {field.name for field in model._meta.concrete_fields}
    shown = {"first_name": contact.name, "email": contact.email}
    shown[model.USERNAME_FIELD] = contact.email or contact.display_name
    for name, value in shown.items():
        if name in names and name != model._meta.pk.name:
            setattr(user, name, value)
    setattr(user, _CONTACT, contact)
    # As if prefetched: no query finds the groups or permissions of somebody else.
    user._prefetched_objects_cache = {"groups": groups_of(contact)}
    for cache in ("_perm_cache", "_user_perm_cache", "_group_perm_cache"):
        setattr(user, cache, set())
    user.save = user.delete = _not_kept
    user.asave = user.adelete = _not_kept_async
    return user


def is_stand_in(user: Any) -> bool:
    """Whether ``user`` is no account, but what a contact is looked at by."""
    return getattr(user, _CONTACT, None) is not None


def viewed_contact(user: Any) -> Contact | None:
    """The contact a stand-in is made of, as ``contact_for`` would know them.

    Args:
        user: A stand-in.

    Returns:
        The contact; ``None`` if the portal would not let them in.
    """
    contact: Contact = getattr(user, _CONTACT)
    return contact if is_known(contact) else None


def is_known(contact: Contact) -> bool:
    """Whether the portal knows the contact once they are signed in (R17).

    An account has to have proved an address; without one, this is about the time when
    they will have done so.
    """
    if contact.erased_at is not None or contact.is_blocked:
        return False
    return contact.user_id is None or any(
        identity.kind == Identity.Kind.EMAIL and identity.verified_at is not None
        for identity in contact.identities.all()
    )


def groups_of(contact: Contact) -> QuerySet[Group]:
    """The Django groups of the access groups that the contact is in."""
    if not is_known(contact):
        return Group.objects.none()
    memberships = AccessMembership.objects.filter(contact=contact)
    return Group.objects.filter(pk__in=memberships.values("group__auth_group"))


def _no_key(model: type[Any]) -> Any:
    """A primary key of the right type that no account has."""
    field = model._meta.pk
    for key in (-1, uuid.UUID(int=0)):
        try:
            return field.to_python(key)
        except ValidationError:
            continue
    return None


def _not_kept(*args: Any, **kwargs: Any) -> None:
    """Writing to the account that looks does nothing."""


async def _not_kept_async(*args: Any, **kwargs: Any) -> None:
    """The same, for who awaits it."""
