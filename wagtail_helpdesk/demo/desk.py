"""The desk that tickets need: a pipeline, inboxes with channels, and agents."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import get_user_model

from wagtail_helpdesk.actions import RegisterAgent
from wagtail_helpdesk.models import Agent, Channel, Inbox, Pipeline, Stage

_STAGES = (
    ("new", "New", Stage.Category.NEW),
    ("in-progress", "In progress", Stage.Category.OPEN),
    ("waiting", "Waiting for the customer", Stage.Category.WAITING),
    ("closed", "Closed", Stage.Category.CLOSED),
)
_INBOXES = ("Support", "Billing")
_AGENTS = (("Alex", "Moreau"), ("Bruna", "Tavares"), ("Chris", "Weber"))


@dataclass(frozen=True, slots=True)
class Desk:
    """One inbox as tickets come into it.

    Attributes:
        channel: The channel they come through.
        agents: Who works them; never empty.
        stages: The stages of its pipeline, in their order.
    """

    channel: Channel
    agents: list[Agent]
    stages: list[Stage]

    def stage(self, category: Stage.Category) -> Stage | None:
        """The first stage of a category, or ``None``."""
        return next((s for s in self.stages if s.category == category), None)


def find_or_make_desks() -> list[Desk]:
    """The site's help desk inboxes; what is missing is made.

    A site without an inbox gets two with a pipeline of four stages. An inbox without
    agents gets three, without a channel an unconfigured one. Nothing that exists is
    changed.
    """
    if not Inbox.objects.filter(creates_tickets=True).exists():
        _make_inboxes()
    inboxes = Inbox.objects.filter(creates_tickets=True).order_by("pk")
    return [_desk(inbox) for inbox in inboxes.select_related("default_pipeline")]


def _make_inboxes() -> None:
    pipeline = Pipeline.objects.order_by("order", "pk").first()
    if pipeline is None:
        pipeline = Pipeline.objects.create(name="Support")
    if not pipeline.stages.exists():
        Stage.objects.bulk_create(
            Stage(pipeline=pipeline, key=key, name=name, category=category, order=order)
            for order, (key, name, category) in enumerate(_STAGES)
        )
    for name in _INBOXES:
        Inbox.objects.create(name=name, default_pipeline=pipeline)


def _desk(inbox: Inbox) -> Desk:
    agents = list(
        inbox.members.filter(is_active=True).select_related("user").order_by("pk")
    )
    channel = inbox.channels.filter(is_enabled=True).order_by("pk").first()
    if channel is None:
        channel = Channel.objects.create(
            inbox=inbox, type="form", name=f"{inbox.name} form"
        )
    channel.inbox = inbox
    stages = inbox.default_pipeline.stages.order_by("order", "pk")
    return Desk(channel, agents or _make_agents(inbox), list(stages))


def _make_agents(inbox: Inbox) -> list[Agent]:
    """Three agents whose accounts have no password: nobody can sign in as them."""
    users = get_user_model()._default_manager
    agents = []
    for first, last in _AGENTS:
        email = f"{first}.{last}@helpdesk.example".casefold()
        user, created = users.get_or_create(
            username=email,
            defaults={"email": email, "first_name": first, "last_name": last},
        )
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        agents.append(RegisterAgent(user=user, inboxes=[inbox]).execute())
    return agents
