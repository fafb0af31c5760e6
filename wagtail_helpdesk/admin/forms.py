"""The forms on a ticket's page; every choice is limited to the ticket's own inbox."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.actions import (
    Action,
    AssignTicket,
    ChangePriority,
    ChangeStage,
    ChangeTicketDetails,
)
from wagtail_helpdesk.models import Agent, CannedReply, Draft, Priority, Stage, Ticket
from wagtail_helpdesk.permissions import members_of


class PropertiesForm(forms.Form):
    """Owner, stage, priority, type and tags.

    Each field carries what it showed (``show_hidden_initial``), and only what the
    agent changed is written: two agents who change two things at the same time both
    get their way.

    Args:
        data: What was sent, or ``None``.
        ticket: The ticket.
        stages: The stages of its pipeline, in order, if they have been read.
        members: Those it can be given to, if they have been read.
    """

    owner = forms.ChoiceField(
        label=gettext_lazy("Owner"), required=False, show_hidden_initial=True
    )
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), show_hidden_initial=True)
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"),
        choices=Priority.choices,
        coerce=int,
        show_hidden_initial=True,
    )
    type = forms.CharField(
        label=gettext_lazy("Type"),
        required=False,
        max_length=50,
        show_hidden_initial=True,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Separate them with commas."),
        show_hidden_initial=True,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        ticket: Ticket,
        stages: list[Stage] | None = None,
        members: list[Agent] | None = None,
    ) -> None:
        self.ticket = ticket
        self.stages: list[Stage] = []
        self.members: list[Agent] = []
        super().__init__(
            data,
            initial={} if data is not None else self._initial(),
            auto_id="properties-%s",
            use_required_attribute=False,
        )
        fields: dict[str, Any] = self.fields
        # What stays as it was is not written, so there is nothing to check it against.
        if self._may_change("owner"):
            self.members = (
                list(members_of(ticket.inbox)) if members is None else members
            )
            fields["owner"].choices = [("", _("Nobody")), *self._owners()]
        else:
            fields["owner"].choices = [(self._sent("owner"), "")]
        if self._may_change("stage"):
            self.stages = stages_of(ticket) if stages is None else stages
            fields["stage"].choices = [(str(s.pk), s.label) for s in self.stages]
        else:
            fields["stage"].choices = [(self._sent("stage"), "")]

    def _initial(self) -> dict[str, Any]:
        ticket = self.ticket
        return {
            "owner": str(ticket.owner_id or ""),
            "stage": str(ticket.stage_id),
            "priority": ticket.priority,
            "type": ticket.type,
            "tags": ", ".join(
                ticket.tags.order_by("name").values_list("name", flat=True)
            ),
        }

    def _sent(self, name: str) -> str:
        return str(self.data.get(name, ""))

    def _may_change(self, name: str) -> bool:
        """Whether the page is shown, or was sent with something else in this field."""
        return not self.is_bound or self._sent(name) != self._sent(f"initial-{name}")

    def _owners(self) -> list[tuple[str, str]]:
        """Those it can be given to, and who has it."""
        owners = [(str(member.pk), member.full_name) for member in self.members]
        current = self.ticket.owner
        if current is not None and current not in self.members:
            owners.append((str(current.pk), current.full_name))
        return owners

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields as the page shows them.

        Their HTML is written in the template, since Django renders each option of a
        ``select`` with a template of its own.
        """
        return [
            {
                "name": name,
                "label": field.label,
                "value": str(self.initial[name]),
                "max_length": getattr(field, "max_length", None),
                "choices": [
                    (str(value), label)
                    for value, label in getattr(field, "choices", ())
                ],
            }
            for name, field in self.fields.items()
        ]

    def save(self, agent: Agent) -> bool:
        """Write what was changed, each field with its action.

        Args:
            agent: Who changes it, and for whom the ticket was looked up.

        Returns:
            Whether anything was changed.
        """
        ticket, values = self.ticket, self.cleaned_data
        changed = self.changed_data
        actions: list[Action[Ticket]] = []
        if "owner" in changed:
            owner = next(
                (m for m in self.members if str(m.pk) == values["owner"]), None
            )
            actions.append(AssignTicket(ticket=ticket, owner=owner, actor=agent))
        if "priority" in changed:
            actions.append(
                ChangePriority(ticket=ticket, priority=values["priority"], actor=agent)
            )
        details: dict[str, Any] = {}
        if "type" in changed:
            details["type"] = values["type"]
        if "tags" in changed:
            details["tags"] = values["tags"].split(",")
        if details:
            actions.append(ChangeTicketDetails(ticket=ticket, actor=agent, **details))
        if "stage" in changed:
            stage = next(s for s in self.stages if str(s.pk) == values["stage"])
            actions.append(ChangeStage(ticket=ticket, stage=stage, actor=agent))
        for action in actions:
            action.execute(skip_permission_checks=True)
        return bool(changed)


class SubjectForm(forms.Form):
    """The subject alone."""

    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=255,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


def stages_of(ticket: Ticket) -> list[Stage]:
    """The stages a ticket can be moved to, in order, with their labels."""
    stages = Stage.objects.filter(pipeline=ticket.pipeline_id)
    return list(stages.with_labels().order_by("order", "pk"))


def closing_stage(stages: Iterable[Stage]) -> Stage | None:
    """Where the button "Close" moves a ticket: the first closed stage, or ``None``."""
    return next((stage for stage in stages if stage.is_closed), None)


def canned_replies(ticket: Ticket) -> list[CannedReply]:
    """Canned replies in the customer's language; else those of every language."""
    replies = list(CannedReply.objects.select_related("locale").order_by("name", "pk"))
    wanted = ticket.contact.language or ticket.language
    for language in (wanted, wanted.split("-")[0]):
        own = [r for r in replies if r.locale.language_code == language]
        if own:
            return own
    return replies


def filled(reply: CannedReply, ticket: Ticket, agent: Agent) -> str:
    """A canned reply with the ticket's names in it."""
    return reply.filled(
        contact_name=ticket.contact.display_name,
        agent_name=agent.display_name,
        reference=ticket.reference,
    )


def clean_mode(value: str | None) -> str:
    """``reply`` or ``note``; anything unknown is the one that leaves nothing."""
    if value in (None, "", Draft.Mode.REPLY):
        return str(Draft.Mode.REPLY)
    return str(Draft.Mode.NOTE)
