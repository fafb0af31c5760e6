"""Settings of the help desk on Wagtail's generic views.

Only what holds no customer's data is here: generic views check the permission on the
model, not on the row. Tickets, contacts and organizations have views of our own.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.db.models import ProtectedError
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from wagtail_helpdesk.admin.identity_provider_form import IdentityProviderForm
from wagtail_helpdesk.admin.setting_forms import (
    AgentForm,
    ChannelForm,
    InboxForm,
    StageForm,
)
from wagtail_helpdesk.models import (
    Agent,
    Channel,
    IdentityProvider,
    Inbox,
    Pipeline,
    Stage,
    Tag,
    Team,
)


class ProtectedDeleteView(generic.DeleteView):
    """Says that something is in use where the stock view would fail."""

    # Django's own answer to the method DELETE knows neither form nor this class.
    http_method_names = ["get", "head", "options", "post"]

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except ProtectedError:
            messages.error(
                self.request,
                _("“%(object)s” is in use and cannot be deleted.")
                % {"object": self.object},
            )
            return HttpResponseRedirect(self.get_success_url())
        return response


class SettingViewSet(ModelViewSet):
    """What all settings have in common."""

    copy_view_enabled = False
    delete_view_class = ProtectedDeleteView
    add_to_admin_menu = False
    form_class: type[forms.ModelForm] | None = None

    def get_form_class(self, for_update: bool = False) -> Any:
        return self.form_class or super().get_form_class(for_update)


class InboxViewSet(SettingViewSet):
    model = Inbox
    name = "helpdesk_inbox"
    url_prefix = "helpdesk/inboxes"
    icon = "mail"
    form_class = InboxForm
    list_display = ["name", "from_email", "default_pipeline"]


class AgentViewSet(SettingViewSet):
    model = Agent
    name = "helpdesk_agent"
    url_prefix = "helpdesk/agents"
    icon = "user"
    form_class = AgentForm
    list_display = ["__str__", "display_alias", "is_active"]


class TeamViewSet(SettingViewSet):
    model = Team
    name = "helpdesk_team"
    url_prefix = "helpdesk/teams"
    icon = "group"
    form_fields = ["name", "members"]

    def formfield_for_dbfield(self, db_field: Any, **kwargs: Any) -> Any:
        if db_field.name == "members":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_dbfield(db_field, **kwargs)


class ChannelViewSet(SettingViewSet):
    model = Channel
    name = "helpdesk_channel"
    url_prefix = "helpdesk/channels"
    icon = "link"
    form_class = ChannelForm
    list_display = ["name", "type", "inbox", "is_enabled"]
    list_filter = ["type", "inbox", "is_enabled"]


class PipelineViewSet(SettingViewSet):
    model = Pipeline
    name = "helpdesk_pipeline"
    url_prefix = "helpdesk/pipelines"
    icon = "order"
    form_fields = ["name", "order"]
    list_display = ["name", "order"]


class StageViewSet(SettingViewSet):
    model = Stage
    name = "helpdesk_stage"
    url_prefix = "helpdesk/stages"
    icon = "tasks"
    form_class = StageForm
    list_display = ["name", "pipeline", "category", "customer_label", "order"]
    list_filter = ["pipeline", "category"]


class TagViewSet(SettingViewSet):
    model = Tag
    name = "helpdesk_tag"
    url_prefix = "helpdesk/tags"
    icon = "tag"
    form_fields = ["name"]
    list_display = ["name"]


class IdentityProviderViewSet(SettingViewSet):
    model = IdentityProvider
    name = "helpdesk_identityprovider"
    url_prefix = "helpdesk/identity-providers"
    icon = "key"
    form_class = IdentityProviderForm
    list_display = ["name", "server_url", "is_active"]


SETTINGS_VIEWSETS: tuple[type[SettingViewSet], ...] = (
    InboxViewSet,
    AgentViewSet,
    TeamViewSet,
    ChannelViewSet,
    PipelineViewSet,
    StageViewSet,
    TagViewSet,
)


def settings_viewsets() -> list[SettingViewSet]:
    """One of each; identity providers only where allauth can sign in through them."""
    found = [viewset() for viewset in SETTINGS_VIEWSETS]
    if apps.is_installed("allauth.socialaccount"):
        found.append(IdentityProviderViewSet())
    return found
