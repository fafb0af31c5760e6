"""What an agent has begun to write is kept."""

from __future__ import annotations

from wagtail_helpdesk.actions.assign import require_conversation_access
from wagtail_helpdesk.actions.base import Action
from wagtail_helpdesk.actions.text import clean_text
from wagtail_helpdesk.models import Agent, Conversation, Draft


class SaveDraft(Action[Draft | None]):
    """Keep an unfinished reply or note; an empty text removes the draft.

    A draft is no state of the ticket, so no event is written.

    Args:
        conversation: Where it is being written.
        agent: Whose draft it is.
        mode: ``Draft.Mode.REPLY`` or ``NOTE``.
        text: All of it.
    """

    def __init__(
        self, *, conversation: Conversation, agent: Agent, mode: str, text: str
    ) -> None:
        self.conversation = conversation
        self.actor = self.agent = agent
        self.mode = Draft.Mode(mode)
        self.text = clean_text(text)

    def check(self) -> None:
        require_conversation_access(self.conversation, self.agent)

    def perform(self) -> Draft | None:
        if not self.text:
            Draft.objects.filter(
                conversation=self.conversation, agent=self.agent, mode=self.mode
            ).delete()
            return None
        draft, _created = Draft.objects.update_or_create(
            conversation=self.conversation,
            agent=self.agent,
            mode=self.mode,
            defaults={"text": self.text},
        )
        return draft
