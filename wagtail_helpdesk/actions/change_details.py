"""Subject, type, priority, team, tags and custom properties of a ticket change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import (
    Action,
    Actor,
    lock_ticket,
    require_ticket_access,
    save_ticket,
)
from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Event, Priority, Tag, Team, Ticket

#: Stands for "leave it as it is", where ``None`` is a value.
UNCHANGED: Any = object()


class ChangePriority(Action[Ticket]):
    """Set how soon a ticket wants an answer.

    Args:
        ticket: The ticket.
        priority: A ``Priority``.
        actor: Who does it.
    """

    def __init__(self, *, ticket: Ticket, priority: int, actor: Actor) -> None:
        self.ticket = ticket
        self.priority = priority
        self.actor = actor

    def check(self) -> None:
        require_ticket_access(self.ticket, self.actor)

    def perform(self) -> Ticket:
        if self.priority not in Priority.values:
            raise ActionError(
                "unknown_priority",
                _("There is no priority “%(value)s”.") % {"value": self.priority},
                field="priority",
            )
        ticket = lock_ticket(self.ticket)
        if ticket.priority != self.priority:
            before, ticket.priority = ticket.priority, self.priority
            save_ticket(ticket, "priority")
            self.record(
                Event.Kind.PRIORITY_CHANGED,
                ticket=ticket,
                before={"priority": before},
                after={"priority": self.priority},
            )
        return ticket


class ChangeTicketDetails(Action[Ticket]):
    """Change what is given; the rest stays as it is.

    Args:
        ticket: The ticket.
        actor: Who does it.
        subject: A new subject.
        type: A new type; empty: none.
        team: A new team, or ``None``.
        properties: Custom properties to set; a value of ``None`` removes the key.
        tags: The names of all tags the ticket shall have; new ones are made.
    """

    def __init__(
        self,
        *,
        ticket: Ticket,
        actor: Actor,
        subject: str = UNCHANGED,
        type: str = UNCHANGED,
        team: Team | None = UNCHANGED,
        properties: Mapping[str, Any] = UNCHANGED,
        tags: Iterable[str] = UNCHANGED,
    ) -> None:
        self.ticket = ticket
        self.actor = actor
        self.subject = subject
        self.type = type
        self.team = team
        self.properties = properties
        self.tags = tags

    def check(self) -> None:
        require_ticket_access(self.ticket, self.actor)

    def perform(self) -> Ticket:
        ticket = lock_ticket(self.ticket)
        changed: list[str] = []
        if self.subject is not UNCHANGED:
            subject = clean_line(self.subject)
            if not subject:
                raise ActionError("empty", _("Write a subject."), field="subject")
            if subject != ticket.subject:
                ticket.subject = subject
                changed.append("subject")
        if self.type is not UNCHANGED:
            new_type = clean_line(self.type, 50)
            if new_type != ticket.type:
                ticket.type = new_type
                changed.append("type")
        if self.team is not UNCHANGED and self.team != ticket.team:
            ticket.team = self.team
            changed.append("team")
        if self.properties is not UNCHANGED:
            merged = {**ticket.properties, **self.properties}
            merged = {key: value for key, value in merged.items() if value is not None}
            if merged != ticket.properties:
                ticket.properties = merged
                changed.append("properties")
        names = list(changed)
        if self.tags is not UNCHANGED and self._set_tags(ticket):
            names.append("tags")
        if names:
            save_ticket(ticket, *changed)
            # The names of what changed, never the text: see Ticket.__str__.
            self.record(Event.Kind.DETAILS_CHANGED, ticket=ticket, fields=names)
        return ticket

    def _set_tags(self, ticket: Ticket) -> bool:
        wanted = {clean_line(name, 60) for name in self.tags} - {""}
        present = set(ticket.tags.values_list("name", flat=True))
        if wanted == present:
            return False
        tags = [Tag.objects.get_or_create(name=name)[0] for name in sorted(wanted)]
        ticket.tags.set(tags)
        return True
