"""Who wrote: the contact behind an address (R14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.access_memberships import apply_rules
from wagtail_helpdesk.actions.base import IdempotentAction
from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Agent, Contact, Event, Identity, normalise_email


@dataclass(frozen=True, slots=True)
class ForwardedSender:
    """The original sender of a mail that somebody forwarded.

    Attributes:
        email: The original sender's address.
        name: Their name, or empty.
    """

    email: str
    name: str = ""


class ResolveContact(IdempotentAction[Contact]):
    """The contact an address belongs to; an unknown address makes a new contact (B73).

    A new identity is unverified: it opens no portal to anybody. A known contact is
    never renamed by what a stranger typed. A mail that an **agent** forwarded counts
    as the original sender's (B82); anybody else's forward counts as their own.

    Args:
        email: The sender's address.
        name: The sender's name, used for a new contact.
        language: Language code, used for a new contact.
        forwarded: The original sender, if the mail is a forward.
        log_forwards_on_original: Switch of B82.

    Raises:
        ActionError: ``bad_email``.
    """

    def __init__(
        self,
        *,
        email: str,
        name: str = "",
        language: str = "",
        forwarded: ForwardedSender | None = None,
        log_forwards_on_original: bool = True,
    ) -> None:
        original = forwarded if log_forwards_on_original else None
        if original is not None and self._is_agent(normalise_email(email)):
            email, name = original.email, original.name
        self.email = normalise_email(email)
        self.name = clean_line(name, 200)
        self.language = language
        self._created: Contact | None = None

    @classmethod
    def create_all(cls, wanted: Sequence[ResolveContact]) -> list[Contact]:
        """New contacts as a part of the caller's transaction, in few statements.

        Args:
            wanted: Checked, each with another address, which no contact has.
        """
        if connection.features.can_return_rows_from_bulk_insert:
            contacts = Contact.objects.bulk_create(
                Contact(name=one.name, language=one.language) for one in wanted
            )
            # In one order everywhere, so that two workers do not wait for each other.
            pairs = sorted(
                zip(wanted, contacts, strict=True), key=lambda pair: pair[0].email
            )
            Identity.objects.bulk_create(
                Identity(contact=contact, kind=Identity.Kind.EMAIL, value=one.email)
                for one, contact in pairs
            )
            for one, contact in pairs:
                one._created = contact
        made = [one.execute_in_transaction() for one in wanted]
        together = [one._created.pk for one in wanted if one._created]
        if together:
            apply_rules(wanted[0], together)
        return made

    @staticmethod
    def _is_agent(email: str) -> bool:
        return Agent.objects.filter(
            is_active=True, user__is_active=True, user__email__iexact=email
        ).exists()

    def check(self) -> None:
        # Before anything is looked up: a bad address finds nobody.
        try:
            validate_email(self.email)
            if len(self.email) > 254:
                raise ValidationError("too long")
        except ValidationError as error:
            raise ActionError(
                "bad_email",
                _("“%(value)s” is no e-mail address, such as name@example.com.")
                % {"value": self.email[:100]},
                field="email",
            ) from error

    def existing(self) -> Contact | None:
        identity = (
            Identity.objects.select_related("contact")
            .filter(kind=Identity.Kind.EMAIL, value=self.email)
            .first()
        )
        return identity.contact if identity else None

    def perform(self) -> Contact:
        contact = self._created or self._create()
        # Known without looking: nobody else has seen this contact yet.
        contact.email, contact.organization = self.email, None
        self.actor = contact
        self.record(Event.Kind.CONTACT_CREATED, contact=contact)
        if self._created is None:
            apply_rules(self, [contact.pk])
        return contact

    def _create(self) -> Contact:
        contact = Contact.objects.create(name=self.name, language=self.language)
        Identity.objects.create(
            contact=contact, kind=Identity.Kind.EMAIL, value=self.email
        )
        return contact
