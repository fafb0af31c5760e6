"""The forms of the help desk's settings that need more than the model says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.validators import validate_email
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from wagtail_helpdesk.actions import RegisterAgent
from wagtail_helpdesk.actions.set_inbox_members import SetInboxMembers
from wagtail_helpdesk.models import (
    Agent,
    Channel,
    Inbox,
    Stage,
    Ticket,
    normalise_email,
)
from wagtail_helpdesk.permissions import agent_for


class AgentChoiceField(forms.ModelMultipleChoiceField):
    """Agents with their accounts' names."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Agent.objects.filter(is_active=True).select_related("user"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            **kwargs,
        )


class InboxForm(WagtailAdminModelForm):
    """An inbox with its members."""

    members = AgentChoiceField(label=gettext_lazy("Members"))
    notified = AgentChoiceField(
        label=gettext_lazy("Mail about new tickets"),
        help_text=gettext_lazy(
            "Members who are told of tickets that have no owner yet."
        ),
    )

    class Meta:
        model = Inbox
        fields = [
            "name",
            "from_name",
            "from_email",
            "signature",
            "default_pipeline",
            "creates_tickets",
            "owner_sync",
            "reopen_policy",
            "suggest_closing",
            "calendar",
            "first_reply_minutes",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            rows = list(self.instance.memberships.all())
            self.initial["members"] = [row.agent_id for row in rows]
            self.initial["notified"] = [row.agent_id for row in rows if row.notify]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        calendar, minutes = values.get("calendar"), values.get("first_reply_minutes")
        if minutes and calendar is None and "calendar" in values:
            self.add_error("calendar", _("A promise needs business hours."))
        if minutes and calendar is not None:
            hours = calendar.hours
            if hours is None or hours.add(timezone.now(), minutes) is None:
                self.add_error(
                    "first_reply_minutes",
                    _("%(minutes)d minutes of “%(calendar)s” take more than a year.")
                    % {"minutes": minutes, "calendar": calendar},
                )
        return values

    def _save_m2m(self) -> None:
        super()._save_m2m()
        SetInboxMembers(
            inbox=self.instance,
            members=self.cleaned_data["members"],
            notified=self.cleaned_data["notified"],
            actor=agent_for(self.for_user),
        ).execute()


class AgentForm(forms.ModelForm):
    """An agent; a new one is found by the address of their account."""

    account = forms.CharField(
        label=gettext_lazy("Account"),
        help_text=gettext_lazy("The e-mail address or user name of an account."),
        max_length=254,
    )

    class Meta:
        model = Agent
        fields = ["display_alias", "is_active"]

    field_order = ["account", "display_alias", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["account"]

    def clean_account(self) -> Any:
        """Find the account.

        Raises:
            ValidationError: There is none, or it is an agent's already.
        """
        users = get_user_model()._default_manager
        text = self.cleaned_data["account"].strip()
        named = Q(**{get_user_model().USERNAME_FIELD: text}) | Q(email__iexact=text)
        found = list(users.filter(named, is_active=True)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("There is no account with the address or name “%(value)s”."),
                params={"value": text},
            )
        if Agent.objects.filter(user=found[0]).exists():
            raise forms.ValidationError(_("This account is an agent's already."))
        return found[0]

    def save(self, commit: bool = True) -> Agent:
        if self.instance.pk:
            saved: Agent = super().save(commit=commit)
            return saved
        registered = RegisterAgent(
            user=self.cleaned_data["account"],
            display_alias=self.cleaned_data["display_alias"],
        ).execute()
        self.instance = registered
        return registered


class ChannelForm(forms.ModelForm):
    """A channel; its first stage is one of its inbox's pipeline."""

    addresses = forms.CharField(
        label=gettext_lazy("Addresses"),
        help_text=gettext_lazy(
            "For the type email: mail to these addresses arrives here, one a line. "
            "Empty: the sender address of the inbox."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5_000,
        required=False,
    )

    class Meta:
        model = Channel
        fields = [
            "name",
            "inbox",
            "type",
            "is_enabled",
            "default_stage",
            "default_priority",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        config = self.instance.config
        if isinstance(config, dict):
            self.initial["addresses"] = "\n".join(config.get("addresses") or ())

    def clean_addresses(self) -> list[str]:
        """Read one address a line.

        Raises:
            ValidationError: A line is none.
        """
        lines = self.cleaned_data["addresses"].splitlines()
        addresses = [normalise_email(line) for line in lines if line.strip()]
        for address in addresses:
            validate_email(address)
        return list(dict.fromkeys(addresses))

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        inbox, stage = values.get("inbox"), values.get("default_stage")
        if inbox and stage and stage.pipeline_id != inbox.default_pipeline_id:
            self.add_error(
                "default_stage", _("Choose a stage of the inbox's own pipeline.")
            )
        if "addresses" in values:
            config = self.instance.config
            kept = config if isinstance(config, dict) else {}
            self.instance.config = {**kept, "addresses": values["addresses"]}
        return values


class StageForm(forms.ModelForm):
    """A stage; whether it is a closed one is fixed once tickets are in it."""

    class Meta:
        model = Stage
        fields = [
            "pipeline",
            "name",
            "key",
            "category",
            "customer_label",
            "is_customer_visible",
            "order",
        ]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk and Ticket.objects.filter(stage=self.instance.pk).exists():
            before = Stage.objects.get(pk=self.instance.pk)
            category, pipeline = values.get("category"), values.get("pipeline")
            if category and before.is_closed != (category == Stage.Category.CLOSED):
                self.add_error(
                    "category",
                    _("Tickets are in this stage: it cannot become open or closed."),
                )
            if pipeline and before.pipeline_id != pipeline.pk:
                self.add_error(
                    "pipeline",
                    _("Tickets are in this stage: it stays in its pipeline."),
                )
        return values
