"""What a message does: a reply, a note or a new ticket, by the actions of people."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from wagtail_helpdesk.actions import (
    AddNote,
    OpenTicket,
    ReceiveMessage,
    ResolveContact,
)
from wagtail_helpdesk.channels.events import InboundEvent, Party
from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.intake.content import facts_about, sort_files, text_of
from wagtail_helpdesk.intake.lookups import Lookups, Place, Site
from wagtail_helpdesk.intake.matching import Match, match
from wagtail_helpdesk.intake.works import Unusable, Work
from wagtail_helpdesk.models import (
    Agent,
    Contact,
    Conversation,
    Message,
    Ticket,
    normalise_email,
)


@dataclass(slots=True)
class Writer:
    """Writes messages within the transaction of a run.

    Attributes:
        site: What holds for the whole run.
        known: What was looked up, and what came about meanwhile.
        tickets: Those whose rows are locked, by their keys.
        conversations: The same of conversations.
    """

    site: Site
    known: Lookups
    tickets: dict[int, Ticket] = field(default_factory=dict)
    conversations: dict[int, Conversation] = field(default_factory=dict)

    def write(self, work: Work, event: InboundEvent) -> str:
        """Write what an event says.

        Args:
            work: Gets the message that came about.
            event: A message.

        Returns:
            Why nothing was written, or empty.

        Raises:
            Unusable: It says nothing that can be used.
            ActionError: An action refused it.
        """
        party = event.party
        if party is None:
            raise Unusable(_("It does not say who sent it."))
        if normalise_email(party.email) in self.site.ours:
            return _("Its sender is one of our own addresses.")
        found = match(work.channel, event, self.known)
        if found.contact is not None and found.contact.is_blocked:
            return _("Its sender is blocked.")
        ticket = self._ticket_of(found)
        if event.is_automatic and (ticket is None or found.agent is not None):
            return _("A machine wrote it, and it belongs to no request.")
        if found.agent is not None and ticket is not None:
            work.message = self._note(event, found.agent, ticket)
            return ""
        contact = found.contact or self._new_contact(party)
        place: Place | None
        if ticket is not None:
            work.message, place = self._reply(work, event, found, contact, ticket)
        else:
            work.message, place = self._open(work, event, found, contact)
        self.known.remember(work.channel, event, contact, place)
        return ""

    def _ticket_of(self, found: Match) -> Ticket | None:
        """The ticket it belongs to, as it is now; not if it went into the trash."""
        if found.place is None:
            return None
        ticket = self.tickets.get(found.place.ticket.pk, found.place.ticket)
        return ticket if ticket.deleted_at is None else None

    def _new_contact(self, party: Party) -> Contact:
        resolving = ResolveContact(email=party.email, name=party.name)
        resolving.check()
        return resolving.existing() or resolving.execute_in_transaction()

    def _note(self, event: InboundEvent, agent: Agent, ticket: Ticket) -> Message:
        """An agent answered a notice: colleagues read it, the customer does not."""
        uploads, _refused = sort_files(event)
        adding = AddNote(
            ticket=ticket, agent=agent, body_text=text_of(event), uploads=uploads
        )
        try:
            adding.check()
        except ActionPermissionError as error:
            raise Unusable(str(error)) from error
        return adding.execute_in_transaction()

    def _reply(
        self,
        work: Work,
        event: InboundEvent,
        found: Match,
        contact: Contact,
        ticket: Ticket,
    ) -> tuple[Message, Place]:
        uploads, refused = sort_files(event)
        received = ReceiveMessage(
            ticket=ticket,
            contact=contact,
            channel=work.channel,
            body_text=text_of(event),
            body_html=event.html,
            uploads=uploads,
            external_id=event.external_id,
            form_data=facts_about(event, refused=refused),
            locked=self._locked(found, ticket),
            is_automatic=event.is_automatic,
        ).execute_in_transaction()
        place = Place(received.ticket, received.message.conversation_id)
        return received.message, place

    def _locked(
        self, found: Match, ticket: Ticket
    ) -> tuple[Ticket, Conversation] | None:
        """The conversation that was answered, if customers still write there."""
        place = found.place
        if place is None or place.conversation_id is None:
            return None
        conversation = self.conversations.get(place.conversation_id)
        if (
            conversation is None
            or ticket.pk not in self.tickets
            or conversation.ticket_id != ticket.pk
            or conversation.merged_from_id is not None
            or conversation.deleted_at is not None
            or conversation.status == Conversation.Status.SPAM
            or not conversation.is_customer_visible
        ):
            return None
        return ticket, conversation

    def _open(
        self, work: Work, event: InboundEvent, found: Match, contact: Contact
    ) -> tuple[Message, Place | None]:
        uploads, refused = sort_files(event)
        opening = OpenTicket(
            channel=work.channel,
            contact=contact,
            subject=event.subject,
            body_text=text_of(event),
            body_html=event.html,
            uploads=uploads,
            stage=self.site.first_stage(work.channel),
            external_id=event.external_id,
            form_data=facts_about(event, refused=refused, named=found.named),
            acknowledge=event.may_be_answered,
        )
        opening.check()
        opening.validate()
        opened = opening.execute_in_transaction()
        if opened.ticket is None:
            return opened.message, None
        return opened.message, Place(opened.ticket, opened.conversation.pk)
