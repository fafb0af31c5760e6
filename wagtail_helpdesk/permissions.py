"""Who works the help desk: agents, what they may see, and who may configure it.

Being an agent is a row (``models.Agent``), not a Django permission: it carries the
inboxes. Configuring the help desk is Django's model permission on each setting, led by
``CONFIGURE``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Permission
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from wagtail.permission_policies.base import BasePermissionPolicy

from wagtail_helpdesk import compat
from wagtail_helpdesk.models import (
    Agent,
    Contact,
    Conversation,
    Inbox,
    InboxMembership,
    Message,
    Organization,
    Participant,
    Ticket,
)
from wagtail_helpdesk.statements.slots import KeptQuery, Slot, kept_query

#: The permission to set the help desk up (inboxes, members, channels, pipelines).
CONFIGURE = "wagtail_helpdesk.change_inbox"
#: The permission to decide who may open private content.
CHANGE_ACCESS_GROUP = "wagtail_helpdesk.change_accessgroup"
#: The permission to look at the site as a contact sees it (N8).
CHANGE_ORGANIZATION = "wagtail_helpdesk.change_organization"
VIEW_AS_CONTACT = "wagtail_helpdesk.view_as_contact"

#: What a list of choices needs of an inbox.
INBOX_FIELDS = ("pk", "public_id", "name", "default_pipeline")
_AGENT_FIELDS = tuple(field.attname for field in Agent._meta.concrete_fields)
_INBOX = "inbox_memberships__inbox"
_MEMBER_OF = "_helpdesk_member_of"


def agent_for(user: AbstractBaseUser | AnonymousUser | None) -> Agent | None:
    """The agent who signs in as ``user``; ``None`` for everybody else.

    Args:
        user: The user of a request; anonymous and switched-off users are no agents.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return None
    using = Agent.objects.all().db
    query = kept_query(using, ("agent",), _agent_with_inboxes)
    found = query.rows({"user": user.pk}) if query else []
    if not found:
        return None
    own = len(_AGENT_FIELDS)
    agent = Agent.from_db(using, _AGENT_FIELDS, found[0][:own])
    agent.user = cast(Any, user)
    # What ``Inbox.objects.visible_to_agent`` has for who is no superuser.
    agent.__dict__[_MEMBER_OF] = [row[own:] for row in found if row[own] is not None]
    return agent


def _agent_with_inboxes() -> KeptQuery | None:
    user = Slot("user", get_user_model()._meta.pk)
    agents = Agent.objects.filter(user_id=user, is_active=True)
    return KeptQuery.of(
        agents.order_by(f"{_INBOX}__name", f"{_INBOX}__pk"),
        [*_AGENT_FIELDS, *(f"{_INBOX}__{name}" for name in INBOX_FIELDS)],
    )


def inboxes_of_agent(agent: Agent) -> list[Any]:
    """``INBOX_FIELDS`` of each inbox the agent works, ordered by name.

    Takes no query for the agent of a request, unless that is a superuser.
    """
    known: list[Any] | None = agent.__dict__.get(_MEMBER_OF)
    if known is None or not agent.may_work or agent.works_all_inboxes:
        inboxes = Inbox.objects.visible_to_agent(agent)
        return list(inboxes.values_list(*INBOX_FIELDS))
    return known


def agent_of(request: HttpRequest) -> Agent | None:
    """The agent who sends ``request``: looked up once, however often it is asked."""
    if not hasattr(request, "_helpdesk_agent"):
        found = agent_for(getattr(request, "user", None))
        request._helpdesk_agent = found  # type: ignore[attr-defined]  # per request
    return cast("Agent | None", request._helpdesk_agent)  # type: ignore[attr-defined]


def works_the_desk(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether somebody may enter an admin, or is an agent.

    Args:
        user: The user of a request; a customer does not.
    """
    person = cast(Any, user)
    return (
        person.is_staff
        or person.has_perm("wagtailadmin.access_admin")
        or agent_for(user) is not None
    )


def contacts_visible_to_agent(agent: Agent | None) -> QuerySet[Contact]:
    """Contacts with a ticket in the agent's inboxes, or copied on one.

    A superuser who is an agent sees every contact.
    """
    if _sees_all(agent):
        return Contact.objects.all()
    tickets = Ticket.objects.in_inboxes_of(agent)
    return Contact.objects.filter(pk__in=tickets.values("contact")) | (
        Contact.objects.filter(
            pk__in=Participant.objects.filter(ticket__in=tickets).values("contact")
        )
    )


def organizations_visible_to_agent(agent: Agent | None) -> QuerySet[Organization]:
    """Organizations with a ticket in the agent's inboxes; all for a superuser."""
    if _sees_all(agent):
        return Organization.objects.all()
    tickets = Ticket.objects.in_inboxes_of(agent)
    return Organization.objects.filter(pk__in=tickets.values("organization"))


def agents_visible_to_agent(agent: Agent | None) -> QuerySet[Agent]:
    """Active colleagues who share an inbox with ``agent``, and ``agent`` too."""
    inboxes = Inbox.objects.visible_to_agent(agent)
    colleagues = Agent.objects.filter(
        inboxes__in=inboxes, is_active=True, user__is_active=True
    )
    if agent is not None:
        colleagues |= Agent.objects.filter(pk=agent.pk)
    return Agent.objects.filter(pk__in=colleagues.values("pk")).select_related("user")


def members_of_any(inboxes: Iterable[int]) -> QuerySet[Agent]:
    """The active agents who work one of these inboxes.

    Args:
        inboxes: Keys of inboxes that whoever asks may see.
    """
    members = InboxMembership.objects.filter(inbox__in=inboxes)
    return Agent.objects.filter(
        pk__in=members.values("agent"), is_active=True, user__is_active=True
    ).select_related("user")


def members_of(inbox: Inbox) -> QuerySet[Agent]:
    """The active agents a ticket of ``inbox`` can be given to."""
    return members_of_inbox(inbox.pk)


def members_of_inbox(inbox: int) -> QuerySet[Agent]:
    """The same by the inbox's key."""
    return (
        Agent.objects.filter(
            inbox_memberships__inbox=inbox, is_active=True, user__is_active=True
        )
        .select_related("user")
        .order_by("user__first_name", "user__last_name", "pk")
    )


def _sees_all(agent: Agent | None) -> bool:
    return (
        agent is not None
        and agent.is_active
        and agent.user.is_active
        and agent.user.is_superuser
    )


class AgentPermissionPolicy(BasePermissionPolicy):
    """Rows of the agent's own inboxes, for whatever part of Wagtail asks.

    The workspace's own views do not lean on it: their querysets start from
    ``visible_to_agent``. It is there so that a generic view of Wagtail or of a third
    package refuses what ours refuse. Nobody adds or deletes rows through such a view.
    """

    _ACTIONS = frozenset({"view", "change", "choose"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether ``user`` may do this to some row: agents may view and change."""
        return action in self._ACTIONS and agent_for(user) is not None

    def user_has_permission_for_instance(
        self, user: Any, action: str, instance: Model
    ) -> bool:
        """Whether ``user`` may do this to ``instance``."""
        rows = self.instances_user_has_any_permission_for(user, [action])
        return rows.filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(
        self, user: Any, actions: list[str]
    ) -> QuerySet[Any]:
        """The rows of the user's inboxes, or none."""
        if self._ACTIONS.isdisjoint(actions):
            return self.model._default_manager.none()
        return _visible(self.model, agent_for(user))

    def users_with_any_permission(self, actions: list[str]) -> QuerySet[Any]:
        """The users who are agents."""
        users = get_user_model()._default_manager
        if self._ACTIONS.isdisjoint(actions):
            return users.none()
        return users.filter(is_active=True, helpdesk_agent__is_active=True)


def _visible(model: type[Model], agent: Agent | None) -> QuerySet[Any]:
    if model is Contact:
        return contacts_visible_to_agent(agent)
    if model is Organization:
        return organizations_visible_to_agent(agent)
    rows: QuerySet[Any] = model._default_manager.visible_to_agent(agent)  # type: ignore[attr-defined]
    return rows


def people_permissions() -> QuerySet[Permission]:
    """Permissions on people and access groups, for Wagtail's form of a group.

    The settings on generic views list their own.
    """
    return Permission.objects.filter(
        content_type__app_label="wagtail_helpdesk",
        codename__in=[
            "add_organization",
            "change_organization",
            "change_accessgroup",
            "view_as_contact",
        ],
    )


def register_policies() -> None:
    """Tell Wagtail who may see traffic. Called from ``AppConfig.ready()``."""
    for model in (Ticket, Conversation, Message, Contact, Organization):
        compat.register_permission_policy(model, AgentPermissionPolicy(model))
