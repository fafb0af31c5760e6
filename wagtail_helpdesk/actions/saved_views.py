"""Views of the ticket list that agents save (UX74)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import Action
from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Agent, Event, SavedView

MAX_SAVED_VIEWS = 50


class SaveView(Action[SavedView]):
    """Keep a query string of the ticket list under a name.

    The same name of the same agent is overwritten.

    Args:
        agent: Whose view it is.
        name: Its name.
        query: The query string, without position in the list.
        is_shared: Whether all agents see it. A shared view shows each agent only
            the tickets of their own inboxes.
    """

    def __init__(
        self, *, agent: Agent, name: str, query: str, is_shared: bool = False
    ) -> None:
        self.actor = self.agent = agent
        self.name = clean_line(name, 60)
        self.query = query
        self.is_shared = is_shared

    def perform(self) -> SavedView:
        if not self.name:
            raise ActionError("empty", _("Give the view a name."), field="name")
        if len(self.query) > 500:
            raise ActionError("too_long", _("This search is too long to be saved."))
        own = SavedView.objects.filter(owner=self.agent)
        if own.exclude(name=self.name).count() >= MAX_SAVED_VIEWS:
            raise ActionError(
                "too_many", _("Delete a saved view first: you have the most possible.")
            )
        view = own.filter(name=self.name).first()
        view = view or SavedView(owner=self.agent, name=self.name)
        view.query = self.query
        view.is_shared = self.is_shared
        view.save()
        self.record(Event.Kind.VIEW_SAVED, view=view.pk, is_shared=self.is_shared)
        return view


class DeleteSavedView(Action[None]):
    """Delete a saved view; its owner only.

    Args:
        view: The view.
        agent: Who asks for it.
    """

    def __init__(self, *, view: SavedView, agent: Agent) -> None:
        self.view = view
        self.actor = self.agent = agent

    def check(self) -> None:
        if self.view.owner_id != self.agent.pk:
            raise ActionPermissionError(_("Only its owner deletes a saved view."))

    def perform(self) -> None:
        self.record(Event.Kind.VIEW_DELETED, view=self.view.pk)
        self.view.delete()
