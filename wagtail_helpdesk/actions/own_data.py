"""A customer downloads their own data, or asks for its deletion.

Deleting is decided by people (GDPR, article 17, has exceptions): what a customer asks
for becomes a ticket, and nothing is deleted by it.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail_helpdesk.actions.base import Action, IdempotentAction
from wagtail_helpdesk.actions.open_ticket import OpenedTicket, OpenTicket, Origin
from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.models import Channel, Contact, Conversation, Event
from wagtail_helpdesk.models.events import EventQuerySet


class RecordDataDownload(Action[Event]):
    """Note that a contact downloads their own data, before it leaves.

    Args:
        contact: Who downloads their data.
    """

    def __init__(self, *, contact: Contact) -> None:
        self.actor = self.contact = contact

    def check(self) -> None:
        if self.contact.is_blocked or self.contact.erased_at is not None:
            raise ActionPermissionError(_("This data cannot be downloaded."))

    def perform(self) -> Event:
        return self.record(Event.Kind.DATA_DOWNLOADED, contact=self.contact)


class AskForDeletion(IdempotentAction[OpenedTicket]):
    """Ask for the deletion of one's own data: opens one ticket, for people to decide.

    While such a ticket is open there is no second one, whatever is sent, and however
    often.

    Args:
        contact: Whose data it is.
        channel: Decides the inbox.
        origin: The page it was asked on.

    Returns:
        What was opened, now (``created``) or before.

    Raises:
        ActionPermissionError: The contact is blocked.
        ActionError: ``channel_off``.
    """

    def __init__(
        self, *, contact: Contact, channel: Channel, origin: Origin | None = None
    ) -> None:
        self.actor = self.contact = contact
        self.channel = channel
        self.origin = origin

    def check(self) -> None:
        self._opening(0).check()

    def existing(self) -> OpenedTicket | None:
        event = open_deletion_request(self.contact)
        if event is None or event.conversation is None or event.message is None:
            return None
        return OpenedTicket(event.ticket, event.conversation, event.message, False)

    def perform(self) -> OpenedTicket:
        # One after the other; whoever waited here finds what the other has opened.
        Contact.objects.select_for_update().get(pk=self.contact.pk)
        earlier = self.existing()
        if earlier is not None:
            return earlier
        before = _asked(self.contact).order_by("-pk").values_list("pk", flat=True)
        opened = self._opening(before.first() or 0).execute(skip_permission_checks=True)
        if opened.created:
            self.record(
                Event.Kind.DELETION_ASKED,
                ticket=opened.ticket,
                conversation=opened.conversation,
                message=opened.message,
                contact=self.contact,
            )
        return opened

    def _opening(self, last: int) -> OpenTicket:
        """What opens the ticket that follows the one of an earlier event."""
        # Agents read it, so it is in the site's language, whatever the customer's.
        with override(settings.LANGUAGE_CODE):
            subject = _("Please delete my data")
            body = _(
                "Please delete all data that you hold about me.\n\n"
                "Sent with the button on the account page of the customer portal."
            )
        return OpenTicket(
            channel=self.channel,
            contact=self.contact,
            subject=subject,
            body_text=body,
            language=self.contact.language,
            origin=self.origin,
            # Where there are no row locks, two meet at the constraint on this key.
            thread_key=f"deletion:{self.contact.public_id}:{last}",
        )


def open_deletion_request(contact: Contact) -> Event | None:
    """When a contact asked for deletion, if that has not been answered yet.

    Args:
        contact: The contact.

    Returns:
        The event, with ``ticket``, ``conversation`` and ``message``; ``None`` if there
        is none, or its ticket, or the one it was merged into, is closed, in the trash
        or spam.
    """
    waiting = (
        Q(ticket__is_closed=False, ticket__deleted_at=None, ticket__merged_into=None)
        # After a merge it is the other ticket that is worked on.
        | Q(ticket__merged_into__is_closed=False, ticket__merged_into__deleted_at=None)
        | Q(ticket=None, conversation__status=Conversation.Status.OPEN)
    )
    found = (
        _asked(contact)
        .filter(waiting, conversation__deleted_at=None)
        .exclude(conversation__status=Conversation.Status.SPAM)
        .select_related("ticket", "conversation", "message")
    )
    return found.order_by("-pk").first()


def _asked(contact: Contact) -> EventQuerySet:
    return Event.objects.filter(kind=Event.Kind.DELETION_ASKED, contact=contact)
