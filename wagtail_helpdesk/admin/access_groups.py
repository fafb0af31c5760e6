"""Access groups: who is in them, and what they open."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from wagtail_helpdesk.access.groups import collections_opened_by, pages_opened_by
from wagtail_helpdesk.access.invitations import members_without_account
from wagtail_helpdesk.access.portal_entry import portals_opened_by
from wagtail_helpdesk.actions import (
    Actor,
    AddAccessMembers,
    DeleteAccessGroup,
    RecomputeAccessGroup,
    RemoveAccessMembers,
    ResolveContact,
)
from wagtail_helpdesk.admin.base import AdminPage, admin_url
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import (
    AccessGroup,
    AccessInvitation,
    AccessMembership,
    Contact,
    Identity,
    normalise_email,
)
from wagtail_helpdesk.pagination import KeysetPage, bounded_count, bounded_counts
from wagtail_helpdesk.permissions import CHANGE_ACCESS_GROUP, agent_of

#: Pages and collections of a group that are listed.
_LISTED = 100


class AccessGroupsMixin(View):
    """Lets in who may change access groups; they need not be agents."""

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if not request.user.has_perm(CHANGE_ACCESS_GROUP):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def actor(self) -> Actor:
        """Who stands in the events: the agent, if the user is one."""
        return agent_of(self.request)

    @cached_property
    def group(self) -> AccessGroup:
        """The group the address is about."""
        groups = AccessGroup.objects.select_related("auth_group")
        return get_object_or_404(groups, public_id=self.kwargs["public_id"])

    def back(self) -> HttpResponse:
        """To the group's page."""
        return redirect(admin_url("access_group", self.group.public_id))


class AccessGroupPage(AccessGroupsMixin, AdminPage):
    """A page about access groups."""

    header_icon = "lock"
    trail: tuple[tuple[str, Any], ...] = (
        ("access_groups", gettext_lazy("Access groups")),
    )


def members_of_group(group: AccessGroup, text: str = "") -> QuerySet[Contact]:
    """Contacts in a group, by whatever source, each once.

    Args:
        group: The group.
        text: A part of their name or of an address; empty for all.
    """
    rows = AccessMembership.objects.filter(group=group)
    members = Contact.objects.filter(pk__in=rows.values("contact"))
    if text:
        addresses = Identity.objects.filter(
            contact=OuterRef("pk"), value__icontains=text.casefold()
        )
        members = members.filter(Q(name__icontains=text) | Exists(addresses))
    return members


class AccessGroupListView(AccessGroupPage):
    """All access groups, with the number of their members."""

    template_name = "wagtail_helpdesk/admin/access_groups.html"
    page_title = gettext_lazy("Access groups")
    trail = ()

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        return self.render()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = KeysetPage(
            AccessGroup.objects.all(), ordering=("name", "pk"), params=self.request.GET
        )
        counts = bounded_counts(
            {f"group_{group.pk}": members_of_group(group) for group in page}
        )
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(
            page=page,
            entries=[
                {"group": group, "members": counts[f"group_{group.pk}"]}
                for group in page
            ],
        )
        return context


class AddMemberForm(forms.Form):
    """The address of somebody who becomes a member."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
    )
    create = forms.BooleanField(
        label=gettext_lazy("Make a contact if nobody has this address yet"),
        required=False,
    )


class AccessGroupView(AccessGroupPage):
    """One group with its members and the pages it opens; adds a member."""

    template_name = "wagtail_helpdesk/admin/access_group.html"

    def get_page_title(self) -> str:
        return self.group.name

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show it."""
        return self.render(form=AddMemberForm())

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Add the contact behind an address."""
        form = AddMemberForm(request.POST)
        contact = self._contact(form) if form.is_valid() else None
        if contact is None:
            return self.render(form=form, status=400)
        added = AddAccessMembers(
            group=self.group, contacts=[contact], actor=self.actor
        ).execute()
        text = _("%(name)s is a member.") if added else _("%(name)s was a member.")
        messages.success(request, text % {"name": contact.display_name})
        return self.back()

    def _contact(self, form: AddMemberForm) -> Contact | None:
        address = normalise_email(form.cleaned_data["email"])
        try:
            if form.cleaned_data["create"]:
                return ResolveContact(email=address).execute()
        except ActionError as error:
            form.add_error("email", str(error.message))
            return None
        found = Contact.objects.filter(
            identities__kind=Identity.Kind.EMAIL, identities__value=address
        ).first()
        if found is None:
            form.add_error("email", _("No contact has this address."))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = " ".join(self.request.GET.get("q", "").replace("\x00", " ").split())
        text = text[:200]
        rows = AccessMembership.objects.filter(group=self.group).order_by("pk")
        invitations = AccessInvitation.objects.filter(group=self.group).select_related(
            "delivery"
        )
        found: QuerySet[Contact] = members_of_group(self.group, text).prefetch_related(
            "identities",
            Prefetch("access_memberships", rows, to_attr="rows_here"),
            Prefetch("access_invitations", invitations, to_attr="invitations_here"),
        )
        page = KeysetPage(
            found, ordering=("name", "pk"), params=self.request.GET, size=50
        )
        pages = list(pages_opened_by(self.group)[: _LISTED + 1])
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(
            group=self.group,
            page=page,
            text=text,
            members=bounded_count(members_of_group(self.group)),
            rule_source=AccessMembership.Source.RULE,
            pages=pages[:_LISTED],
            more_pages=len(pages) > _LISTED,
            collections=collections_opened_by(self.group)[:_LISTED],
            portals=portals_opened_by(self.group),
            waiting=bounded_count(members_without_account(self.group)),
        )
        return context


class RemoveMemberView(AccessGroupsMixin):
    """Take a member out."""

    http_method_names = ["post"]

    def post(
        self, request: HttpRequest, public_id: str, contact_id: str
    ) -> HttpResponse:
        """Take them out; whom the rule matches stays."""
        members = members_of_group(self.group)
        contact = get_object_or_404(members, public_id=contact_id)
        RemoveAccessMembers(
            group=self.group, contacts=[contact], actor=self.actor
        ).execute()
        name = {"name": contact.display_name}
        if members.filter(pk=contact.pk).exists():
            messages.warning(
                request, _("%(name)s stays a member: the rule says so.") % name
            )
        else:
            messages.success(request, _("%(name)s is no member any more.") % name)
        return self.back()


class RecomputeView(AccessGroupsMixin):
    """Apply the rule anew."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Apply it to all contacts."""
        try:
            done = RecomputeAccessGroup(group=self.group, actor=self.actor).execute()
        except ActionError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(
                request,
                _("Added: %(added)s. Removed: %(removed)s.")
                % {"added": done.added, "removed": done.removed},
            )
        return self.back()


class DeleteAccessGroupView(AccessGroupPage):
    """Says what goes with the group and asks, or says why it stays."""

    template_name = "wagtail_helpdesk/admin/access_group_delete.html"
    page_title = gettext_lazy("Delete the access group")

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Ask."""
        return self.render()

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Delete it."""
        name = self.group.name
        try:
            DeleteAccessGroup(group=self.group, actor=self.actor).execute()
        except ActionError as error:
            return self.render(error=error.message, status=409)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": name})
        return redirect(admin_url("access_groups"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(
            group=self.group, members=bounded_count(members_of_group(self.group))
        )
        return context
