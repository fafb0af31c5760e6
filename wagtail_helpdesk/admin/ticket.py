"""A ticket's page: its thread, the composer, its properties, its contact."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.admin.base import WorkspacePage, admin_url
from wagtail_helpdesk.admin.forms import (
    clean_mode,
    closing_stage,
    filled,
    in_language_of,
    property_rows,
)
from wagtail_helpdesk.admin.merged_ticket import MergedTicketView
from wagtail_helpdesk.admin.shown_where import tell_where_shown
from wagtail_helpdesk.admin.thread import Thread, read_thread
from wagtail_helpdesk.admin.thread_html import options_html
from wagtail_helpdesk.admin.ticket_aside import custom_properties, other_tickets
from wagtail_helpdesk.admin.ticket_reading import (
    People,
    conversations_of,
    drafts_of,
    find_ticket,
    members,
    ratings_of,
)
from wagtail_helpdesk.admin.ticket_rows import (
    CannedText,
    Small,
    StageChoice,
    small_things,
)
from wagtail_helpdesk.models import (
    Agent,
    Conversation,
    Draft,
    Inbox,
    Message,
    Ticket,
)


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
        ticket = find_ticket(self.agent, self.kwargs["public_id"])
        if ticket is None:
            raise Http404
        return ticket

    @cached_property
    def conversations(self) -> list[Conversation]:
        """The ticket's conversations that the agent may read, the latest first.

        Those in the trash are among them.
        """
        found = conversations_of(self.ticket)
        # Who sees the ticket works its inbox; others are looked up where there are any.
        inboxes = {self.ticket.inbox_id}
        if any(conversation.inbox_id not in inboxes for conversation in found):
            visible = Inbox.objects.visible_to_agent(self.agent)
            inboxes.update(visible.values_list("pk", flat=True))
        return [
            conversation for conversation in found if conversation.inbox_id in inboxes
        ]

    @property
    def readable_conversations(self) -> list[Conversation]:
        """Those that are not in the trash."""
        return [c for c in self.conversations if c.deleted_at is None]

    @cached_property
    def small(self) -> Small:
        """What takes a few rows each."""
        small = small_things(self.ticket, with_canned=self.tab == "conversation")
        self.ticket.contact.email = small.email
        return small

    @property
    def stages(self) -> list[StageChoice]:
        """The stages the ticket can be moved to; its own among them."""
        return self.small.stages

    @cached_property
    def people(self) -> People:
        """Who the page names: members of the inbox, owner and contact among them."""
        members = {member.pk: member for member in self.members}
        people = People(
            agents={**members, self.agent.pk: self.agent},
            contacts={self.ticket.contact.pk: self.ticket.contact},
        )
        people.add_agents([self.ticket.owner_id])
        self.ticket.owner = people.agents.get(self.ticket.owner_id or 0)
        return people

    @cached_property
    def members(self) -> list[Agent]:
        """Those the ticket can be given to."""
        return members(self.ticket.inbox_id)

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
        stages, people = self.stages, self.people
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
            closing_stage=closing_stage(stages),
            stage=next((s for s in stages if s.pk == ticket.stage_id), None),
            **self._aside(stages, people),
        )
        return context

    def _aside(self, stages: list[StageChoice], people: People) -> dict[str, Any]:
        ticket = self.ticket
        watching, copied = self.small.watchers, self.small.participants
        people.add_agents(watching)
        people.add_contacts(copied)
        others, other_count = other_tickets(ticket, self.agent, stages)
        tell_where_shown(ticket, self.readable_conversations)
        came = [c for c in self.conversations if c.merged_from_id is not None]
        prefetch_related_objects(came, "merged_from")
        return {
            "properties": property_rows(
                ticket, stages=stages, members=self.members, tags=self.small.tags
            ),
            "custom_properties": custom_properties(ticket),
            "ratings": ratings_of(
                ticket, [c.merged_from_id for c in came if c.merged_from_id]
            ),
            "conversations": self.readable_conversations,
            "trashed_conversations": [
                c for c in self.conversations if c.deleted_at is not None
            ],
            "other_tickets": others,
            "other_count": other_count,
            "participants": [
                people.contacts[pk] for pk in copied if pk in people.contacts
            ],
            "watchers": [people.agents[pk] for pk in watching if pk in people.agents],
            "is_following": self.agent.pk in watching,
        }


class TicketView(TicketPage):
    """The conversation of a ticket and the composer below it."""

    template_name = "wagtail_helpdesk/admin/ticket.html"

    def get(self, request: HttpRequest, public_id: str) -> HttpResponseBase:
        """Show the ticket, with what the agent had begun to write."""
        try:
            self.ticket  # noqa: B018  (404 before anything else)
        except Http404:
            return MergedTicketView.as_view()(request, public_id=public_id)
        composer = self.restored_composer()
        canned = request.GET.get("canned", "")
        if canned:
            composer.text = self.with_canned(composer.text, canned)
        return self.render(composer=composer)

    @cached_property
    def live_conversations(self) -> list[Conversation]:
        """Where a reply can go, the latest first."""
        spam = Conversation.Status.SPAM
        return [
            c
            for c in self.readable_conversations
            if c.status != spam and c.merged_from_id is None
        ]

    def restored_composer(self) -> Composer:
        """The composer with the agent's draft (UX64)."""
        mode = clean_mode(self.request.GET.get("compose"))
        conversations = {c.pk: c for c in self.conversations}
        any_mode = "compose" not in self.request.GET
        drafts = (
            draft
            for draft in drafts_of(self.ticket, self.agent)
            if draft.conversation_id in conversations
            and (any_mode or draft.mode == mode)
        )
        draft = next(drafts, None)
        if draft is None:
            return Composer(mode=mode)
        return Composer(
            mode=draft.mode,
            text=draft.text,
            conversation=conversations[draft.conversation_id].public_id,
            draft=draft,
        )

    @cached_property
    def canned(self) -> list[CannedText]:
        """The prepared texts in the customer's language."""
        return in_language_of(self.ticket, self.small.canned)

    def with_canned(self, text: str, canned: str) -> str:
        """``text`` with a canned reply put under it."""
        for reply in self.canned:
            if str(reply.pk) == canned:
                inserted = filled(reply.body, self.ticket, self.agent)
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
            self.ticket,
            self.agent,
            conversations=self.readable_conversations,
            people=self.people,
            params=self.request.GET,
            new_after=seen,
        )
        context = super().get_context_data(**kwargs)
        wait = 0
        if thread.undoable is not None and thread.undoable.message.release_at:
            left = thread.undoable.message.release_at - timezone.now()
            wait = max(1, round(left.total_seconds()))
        context.update(
            thread=thread,
            undo_seconds=wait,
            live_conversations=self.live_conversations,
            newest_message=self._newest_message(thread),
            canned=[
                (reply.pk, reply.name, filled(reply.body, self.ticket, self.agent))
                for reply in self.canned
            ],
            stage_options=options_html(
                ((s.pk, s.label) for s in self.stages), kwargs["composer"].stage
            ),
        )
        return context

    def _newest_message(self, thread: Thread) -> int:
        """Primary key of the newest message, though an earlier part may be shown."""
        if not thread.later_url:
            return thread.newest_message
        messages = Message.objects.filter(conversation__ticket=self.ticket)
        return messages.aggregate(newest=Max("pk"))["newest"] or 0
