"""What a portal asks of a customer beside a proved address, as data that says itself.

The same conditions decide, and are told to editors and agents (N8).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wagtail_helpdesk.access import sso
from wagtail_helpdesk.models import Contact
from wagtail_helpdesk.portal.at_the_door import known_at_the_door, memberships


@dataclass(frozen=True, slots=True)
class EntryCondition:
    """One condition of a portal.

    Attributes:
        is_met: Whether a contact meets it.
        sentence: Says who does, in the language that is active.
    """

    is_met: Callable[[Contact], bool]
    sentence: Callable[[], str]


def by_provider(portal_key: Any) -> EntryCondition:
    """A company's provider can sign the contact in (B54).

    Args:
        portal_key: What the portal's pages share in every language.
    """

    def is_met(contact: Contact) -> bool:
        return sso.may_bring(portal_key, contact)

    def sentence() -> str:
        names = ", ".join(map(str, sso.serving(portal_key)))
        if not names:
            return _(
                "Nobody enters the portal: no identity provider that is on serves it."
            )
        return _(
            "Only people who sign in through an identity provider enter the portal: "
            "%(providers)s."
        ) % {"providers": names}

    return EntryCondition(is_met, sentence)


def by_group(page: Any) -> EntryCondition:
    """The contact is a member of one of the portal's groups (B48).

    Args:
        page: The portal's page; if none of its access groups is left, nobody meets it.
    """

    def is_met(contact: Contact) -> bool:
        known = known_at_the_door(page, contact)
        if known is not None:
            return known.is_member
        keys = [group.pk for group in page.access_groups.all()]
        return bool(keys) and memberships(contact.pk, keys).exists()

    def sentence() -> str:
        names = ", ".join(sorted(group.name for group in page.access_groups.all()))
        if not names:
            return _("Nobody enters the portal: none of its access groups is left.")
        return _(
            "Only members of one of these access groups enter the portal: %(groups)s."
        ) % {"groups": names}

    return EntryCondition(is_met, sentence)
