"""The members of an organization on its page, and who of them manages it."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from wagtail_helpdesk.actions import ChangeMembershipRole
from wagtail_helpdesk.admin.base import admin_url
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Agent, Contact, Membership, Organization
from wagtail_helpdesk.permissions import contacts_visible_to_agent

#: Members that the page of an organization names.
SHOWN = 100


def members_of(organization: Organization, agent: Agent | None) -> QuerySet[Contact]:
    """The members an agent may see, by name, each with its ``role``.

    Args:
        organization: An organization the agent may see.
        agent: The agent.
    """
    visible = contacts_visible_to_agent(agent).filter(
        memberships__organization=organization
    )
    role = Membership.objects.filter(contact=OuterRef("pk"), organization=organization)
    return (
        Contact.objects.filter(pk__in=visible.values("pk"))
        .with_identities()
        .annotate(role=Subquery(role.values("role")[:1]))
        .order_by("name", "pk")[:SHOWN]
    )


def change_role(
    request: HttpRequest, organization: Organization, agent: Agent | None
) -> HttpResponse:
    """Answer the button beside a member's name.

    Args:
        request: The POST, with ``member`` and ``role``.
        organization: An organization that the user may change.
        agent: The agent; a member they may not see is missing.
    """
    public_id = request.POST.get("member", "").replace("\x00", "")
    visible = contacts_visible_to_agent(agent).filter(public_id=public_id)
    membership = get_object_or_404(
        Membership.objects.select_related("contact"),
        organization=organization,
        contact__in=visible.values("pk"),
    )
    try:
        ChangeMembershipRole(
            membership=membership, role=request.POST.get("role", ""), actor=agent
        ).execute()
    except ActionError as error:
        messages.error(request, str(error.message))
    else:
        name = membership.contact.display_name
        messages.success(
            request, _("The role of %(name)s is changed.") % {"name": name}
        )
    return redirect(admin_url("organization", organization.public_id))
