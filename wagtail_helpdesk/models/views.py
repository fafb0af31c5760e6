"""Views of the workspace that agents save for themselves or for all."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.agents import Agent


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Reads over saved views."""

    def visible_to_agent(self, agent: Agent | None) -> Self:
        """The agent's own views and the shared ones; nothing without an agent."""
        if agent is None:
            return self.none()
        return self.filter(Q(owner=agent) | Q(is_shared=True))


class SavedView(models.Model):
    """A name for a query string of the ticket list."""

    owner = models.ForeignKey(
        Agent, on_delete=models.CASCADE, related_name="saved_views"
    )
    is_shared = models.BooleanField(_("shared with all agents"), default=False)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=500)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
