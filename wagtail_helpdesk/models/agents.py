"""Staff who work tickets, and their teams."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AgentQuerySet(models.QuerySet["Agent"]):
    """Reads over agents."""

    def working_in(self, inbox: int) -> Self:
        """Agents to whom ``visible_to_agent`` shows the tickets of an inbox.

        Args:
            inbox: The inbox's key.
        """
        works = Q(inbox_memberships__inbox=inbox) | Q(user__is_superuser=True)
        may_work = self.filter(is_active=True, user__is_active=True)
        return may_work.filter(works).distinct()


class Agent(models.Model):
    """A member of staff who works tickets."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="helpdesk_agent",
    )
    display_alias = models.CharField(
        _("name shown to customers"),
        max_length=100,
        blank=True,
        help_text=_("Empty: the full name of the account."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = AgentQuerySet.as_manager()

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")

    def __str__(self) -> str:
        return self.full_name

    @property
    def may_work(self) -> bool:
        """Whether neither the agent nor the account is switched off."""
        return self.is_active and self.user.is_active

    @property
    def works_all_inboxes(self) -> bool:
        """Whether the agent is a superuser, who needs no membership."""
        return self.may_work and self.user.is_superuser

    @property
    def full_name(self) -> str:
        """The account's full name as colleagues see it, else its user name."""
        return self.user.get_full_name() or self.user.get_username()

    @property
    def display_name(self) -> str:
        """The name that customers see; never an e-mail address (R12)."""
        return self.display_alias or self.user.get_full_name() or str(_("Support team"))


class Team(models.Model):
    """A group of agents that a ticket can be handed to."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    members = models.ManyToManyField(
        Agent, verbose_name=_("members"), blank=True, related_name="teams"
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
