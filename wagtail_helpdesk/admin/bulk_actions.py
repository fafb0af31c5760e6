"""One change on many tickets at once.

A form of our own rather than Wagtail's ``BulkAction``: it works without JavaScript,
and "all matching" means the filters of the list (``BulkAction`` checks no permission
by default and ignores them).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from wagtail_helpdesk.actions import AssignTicket, ChangeStage
from wagtail_helpdesk.admin.base import AgentRequiredMixin, admin_url
from wagtail_helpdesk.admin.choices import Choices
from wagtail_helpdesk.admin.filters import TicketList
from wagtail_helpdesk.admin.widgets import LeanSelect
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Agent, Stage, Ticket
from wagtail_helpdesk.permissions import agents_visible_to_agent

#: Most tickets one click changes; a request has to end.
MAX_TICKETS = 500


class BulkForm(forms.Form):
    """What to do with the chosen tickets.

    Args:
        choices: Of the agent who asks: limited to their inboxes.
    """

    action = forms.ChoiceField(label=gettext_lazy("Action"), widget=LeanSelect)

    def __init__(self, data: QueryDict | None = None, *, choices: Choices) -> None:
        super().__init__(data, auto_id="bulk-%s", use_required_attribute=False)
        entries: list[tuple[str, Any]] = [
            ("", _("With the chosen tickets…")),
            ("assign:me", _("Assign to me")),
            ("close", _("Close")),
        ]
        for pipeline, stages in choices.stage_groups("stage:"):
            label = _("Move to stage · %(pipeline)s") % {"pipeline": pipeline}
            entries.append((label, stages))
        owners = [("assign:none", _("Nobody"))]
        owners += [(f"assign:{pk}", name) for pk, name in choices.colleagues]
        entries.append((_("Assign to"), owners))
        field: Any = self.fields["action"]
        field.choices = entries


class BulkView(AgentRequiredMixin):
    """Change the chosen tickets, each with the action the ticket's page uses."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change them and say how many were changed and how many not, and why."""
        tickets = TicketList(
            QueryDict(request.POST.get("query", "")[:2000].replace("\x00", "")),
            agent=self.agent,
        )
        back = f"{admin_url('inbox')}?{tickets.query()}"
        form = BulkForm(request.POST, choices=tickets.choices)
        asked = request.POST.getlist("id")
        if not asked:
            messages.warning(request, _("Choose one or more tickets first."))
            return redirect(back)
        if not form.is_valid():
            messages.error(request, _("Choose what to do with the tickets."))
            return redirect(back)
        chosen, unknown = self._chosen(tickets, asked)
        change = self._change(form.cleaned_data["action"])
        done, skipped = 0, unknown
        for ticket in chosen:
            try:
                done += change(ticket)
            except (ActionError, ActionPermissionError):
                skipped += 1
        self._report(done, skipped, len(chosen) - done - (skipped - unknown))
        return redirect(back)

    def _chosen(
        self, tickets: TicketList, asked: list[str]
    ) -> tuple[list[Ticket], int]:
        """The tickets that were named and may be seen, and how many were not."""
        if "all" in asked:
            found = tickets.queryset().order_by(*tickets.ordering)
            unknown = 0
        else:
            asked = list(dict.fromkeys(asked))[:MAX_TICKETS]
            visible = Ticket.objects.visible_to_agent(self.agent)
            # No other character is in an id; PostgreSQL refuses a NUL altogether.
            ids = [value for value in asked if value.isalnum()]
            found = visible.filter(public_id__in=ids)
            unknown = len(asked)
        related = found.select_related("inbox", "pipeline", "stage")
        chosen = list(related[:MAX_TICKETS])
        return chosen, max(0, unknown - len(chosen))

    def _change(self, action: str) -> Callable[[Ticket], bool]:
        """A function that changes a ticket and says whether it was any different."""
        kind, _colon, value = action.partition(":")
        if kind == "assign":
            owner = self._owner(value)
            return lambda ticket: self._assign(ticket, owner)
        if kind == "stage":
            stage = Stage.objects.get(pk=value)
            return lambda ticket: self._move(ticket, stage)
        return self._close

    def _owner(self, value: str) -> Agent | None:
        if value == "me":
            return self.agent
        if value == "none":
            return None
        return agents_visible_to_agent(self.agent).get(pk=value)

    def _assign(self, ticket: Ticket, owner: Agent | None) -> bool:
        before = ticket.owner_id
        AssignTicket(ticket=ticket, owner=owner, actor=self.agent).execute()
        return before != (owner.pk if owner else None)

    def _move(self, ticket: Ticket, stage: Stage) -> bool:
        before = ticket.stage_id
        ChangeStage(ticket=ticket, stage=stage, actor=self.agent).execute()
        return before != stage.pk

    def _close(self, ticket: Ticket) -> bool:
        if ticket.is_closed:
            return False
        stage = (
            Stage.objects.filter(pipeline=ticket.pipeline_id, category="closed")
            .order_by("order", "pk")
            .first()
        )
        if stage is None:
            raise ActionError("no_closed_stage", _("The pipeline has no closed stage."))
        return self._move(ticket, stage)

    def _report(self, done: int, skipped: int, unchanged: int) -> None:
        parts = [
            ngettext("%(count)d ticket updated.", "%(count)d tickets updated.", done)
            % {"count": done}
        ]
        if unchanged:
            parts.append(
                ngettext(
                    "%(count)d was so already.", "%(count)d were so already.", unchanged
                )
                % {"count": unchanged}
            )
        if skipped:
            parts.append(
                ngettext(
                    "%(count)d skipped: a foreign inbox or another pipeline.",
                    "%(count)d skipped: a foreign inbox or another pipeline.",
                    skipped,
                )
                % {"count": skipped}
            )
        text = " ".join(parts)
        if done:
            messages.success(self.request, text)
        else:
            messages.warning(self.request, text)
