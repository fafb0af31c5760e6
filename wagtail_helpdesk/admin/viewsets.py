"""Settings of the help desk on Wagtail's generic views.

Only what holds no customer's data is here: generic views check the permission on the
model, not on the row. Tickets, contacts and organizations have views of our own.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps

from wagtail_helpdesk.admin.appearance.viewset import AppearanceViewSet
from wagtail_helpdesk.admin.calendar_form import CalendarForm
from wagtail_helpdesk.admin.identity_providers.viewset import IdentityProviderViewSet
from wagtail_helpdesk.admin.setting_forms import (
    AgentForm,
    ChannelForm,
    InboxForm,
    StageForm,
)
from wagtail_helpdesk.admin.settings_viewset import SettingViewSet
from wagtail_helpdesk.models import (
    Agent,
    BusinessCalendar,
    Channel,
    Inbox,
    Pipeline,
    Stage,
    Tag,
    Team,
)


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


class CalendarViewSet(SettingViewSet):
    model = BusinessCalendar
    name = "helpdesk_businesscalendar"
    url_prefix = "helpdesk/business-hours"
    icon = "time"
    form_class = CalendarForm
    list_display = ["name", "time_zone"]


class TagViewSet(SettingViewSet):
    model = Tag
    name = "helpdesk_tag"
    url_prefix = "helpdesk/tags"
    icon = "tag"
    form_fields = ["name"]
    list_display = ["name"]


SETTINGS_VIEWSETS: tuple[type[SettingViewSet], ...] = (
    InboxViewSet,
    AgentViewSet,
    TeamViewSet,
    ChannelViewSet,
    PipelineViewSet,
    StageViewSet,
    CalendarViewSet,
    TagViewSet,
    AppearanceViewSet,
)


def settings_viewsets() -> list[SettingViewSet]:
    """One of each; identity providers only where allauth can sign in through them."""
    found = [viewset() for viewset in SETTINGS_VIEWSETS]
    if apps.is_installed("allauth.socialaccount"):
        found.append(IdentityProviderViewSet())
    return found
