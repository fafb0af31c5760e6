"""An inbox to begin with: its pipeline, and whoever makes it as a member."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import Action, Actor
from wagtail_helpdesk.actions.set_inbox_members import SetInboxMembers
from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Agent, Inbox, Pipeline, Stage


class SetUpInbox(Action[Inbox]):
    """Make an inbox that takes tickets at once.

    The caller decides who may: it is a permission of staff.

    Args:
        name: Its name; no other inbox has it.
        pipeline: The pipeline its tickets run through; ``None``: a new one of the same
            name, with a stage of each category.
        members: The agents who work it.
        actor: Who does it.

    Raises:
        ActionError: ``no_name`` or ``name_taken``.
    """

    def __init__(
        self,
        *,
        name: str,
        pipeline: Pipeline | None = None,
        members: Iterable[Agent] = (),
        actor: Actor = None,
    ) -> None:
        self.name = clean_line(name, 100)
        self.pipeline = pipeline
        self.members = list(members)
        self.actor = actor

    def perform(self) -> Inbox:
        if not self.name:
            raise ActionError("no_name", _("Give the inbox a name."), field="name")
        if Inbox.objects.filter(name__iexact=self.name).exists():
            raise ActionError(
                "name_taken",
                _("There is an inbox “%(name)s”. Choose it, or take another name.")
                % {"name": self.name},
                field="name",
            )
        inbox = Inbox.objects.create(
            name=self.name, default_pipeline=self.pipeline or _pipeline(self.name)
        )
        SetInboxMembers(
            inbox=inbox, members=self.members, notified=self.members, actor=self.actor
        ).execute()
        return inbox


def _pipeline(name: str) -> Pipeline:
    pipeline = Pipeline.objects.create(name=name)
    Stage.objects.bulk_create(
        Stage(
            pipeline=pipeline,
            key=category.value,
            # Stored in the language of whoever sets it up.
            name=str(category.label),
            category=category,
            order=order,
        )
        for order, category in enumerate(Stage.Category)
    )
    return pipeline
