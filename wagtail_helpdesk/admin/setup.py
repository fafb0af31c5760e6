"""The page that leads to everything staff may configure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.admin.base import AdminPage
from wagtail_helpdesk.setup_entries import setup_entries


@dataclass(frozen=True, slots=True)
class Setting:
    """Something to configure.

    Attributes:
        model: Its model's name, for the permission.
        label: What it is called.
        text: What it decides.
        url_name: Where it is configured.
        icon: One of Wagtail's icons.
    """

    model: str
    label: Any
    text: Any
    url_name: str
    icon: str

    def may(self, user: AbstractUser | AnonymousUser) -> bool:
        """Whether the user holds any permission on it."""
        names = [f"wagtail_helpdesk.{verb}_{self.model}" for verb in _VERBS]
        return any(user.has_perm(name) for name in names)


_VERBS = ("add", "change", "delete")

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "inbox",
        _("Inboxes"),
        _("Where tickets land, who works them, how replies are signed."),
        "helpdesk_inbox:index",
        "mail",
    ),
    Setting(
        "businesscalendar",
        _("Business hours"),
        _("When inboxes are worked, and on which holidays they are not."),
        "helpdesk_businesscalendar:index",
        "time",
    ),
    Setting(
        "agent",
        _("Agents"),
        _("Who works tickets, and the name customers see."),
        "helpdesk_agent:index",
        "user",
    ),
    Setting(
        "team",
        _("Teams"),
        _("Groups of agents that a ticket can be handed to."),
        "helpdesk_team:index",
        "group",
    ),
    Setting(
        "channel",
        _("Channels"),
        _("Connected ways to write: forms, the portal, addresses."),
        "helpdesk_channel:index",
        "link",
    ),
    Setting(
        "pipeline",
        _("Pipelines"),
        _("Kinds of tickets, each with its own stages."),
        "helpdesk_pipeline:index",
        "order",
    ),
    Setting(
        "stage",
        _("Stages"),
        _("The steps of a pipeline and the names customers see."),
        "helpdesk_stage:index",
        "tasks",
    ),
    Setting(
        "identityprovider",
        _("Identity providers"),
        _("Companies whose people sign in with their own accounts."),
        "helpdesk_identityprovider:index",
        "key",
    ),
    Setting(
        "tag",
        _("Tags"),
        _("Words that agents put on tickets."),
        "helpdesk_tag:index",
        "tag",
    ),
    Setting(
        "cannedreply",
        _("Canned replies"),
        _("Prepared texts for replies, in every language."),
        "wagtailsnippets_wagtail_helpdesk_cannedreply:list",
        "edit",
    ),
    Setting(
        "stagelabel",
        _("Stage labels"),
        _("The names of stages in other languages."),
        "wagtailsnippets_wagtail_helpdesk_stagelabel:list",
        "globe",
    ),
    Setting(
        "ticketproperty",
        _("Ticket properties"),
        _("Properties of your own that forms ask for."),
        "wagtailsnippets_wagtail_helpdesk_ticketproperty:list",
        "list-ul",
    ),
    Setting(
        "supportform",
        _("Support forms"),
        _("Forms that open a ticket, for any page."),
        "wagtailsnippets_wagtail_helpdesk_supportform:list",
        "form",
    ),
    Setting(
        "appearance",
        _("Appearance"),
        _("Colours, font and logo of what customers see."),
        "helpdesk_appearance:index",
        "view",
    ),
    Setting(
        "emailtemplate",
        _("Mail texts"),
        _("The mails customers get, in every language."),
        "wagtailsnippets_wagtail_helpdesk_emailtemplate:list",
        "mail",
    ),
)


def settings_for(user: AbstractUser | AnonymousUser) -> list[dict[str, Any]]:
    """What ``user`` may configure, with addresses; what other apps add comes first."""
    found: list[dict[str, Any]] = [
        {"setting": entry, "url": entry.url} for entry in setup_entries(user)
    ]
    for setting in SETTINGS:
        if not setting.may(user):
            continue
        try:
            url = reverse(setting.url_name)
        except NoReverseMatch:
            # A site may unregister a snippet.
            continue
        found.append({"setting": setting, "url": url})
    return found


class SetupView(AdminPage):
    """Links to the settings the user may change."""

    template_name = "wagtail_helpdesk/admin/setup.html"
    page_title = _("Help desk settings")
    header_icon = "cogs"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them; refuse who may change none."""
        found = settings_for(request.user)
        if not found:
            raise PermissionDenied
        return self.render(settings=found)
