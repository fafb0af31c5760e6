"""What a contact is in an organization, for staff who may change organizations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_helpdesk.actions import ChangeMembership
from wagtail_helpdesk.admin.base import WorkspacePage, admin_url
from wagtail_helpdesk.models import Membership
from wagtail_helpdesk.permissions import (
    CHANGE_ORGANIZATION,
    contacts_visible_to_agent,
    organizations_visible_to_agent,
)


class MembershipForm(forms.Form):
    """The role of a member, and whose tickets they see."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=Membership.Role.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Managers speak for their organization; a portal can show its tickets to "
            "them alone."
        ),
    )
    sees_tickets = forms.BooleanField(
        label=gettext_lazy("Sees the organization's tickets"),
        required=False,
        help_text=gettext_lazy("Counts in portals that show them to chosen members."),
    )


class MembershipView(WorkspacePage):
    """The form of one membership."""

    template_name = "wagtail_helpdesk/admin/membership.html"
    header_icon = "group"
    page_title = gettext_lazy("Membership")
    trail = (("organizations", gettext_lazy("Organizations")),)

    @cached_property
    def membership(self) -> Membership:
        """The membership, if the agent may see both sides of it."""
        organizations = organizations_visible_to_agent(self.agent)
        contacts = contacts_visible_to_agent(self.agent)
        return get_object_or_404(
            Membership.objects.select_related("contact", "organization").filter(
                organization__in=organizations.values("pk"),
                contact__in=contacts.values("pk"),
            ),
            organization__public_id=self.kwargs["public_id"],
            contact__public_id=self.kwargs["contact_id"],
        )

    def get_page_subtitle(self) -> str:
        return self.membership.contact.display_name

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        """Show the form."""
        self._check()
        form = MembershipForm(initial=model_to_dict(self.membership))
        return self.render(form=form)

    def post(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        """Change it."""
        self._check()
        form = MembershipForm(request.POST)
        if not form.is_valid():
            return self.render(form=form, status=400)
        ChangeMembership(
            membership=self.membership, actor=self.agent, **form.cleaned_data
        ).execute()
        messages.success(request, _("The membership is changed."))
        organization = self.membership.organization
        return redirect(admin_url("organization", organization.public_id))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(membership=self.membership)
        return context

    def _check(self) -> None:
        """First whether there is one, then whether it may be changed."""
        if self.membership and not self.request.user.has_perm(CHANGE_ORGANIZATION):
            raise PermissionDenied
