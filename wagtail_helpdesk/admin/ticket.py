"""A ticket's page: its thread, the composer, its properties, its contact."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.admin.base import WorkspacePage, admin_url
from wagtail_helpdesk.admin.forms import (
    PropertiesForm,
    SubjectForm,
    canned_replies,
    clean_mode,
    closing_stage,
    filled,
)
from wagtail_helpdesk.admin.thread import read_thread
from wagtail_helpdesk.models import (
    Conversation,
    Draft,
    Inbox,
    Message,
    Ticket,
    TicketProperty,
)
from wagtail_helpdesk.models.channels import InboxQuerySet
from wagtail_helpdesk.pagination import bounded_count

#: Other tickets of the contact that the card lists.
_OTHER_TICKETS = 5


@dataclass(slots=True)
class Composer:
    """What the composer shows.

    Attributes:
        mode: ``reply`` or ``note``.
        text: What has been written.
        conversation: Public id of the conversation a reply goes to.
        stage: Stage to move to with the reply, as text, or empty.
        error: What was wrong, or empty.
        is_conflict: Whether somebody wrote meanwhile (R16).
        lost_files: Names of files that have to be chosen again.
        token: Makes a second sending of the same form harmless.
        draft: The draft that was restored, if any.
    """

    mode: str = "reply"
    text: str = ""
    conversation: str = ""
    stage: str = ""
    error: str = ""
    is_conflict: bool = False
    lost_files: list[str] = field(default_factory=list)
    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    draft: Draft | None = None


class TicketPage(WorkspacePage):
    """Base of the pages about one ticket: what an agent may not see is not there."""

    header_icon = "mail"
    trail = (("inbox", gettext_lazy("Inbox")),)
    tab = "conversation"

    @cached_property
    def ticket(self) -> Ticket:
        """The ticket, if the agent may see it.

        Raises:
            Http404: It does not exist, is in the trash or in a foreign inbox.
        """
        tickets = Ticket.objects.visible_to_agent(self.agent).for_list()
        return get_object_or_404(
            tickets.prefetch_related("tags").select_related(
                "channel", "contact__user", "follow_up_of", "inbox__default_pipeline"
            ),
            public_id=self.kwargs["public_id"],
        )

    def get_page_title(self) -> str:
        return self.ticket.reference

    def get_page_subtitle(self) -> str:
        return self.ticket.subject

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        # The subject stands below; the header stays in sight while one scrolls.
        items = super().get_breadcrumbs_items()
        items[-1]["sublabel"] = self.ticket.contact.display_name
        return items

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ticket = self.ticket
        tabs = [
            ("conversation", _("Conversation"), "ticket"),
            ("customer", _("Customer view"), "ticket_customer_view"),
            ("history", _("History"), "ticket_history"),
        ]
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(
            ticket=ticket,
            agent=self.agent,
            tab=self.tab,
            tabs=[
                {"key": key, "label": label, "url": admin_url(name, ticket.public_id)}
                for key, label, name in tabs
            ],
            closing_stage=closing_stage(ticket),
            **self._aside(),
        )
        return context

    def _aside(self) -> dict[str, Any]:
        ticket = self.ticket
        visible = Ticket.objects.visible_to_agent(self.agent)
        others = visible.filter(contact=ticket.contact_id).exclude(pk=ticket.pk)
        conversations = list(
            ticket.conversations.filter(inbox__in=self.agent_inboxes).select_related(
                "channel", "owner__user"
            )
        )
        conversations.sort(key=lambda c: (c.last_message_at, c.pk), reverse=True)
        watchers = [row.agent for row in ticket.watchers.select_related("agent__user")]
        return {
            "properties": PropertiesForm(ticket=ticket),
            "subject_form": SubjectForm(
                initial={"subject": ticket.subject}, auto_id="subject-%s"
            ),
            "custom_properties": self._custom_properties(),
            "conversations": [c for c in conversations if c.deleted_at is None],
            "trashed_conversations": [
                c for c in conversations if c.deleted_at is not None
            ],
            "other_tickets": others.for_list().by_activity()[:_OTHER_TICKETS],
            "other_count": bounded_count(others, 100),
            "participants": [
                row.contact
                for row in ticket.participants.select_related(
                    "contact"
                ).prefetch_related("contact__identities")
            ],
            "watchers": watchers,
            "is_following": self.agent in watchers,
        }

    @cached_property
    def agent_inboxes(self) -> InboxQuerySet:
        """The inboxes whose conversations the agent may read."""
        return Inbox.objects.visible_to_agent(self.agent)

    def _custom_properties(self) -> list[tuple[str, str]]:
        """Custom properties that are set, with their labels."""
        values = self.ticket.properties
        if not values:
            return []
        rows = TicketProperty.objects.filter(key__in=list(values)).select_related(
            "locale"
        )
        labels: dict[str, TicketProperty] = {}
        for row in rows:
            labels.setdefault(row.key, row)
        shown = []
        for key, value in values.items():
            found = labels.get(key)
            choices = found.choice_labels() if found else {}
            label = found.label if found else key
            shown.append((label, str(choices.get(str(value), value))))
        return shown


class TicketView(TicketPage):
    """The conversation of a ticket and the composer below it."""

    template_name = "wagtail_helpdesk/admin/ticket.html"

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show the ticket, with what the agent had begun to write."""
        composer = self.restored_composer()
        canned = request.GET.get("canned", "")
        if canned:
            composer.text = self.with_canned(composer.text, canned)
        return self.render(composer=composer)

    @cached_property
    def live_conversations(self) -> list[Conversation]:
        """Where a reply can go, the latest first."""
        return list(
            self.ticket.conversations.live()
            .filter(inbox__in=self.agent_inboxes)
            .order_by("-last_message_at", "-pk")
        )

    def restored_composer(self) -> Composer:
        """The composer with the agent's draft (UX64)."""
        mode = clean_mode(self.request.GET.get("compose"))
        drafts = Draft.objects.filter(
            conversation__ticket=self.ticket,
            conversation__inbox__in=self.agent_inboxes,
            agent=self.agent,
        ).select_related("conversation")
        if "compose" in self.request.GET:
            drafts = drafts.filter(mode=mode)
        draft = drafts.order_by("-updated_at", "-pk").first()
        if draft is None:
            return Composer(mode=mode)
        return Composer(
            mode=draft.mode,
            text=draft.text,
            conversation=draft.conversation.public_id,
            draft=draft,
        )

    def with_canned(self, text: str, canned: str) -> str:
        """``text`` with a canned reply put under it."""
        for reply in canned_replies(self.ticket):
            if str(reply.pk) == canned:
                inserted = filled(reply, self.ticket, self.agent)
                return f"{text.rstrip()}\n\n{inserted}" if text.strip() else inserted
        return text

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add thread and composer.

        Args:
            kwargs: ``composer``, what the composer shows, and ``seen``, the primary
                key of the newest message the agent had on screen, if that matters.
        """
        seen: int | None = kwargs.pop("seen", None)
        thread = read_thread(
            self.ticket, self.agent, params=self.request.GET, new_after=seen
        )
        context = super().get_context_data(**kwargs)
        newest = Message.objects.filter(conversation__ticket=self.ticket).aggregate(
            newest=Max("pk")
        )["newest"]
        wait = 0
        if thread.undoable is not None and thread.undoable.message.release_at:
            left = thread.undoable.message.release_at - timezone.now()
            wait = max(1, round(left.total_seconds()))
        context.update(
            thread=thread,
            undo_seconds=wait,
            live_conversations=self.live_conversations,
            newest_message=newest or 0,
            canned=[
                (reply.pk, reply.name, filled(reply, self.ticket, self.agent))
                for reply in canned_replies(self.ticket)
            ],
            stage_choices=context["properties"].fields["stage"].choices,
        )
        return context
