"""A customer closes a request in the portal (R8), or opens it again (R7)."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import Action, lock_ticket
from wagtail_helpdesk.actions.change_stage import (
    ChangeStage,
    reopening_stage,
    within_reopening_window,
)
from wagtail_helpdesk.actions.receive_message import ReceivedMessage, ReceiveMessage
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Contact, Pipeline, PortalRules, Stage, Ticket


def closed_stage_for(pipeline: Pipeline, portal: PortalRules) -> Stage | None:
    """The stage a customer's close leads to in ``pipeline`` (B47).

    The portal's choice, else the pipeline's only closed stage, else ``None``.
    """
    closed = {stage.pk: stage for stage in pipeline.stages.closed()}
    key = closed_stage_among(closed, portal.closed_stages.get(pipeline.pk))
    return closed[key] if key is not None else None


def closed_stage_among(closed: Collection[int], chosen: int | None) -> int | None:
    """The same of stages that are known by their keys.

    Args:
        closed: The closed stages of the pipeline.
        chosen: The portal's choice.
    """
    if chosen is not None:
        return chosen if chosen in closed else None
    return next(iter(closed)) if len(closed) == 1 else None


class CloseOwnTicket(Action[Ticket]):
    """Close a request the contact sees in the portal, if the portal allows it (B46).

    Args:
        ticket: The ticket.
        contact: Who closes it.
        portal: The rules of the portal.
    """

    def __init__(
        self, *, ticket: Ticket, contact: Contact, portal: PortalRules
    ) -> None:
        self.ticket = ticket
        self.actor = self.contact = contact
        self.portal = portal

    def check(self) -> None:
        visible = Ticket.objects.visible_to_contact(self.contact, self.portal)
        if not visible.filter(pk=self.ticket.pk).exists():
            raise ActionPermissionError(_("You have no access to this request."))
        if not self.portal.may_close:
            raise ActionPermissionError(_("Requests cannot be closed here."))

    def perform(self) -> Ticket:
        ticket = lock_ticket(self.ticket)
        if ticket.is_closed:
            return ticket
        stage = closed_stage_for(ticket.pipeline, self.portal)
        if stage is None:
            raise ActionError(
                "no_closed_stage",
                _("This request cannot be closed here. Ask us to close it."),
            )
        return ChangeStage(ticket=ticket, stage=stage, actor=self.contact).execute(
            skip_permission_checks=True
        )


class ReopenOwnTicket(Action[Ticket]):
    """Open a closed request again without a word, where a reply would do so too (R7).

    Args:
        ticket: The ticket.
        contact: Who opens it.
        portal: The rules of the portal.
    """

    def __init__(
        self, *, ticket: Ticket, contact: Contact, portal: PortalRules
    ) -> None:
        self.ticket = ticket
        self.actor = self.contact = contact
        self.portal = portal

    def check(self) -> None:
        visible = Ticket.objects.visible_to_contact(self.contact, self.portal)
        if not visible.filter(pk=self.ticket.pk).exists():
            raise ActionPermissionError(_("You have no access to this request."))
        if not self.portal.reply_on_closed:
            raise ActionPermissionError(_("Closed requests are not opened again here."))

    def perform(self) -> Ticket:
        ticket = lock_ticket(self.ticket)
        if not ticket.is_closed:
            return ticket
        days = self.portal.reopen_days
        if not within_reopening_window(ticket, days=days, now=timezone.now()):
            raise ActionError(
                "closed_long_ago",
                _("This request was closed too long ago to be opened again."),
            )
        return ChangeStage(
            ticket=ticket, stage=reopening_stage(ticket), actor=self.contact
        ).execute(skip_permission_checks=True)


class ReplyAndClose(Action[ReceivedMessage]):
    """A customer's last word: the reply is taken and the request closed, or neither.

    The same form twice has one effect. A reply that opens a follow-up leaves that open.

    Args:
        reply: The reply as it would be taken alone; its portal says whether customers
            may close.
    """

    def __init__(self, *, reply: ReceiveMessage) -> None:
        self.reply = reply
        self.actor = self.contact = reply.contact
        self._close = CloseOwnTicket(
            ticket=reply.ticket, contact=reply.contact, portal=reply.rules
        )

    def check(self) -> None:
        self.reply.check()
        self._close.check()

    def perform(self) -> ReceivedMessage:
        # Before anybody asks whether the reply is there already: a second click waits
        # here, and must not find a closed ticket with nothing sent.
        lock_ticket(self.reply.ticket)
        received = self.reply.execute(skip_permission_checks=True)
        if received.created and not received.is_follow_up:
            self._close.execute(skip_permission_checks=True)
        return received
