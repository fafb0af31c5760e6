"""What follows from a support form that was filled in: contact, consent, ticket."""

from __future__ import annotations

from typing import Protocol, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import get_language

from wagtail_helpdesk.actions import (
    OnBehalf,
    OpenedTicket,
    OpenTicket,
    Origin,
    RecordConsent,
    ResolveContact,
)
from wagtail_helpdesk.actions.base import IdempotentAction
from wagtail_helpdesk.actions.together import files_taken_back, written_together
from wagtail_helpdesk.forms.answers import Answers
from wagtail_helpdesk.forms.builder import VisitorForm
from wagtail_helpdesk.models import Contact, Conversation, Ticket

_Made = TypeVar("_Made")


class Opening:
    """Opens the ticket that a form asks for.

    Args:
        form: A valid form.
        origin: Where the request came from.
        client_token: The same one twice has one effect.
        follow_up_of: The ticket that the new one follows, which the visitor may see.
        on_behalf: For whom the visitor sends it, if not for themselves.
    """

    def __init__(
        self,
        form: VisitorForm,
        origin: Origin,
        client_token: str,
        *,
        follow_up_of: Ticket | None = None,
        on_behalf: OnBehalf | None = None,
    ) -> None:
        self.form = form
        self.support_form = form.support_form
        self.origin = origin
        self.client_token = client_token
        self.follow_up_of = follow_up_of
        self.answers = Answers(form)
        self.on_behalf = on_behalf
        self.language = get_language() or ""

    @property
    def contact(self) -> Contact | None:
        """Whose ticket it will be, as far as it is known before."""
        return self.on_behalf.contact if self.on_behalf else self.form.visitor.contact

    def was_sent_before(self) -> bool:
        """Whether this very form has had its effect already."""
        return Conversation.objects.filter(
            channel=self.support_form.channel, thread_key=f"token:{self.client_token}"
        ).exists()

    def execute(self) -> OpenedTicket:
        """All in one transaction, which is enough unless some of it is there already.

        Raises:
            ActionPermissionError: The contact may not open a ticket.
            ActionError: What was filled in cannot be used.
        """
        try:
            with files_taken_back(), transaction.atomic(), written_together():
                return self._open(_as_a_part)
        except IntegrityError:
            # The form was sent before, or at this moment: each action finds what is
            # there.
            return self._open(_alone)

    def _open(self, do: _Do) -> OpenedTicket:
        answers, support_form = self.answers, self.support_form
        contact = self.form.visitor.contact
        if contact is None:
            resolving = ResolveContact(
                email=answers.email, name=answers.name, language=self.language
            )
            contact = do(resolving)
        if support_form.consent_wording:
            consent = RecordConsent(
                contact=contact,
                text=support_form.consent_wording,
                language=support_form.locale.language_code,
                source=f"form:{support_form.key}",
            )
            do(consent)
        opening = OpenTicket(
            channel=support_form.channel,
            contact=contact,
            subject=answers.subject,
            body_text=answers.body,
            uploads=answers.uploads,
            language=self.language,
            properties=answers.properties,
            priority=answers.priority,
            stage=answers.stage,
            type=answers.type,
            form_data=answers.form_data,
            origin=self.origin,
            client_token=self.client_token,
            follow_up_of=self.follow_up_of,
            on_behalf=self.on_behalf,
        )
        return do(opening)


class _Do(Protocol):
    def __call__(self, action: IdempotentAction[_Made], /) -> _Made: ...


def _alone(action: IdempotentAction[_Made]) -> _Made:
    return action.execute()


def _as_a_part(action: IdempotentAction[_Made]) -> _Made:
    """Execute it in the transaction that is open."""
    action.check()
    # A ticket is mostly new, and a constraint tells if it is not.
    if not isinstance(action, OpenTicket) and (found := action.existing()) is not None:
        return found
    action.validate()
    return action.execute_in_transaction()
