"""What every action shares: permission, one transaction, and the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, Generic, NoReturn, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.together import insert_event
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Agent, Contact, Conversation, Event, Message, Ticket
from wagtail_helpdesk.signals import events_recorded

#: Who does something: an agent, a contact, or ``None`` for the system itself.
Actor = Agent | Contact | None

Result = TypeVar("Result")

#: Events that mails may follow.
NOTIFYING = frozenset(
    {
        Event.Kind.TICKET_OPENED,
        Event.Kind.MESSAGE_RECEIVED,
        Event.Kind.NOTE_ADDED,
        Event.Kind.TICKET_ASSIGNED,
        # Only where it closes the ticket; see ``ChangeStage``.
        Event.Kind.STAGE_CHANGED,
        # Its mails are in the outbox already; the kick sends them.
        Event.Kind.INVITATION_SENT,
    }
)

#: Events after which a search finds something else.
SEARCHED = frozenset(
    {
        Event.Kind.TICKET_OPENED,
        Event.Kind.MESSAGE_RECEIVED,
        Event.Kind.MESSAGE_SENT,
        Event.Kind.NOTE_ADDED,
        Event.Kind.SEND_UNDONE,
        Event.Kind.DETAILS_CHANGED,
        Event.Kind.TICKET_MERGED,
        Event.Kind.TICKET_UNMERGED,
        Event.Kind.CONVERSATION_TRASHED,
        Event.Kind.CONVERSATION_RESTORED,
        Event.Kind.CONTACT_CLAIMED,
        Event.Kind.CONTACT_RENAMED,
    }
)

#: Ids and ``due`` of the events that are announced later.
_held_back: ContextVar[list[tuple[int, int]] | None] = ContextVar(
    "helpdesk_events_held_back", default=None
)


def announce(sender: type, events: list[tuple[int, int]]) -> None:
    """Tell the receivers of ``events_recorded``; to be called after the commit.

    Args:
        sender: Whom they see as the sender.
        events: Id and ``due`` of each event.
    """
    held_back = _held_back.get()
    if held_back is not None:
        held_back.extend(events)
        return
    due = 0
    for _event_id, bits in events:
        due |= bits
    events_recorded.send_robust(
        sender=sender, event_ids=[event_id for event_id, _bits in events], due=due
    )


@contextmanager
def announced_together(sender: type) -> Iterator[None]:
    """What actions record inside is announced at the end, all at once.

    For whoever executes many actions in one transaction.

    Args:
        sender: Whom the receivers of the signal see as its sender.
    """
    events: list[tuple[int, int]] = []
    token = _held_back.set(events)
    try:
        yield
    finally:
        _held_back.reset(token)
        if events:
            announce(sender, events)


class Action(Generic[Result]):
    """A use case: the only way to write.

    ``execute()`` asks ``check()`` whether the actor may do it, and runs ``perform()``
    in one transaction together with the events it records. Takes domain objects and
    plain values, keyword-only; knows nothing of requests.

    Raises:
        ActionPermissionError: The actor may not do this.
        ActionError: The input is wrong; nothing was written.
    """

    #: The actor recorded in events; set by the constructor.
    actor: Actor = None
    _events: list[Event]

    def check(self) -> None:
        """Raise ``ActionPermissionError`` unless the actor may do this."""

    def perform(self) -> Result:
        """Do it; runs inside the transaction."""
        raise TypeError(f"{type(self).__name__} does not say what it does")

    def execute(self, *, skip_permission_checks: bool = False) -> Result:
        """Do it in one transaction, and tell the receivers after the commit.

        Args:
            skip_permission_checks: For callers that decided already, such as another
                action.
        """
        if not skip_permission_checks:
            self.check()
        with transaction.atomic():
            return self.execute_in_transaction()

    def execute_in_transaction(self) -> Result:
        """Do it as a part of the caller's transaction, which an error undoes too.

        For callers that decided about permission and input, and do many things in one
        transaction: it costs no savepoint.
        """
        self._events = []
        result = self.perform()
        if self._events:
            transaction.on_commit(partial(self._announce, self._events))
        return result

    def _announce(self, events: Iterable[Event]) -> None:
        # Only now: where many are inserted at once, they had no ids before.
        announce(type(self), [(event.pk, event.due) for event in events])

    def record(
        self,
        kind: Event.Kind,
        *,
        ticket: Ticket | None = None,
        conversation: Conversation | None = None,
        message: Message | None = None,
        contact: Contact | None = None,
        notify: bool = True,
        **data: Any,
    ) -> Event:
        """Write an event of this action into the ledger.

        Args:
            kind: What happened.
            ticket: The ticket it happened to.
            conversation: The conversation it happened in.
            message: The message it is about.
            contact: The contact it happened to, where there is no ticket.
            notify: Whether mails may follow, where they do follow such events.
            data: JSON values, usually ``before`` and ``after``; never message text.
        """
        event = Event(
            kind=kind,
            ticket=ticket,
            conversation=conversation,
            message=message,
            contact=contact,
            actor_agent=self.actor if isinstance(self.actor, Agent) else None,
            actor_contact=self.actor if isinstance(self.actor, Contact) else None,
            data=data,
            due=(Event.Consumer.NOTIFICATIONS if notify and kind in NOTIFYING else 0)
            | (Event.Consumer.SEARCH if kind in SEARCHED else 0),
        )
        insert_event(event)
        self._events.append(event)
        return event

    def record_for_each(
        self, kind: Event.Kind, contacts: Iterable[int], **data: Any
    ) -> None:
        """Write an event for each of these contacts, in few statements.

        Args:
            kind: What happened to them; nothing follows such events.
            contacts: Keys of the contacts.
            data: JSON values, the same for all.
        """
        events = Event.objects.bulk_create(
            [
                Event(
                    kind=kind,
                    contact_id=contact,
                    actor_agent=self.actor if isinstance(self.actor, Agent) else None,
                    actor_contact=(
                        self.actor if isinstance(self.actor, Contact) else None
                    ),
                    data=data,
                )
                for contact in contacts
            ],
            batch_size=500,
        )
        # MySQL does not say which keys such rows get.
        self._events += [event for event in events if event.pk is not None]


class IdempotentAction(Action[Result]):
    """An action that, run twice on the same input, does nothing the second time.

    The input carries a token that a unique constraint knows. Two runs at the same
    moment meet at that constraint; the slower one is undone and finds the other's
    result.
    """

    def existing(self) -> Result | None:
        """What an earlier run on the same input made, or ``None``."""
        return None

    def validate(self) -> None:
        """Raise ``ActionError`` for bad input; runs outside the transaction."""

    def execute(self, *, skip_permission_checks: bool = False) -> Result:
        if not skip_permission_checks:
            self.check()
        existing = self.existing()
        if existing is not None:
            return existing
        self.validate()
        try:
            with transaction.atomic():
                return self.execute_in_transaction()
        except IntegrityError:
            existing = self.existing()
            if existing is None:
                raise
            return existing


def require_ticket_access(
    ticket: Ticket, actor: Actor, *, in_trash: bool = False
) -> None:
    """Raise ``ActionPermissionError`` if an agent may not work this ticket.

    The system (``None``) may; a contact may not: what customers do has actions of
    its own, which ask the portal's rules.

    Args:
        ticket: The ticket.
        actor: Who wants to work it.
        in_trash: Whether a ticket in the trash or a merged one counts too.
    """
    if actor is None:
        return
    if isinstance(actor, Agent):
        tickets = Ticket.objects.in_inboxes_of(actor)
        if not in_trash:
            tickets = tickets.live()
        if tickets.filter(pk=ticket.pk).exists():
            return
    raise ActionPermissionError(_("You have no access to this ticket."))


def lock_ticket(ticket: Ticket) -> Ticket:
    """The ticket as it is now, locked until the transaction ends.

    Always taken before the locks of its conversations, so that two actions on one
    ticket cannot wait for each other.

    Raises:
        ActionError: It was merged into another since the caller looked: nothing is
            written where nobody would read it.
    """
    locked = Ticket.objects.select_for_update().get(pk=ticket.pk)
    refuse_merged(locked)
    if Ticket.stage.is_cached(ticket) and ticket.stage.pk == locked.stage_id:
        locked.stage = ticket.stage
    return locked


def refuse_merged(ticket: Ticket) -> None:
    """Raise ``ActionError`` for a ticket that was merged into another."""
    if ticket.merged_into_id is not None:
        _refuse_as_merged()


def _refuse_as_merged() -> NoReturn:
    raise ActionError(
        "merged", _("It was merged into another meanwhile. Load the page again.")
    )


def lock_conversations(conversations: Iterable[int]) -> list[Conversation]:
    """The conversations with these ids, locked in the order of their ids."""
    return list(
        Conversation.objects.select_for_update()
        .filter(pk__in=list(conversations))
        .order_by("pk")
    )


def lock_conversation(conversation: Conversation) -> Conversation:
    """The conversation as it is now, locked after its ticket was.

    Raises:
        ActionError: It came with a merged ticket, and stays as it was.
    """
    (locked,) = lock_conversations([conversation.pk])
    if locked.merged_from_id is not None:
        _refuse_as_merged()
    return locked


def lock_with_ticket(conversation: Conversation) -> Conversation:
    """The conversation, locked after its ticket; see ``lock_ticket``."""
    if conversation.ticket is not None:
        lock_ticket(conversation.ticket)
    return lock_conversation(conversation)


def save_ticket(ticket: Ticket, *fields: str) -> None:
    """Save the named fields of a locked ticket and count its version up."""
    ticket.version += 1
    ticket.save(update_fields=[*fields, "version"])
