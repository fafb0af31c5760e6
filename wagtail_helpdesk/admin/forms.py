"""The forms on a ticket's page; every choice is limited to the ticket's own inbox."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

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
from wagtail_helpdesk.admin.thread_html import options_html
from wagtail_helpdesk.admin.ticket_rows import CannedText, StageChoice
from wagtail_helpdesk.models import Agent, CannedReply, Draft, Priority, Stage, Ticket
from wagtail_helpdesk.permissions import members_of

_S = TypeVar("_S", Stage, StageChoice)


class PropertiesForm(forms.Form):
    """Owner, stage, priority, type and tags.

    Each field carries what it showed (``show_hidden_initial``), and only what the
    agent changed is written: two agents who change two things at the same time both
    get their way.

    Args:
        data: What was sent.
        ticket: The ticket.
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
        data: QueryDict,
        *,
        ticket: Ticket,
    ) -> None:
        self.ticket = ticket
        self.stages: list[Stage] = []
        self.members: list[Agent] = []
        super().__init__(data, auto_id="properties-%s", use_required_attribute=False)
        fields: dict[str, Any] = self.fields
        # What stays as it was is not written, so there is nothing to check it against.
        if self._may_change("owner"):
            self.members = list(members_of(ticket.inbox))
            fields["owner"].choices = [
                ("", _("Nobody")),
                *owners_of(ticket, self.members),
            ]
        else:
            fields["owner"].choices = [(self._sent("owner"), "")]
        if self._may_change("stage"):
            self.stages = stages_of(ticket)
            fields["stage"].choices = [(str(s.pk), s.label) for s in self.stages]
        else:
            fields["stage"].choices = [(self._sent("stage"), "")]

    def _sent(self, name: str) -> str:
        return str(self.data.get(name, ""))

    def _may_change(self, name: str) -> bool:
        """Whether something else was sent in this field than it showed."""
        return self._sent(name) != self._sent(f"initial-{name}")

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


def owners_of(ticket: Ticket, members: list[Agent]) -> list[tuple[str, str]]:
    """Those a ticket can be given to, and who has it."""
    owners = [(str(member.pk), member.full_name) for member in members]
    current = ticket.owner
    if current is not None and current not in members:
        owners.append((str(current.pk), current.full_name))
    return owners


def property_rows(
    ticket: Ticket,
    *,
    stages: Iterable[StageChoice],
    members: list[Agent],
    tags: Iterable[str],
) -> list[dict[str, Any]]:
    """The fields of ``PropertiesForm`` as a ticket's page shows them.

    Written without the form, since Django copies each of its fields and renders each
    option of a ``select`` with a template of its own.

    Args:
        ticket: The ticket, its owner read.
        stages: The stages of its pipeline, in order.
        members: Those it can be given to.
        tags: The names of its tags.
    """
    choices: dict[str, Iterable[tuple[Any, Any]]] = {
        "owner": [("", _("Nobody")), *owners_of(ticket, members)],
        "stage": [(stage.pk, stage.label) for stage in stages],
        "priority": Priority.choices,
    }
    values = {
        "owner": str(ticket.owner_id or ""),
        "stage": str(ticket.stage_id),
        "priority": str(ticket.priority),
        "type": ticket.type,
        "tags": ", ".join(tags),
    }
    fields: dict[str, Any] = PropertiesForm.base_fields
    return [
        {
            "name": name,
            "label": fields[name].label,
            "value": value,
            "max_length": getattr(fields[name], "max_length", None),
            "options": options_html(choices[name], value) if name in choices else "",
        }
        for name, value in values.items()
    ]


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


def closing_stage(stages: Iterable[_S]) -> _S | None:
    """Where the button "Close" moves a ticket: the first closed stage, or ``None``."""
    return next((stage for stage in stages if stage.is_closed), None)


def in_language_of(ticket: Ticket, replies: list[CannedText]) -> list[CannedText]:
    """Canned replies in the customer's language; else those of every language."""
    wanted = ticket.contact.language or ticket.language
    for language in (wanted, wanted.split("-")[0]):
        own = [r for r in replies if r.language == language]
        if own:
            return own
    return replies


def filled(body: str, ticket: Ticket, agent: Agent) -> str:
    """A canned reply's text with the ticket's names in it."""
    return CannedReply(body=body).filled(
        contact_name=ticket.contact.display_name,
        agent_name=agent.display_name,
        reference=ticket.reference,
    )


def clean_mode(value: str | None) -> str:
    """``reply`` or ``note``; anything unknown is the one that leaves nothing."""
    if value in (None, "", Draft.Mode.REPLY):
        return str(Draft.Mode.REPLY)
    return str(Draft.Mode.NOTE)
