"""A customer changes their own name, language, time zone and mails."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import Action
from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Contact, Event
from wagtail_helpdesk.time_zones import zone_names

_NAME_LENGTH = 200


class ChangeProfile(Action[list[str]]):
    """Change what a contact says about themselves, and which mails they want.

    A language or time zone that the site does not offer (any more) may stay; nothing
    else may become one.

    Args:
        contact: Who changes their own profile.
        name: How others read them; may be empty.
        language: A code of ``LANGUAGES``; empty: that of each request.
        time_zone: An IANA name such as ``Europe/Madrid``; empty: the site's.
        mails_off: Each ``Contact.Mail`` that is not wanted.

    Returns:
        The names of the fields that changed; empty if none did.

    Raises:
        ActionPermissionError: The contact is blocked or erased.
        ActionError: ``too_long``, ``bad_language``, ``bad_time_zone`` or ``bad_mail``.
    """

    def __init__(
        self,
        *,
        contact: Contact,
        name: str,
        language: str,
        time_zone: str,
        mails_off: Iterable[str],
    ) -> None:
        self.actor = self.contact = contact
        self.name = clean_line(name, 10_000)
        self.language = language
        self.time_zone = time_zone
        self.mails_off = set(mails_off)

    def perform(self) -> list[str]:
        # Locked, so that of two forms sent at once none is told by halves.
        contact = Contact.objects.select_for_update().get(pk=self.contact.pk)
        if contact.is_blocked or contact.erased_at is not None:
            raise ActionPermissionError(_("This profile cannot be changed."))
        self._refuse_what_is_wrong(contact)
        # What a newer version, or an older one, has written there stays.
        kept = [mail for mail in contact.mails_off if mail not in Contact.Mail.values]
        chosen = [mail for mail in Contact.Mail.values if mail in self.mails_off]
        new = {
            "name": self.name,
            "language": self.language,
            "time_zone": self.time_zone,
            "mails_off": [*kept, *chosen],
        }
        changed = [
            field for field, value in new.items() if getattr(contact, field) != value
        ]
        for field in changed:
            setattr(contact, field, new[field])
            setattr(self.contact, field, new[field])
        if changed:
            contact.save(update_fields=changed)
        # Which fields, never their values: the ledger outlives the person's data.
        if "name" in changed:
            self.record(Event.Kind.CONTACT_RENAMED, contact=contact)
        preferences = [field for field in changed if field != "name"]
        if preferences:
            self.record(
                Event.Kind.PREFERENCES_CHANGED, contact=contact, fields=preferences
            )
        return changed

    def _refuse_what_is_wrong(self, contact: Contact) -> None:
        if len(self.name) > _NAME_LENGTH:
            raise ActionError(
                "too_long",
                _("Your name has %(length)d characters; at most %(most)d fit.")
                % {"length": len(self.name), "most": _NAME_LENGTH},
                field="name",
            )
        languages = {"", contact.language, *dict(settings.LANGUAGES)}
        if self.language not in languages:
            raise ActionError(
                "bad_language",
                _("“%(value)s” is no language of this site. Choose one of the list.")
                % {"value": self.language[:100]},
                field="language",
            )
        if self.time_zone not in {"", contact.time_zone} | zone_names():
            raise ActionError(
                "bad_time_zone",
                _("“%(value)s” is no time zone. Choose one of the list.")
                % {"value": self.time_zone[:100]},
                field="time_zone",
            )
        for mail in sorted(self.mails_off - set(Contact.Mail.values)):
            raise ActionError(
                "bad_mail",
                _("“%(value)s” is no kind of mail that can be switched off.")
                % {"value": mail[:100]},
                field="mails",
            )
