"""Contacts and organizations: those with tickets in the agent's inboxes, no others."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_helpdesk.actions.change_organization import ChangeOrganization
from wagtail_helpdesk.admin.base import WorkspacePage, admin_url
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import (
    Agent,
    Contact,
    Event,
    Identity,
    Organization,
    Ticket,
)
from wagtail_helpdesk.pagination import KeysetPage
from wagtail_helpdesk.permissions import (
    CHANGE_ORGANIZATION,
    VIEW_AS_CONTACT,
    contacts_visible_to_agent,
    organizations_visible_to_agent,
)
from wagtail_helpdesk.view_as import state as view_as

#: The last times somebody viewed the site as a contact that their page names.
LOOKS = 5


def _search_text(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:200]


class ContactListView(WorkspacePage):
    """People who asked, found by name or address."""

    template_name = "wagtail_helpdesk/admin/contacts.html"
    page_title = gettext_lazy("Contacts")
    header_icon = "group"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        return self.render()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = _search_text(self.request)
        contacts = contacts_visible_to_agent(self.agent)
        if text:
            addresses = Identity.objects.filter(
                contact=OuterRef("pk"), value__icontains=text.casefold()
            )
            contacts = contacts.filter(Q(name__icontains=text) | Exists(addresses))
        found: QuerySet[Contact] = Contact.objects.filter(
            pk__in=contacts.values("pk")
        ).with_identities()
        page = KeysetPage(
            found, ordering=("name", "pk"), params=self.request.GET, size=50
        )
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(page=page, text=text)
        return context


class ContactView(WorkspacePage):
    """One contact with addresses, organizations and tickets."""

    template_name = "wagtail_helpdesk/admin/contact.html"
    header_icon = "user"
    trail = (("contacts", gettext_lazy("Contacts")),)

    @cached_property
    def contact(self) -> Contact:
        """The contact, if the agent may see them."""
        visible = contacts_visible_to_agent(self.agent)
        return get_object_or_404(
            Contact.objects.filter(pk__in=visible.values("pk")).with_identities(),
            public_id=self.kwargs["public_id"],
        )

    def get_page_title(self) -> str:
        return self.contact.display_name

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show the contact."""
        return self.render()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visible = Ticket.objects.visible_to_agent(self.agent)
        page = KeysetPage(
            visible.filter(contact=self.contact).for_list(),
            ordering=("-last_activity_at", "-pk"),
            params=self.request.GET,
        )
        consents = list(self.contact.consents.order_by("-given_at", "-pk"))
        withdrawn = [row.withdrawn_at for row in consents if row.withdrawn_at]
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(
            contact=self.contact,
            identities=sorted(self.contact.identities.all(), key=lambda i: i.pk),
            memberships=[
                row
                for row in self.contact.memberships.all()
                if row.organization_id in self._organizations()
            ],
            may_change_organization=self.request.user.has_perm(CHANGE_ORGANIZATION),
            page=page,
            consents=consents,
            withdrawn_at=max(withdrawn)
            if withdrawn and len(withdrawn) == len(consents)
            else None,
            may_view_as=self.request.user.has_perm(VIEW_AS_CONTACT)
            and view_as.is_installed(),
            looks=Event.objects.looks_at(self.contact)[:LOOKS],
        )
        return context

    def _organizations(self) -> set[int]:
        """The contact's organizations that the agent may see."""
        visible = organizations_visible_to_agent(self.agent)
        return set(
            visible.filter(memberships__contact=self.contact).values_list(
                "pk", flat=True
            )
        )


class OrganizationListView(WorkspacePage):
    """Companies of the contacts, found by name."""

    template_name = "wagtail_helpdesk/admin/organizations.html"
    page_title = gettext_lazy("Organizations")
    header_icon = "group"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        return self.render()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = _search_text(self.request)
        organizations = organizations_visible_to_agent(self.agent)
        if text:
            organizations = organizations.filter(name__icontains=text)
        page = KeysetPage(
            organizations, ordering=("name", "pk"), params=self.request.GET, size=50
        )
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(
            page=page,
            text=text,
            may_add=self.request.user.has_perm("wagtail_helpdesk.add_organization"),
        )
        return context


class OrganizationForm(forms.Form):
    """Name, domains and sharing of an organization."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    domains = forms.CharField(
        label=gettext_lazy("E-mail domains"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr"}),
        help_text=gettext_lazy(
            "One on each line, such as acme.example. A verified address of one of "
            "them makes its contact a member."
        ),
    )
    sharing = forms.ChoiceField(
        label=gettext_lazy("Sharing"),
        choices=Organization.Sharing.choices,
        widget=forms.RadioSelect,
    )


class OrganizationView(WorkspacePage):
    """One organization with its members and tickets, and its form for staff."""

    template_name = "wagtail_helpdesk/admin/organization.html"
    header_icon = "group"
    trail = (("organizations", gettext_lazy("Organizations")),)

    @cached_property
    def organization(self) -> Organization:
        """The organization, if the agent may see it."""
        visible = organizations_visible_to_agent(self.agent)
        return get_object_or_404(visible, public_id=self.kwargs["public_id"])

    def get_page_title(self) -> str:
        return self.organization.name

    @property
    def may_change(self) -> bool:
        """Whether the user holds the permission to change organizations."""
        return bool(self.request.user.has_perm(CHANGE_ORGANIZATION))

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show it."""
        return self.render(form=self._form())

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Change it."""
        organization = self.organization
        if not self.may_change:
            raise PermissionDenied
        form = OrganizationForm(request.POST)
        if not save_organization(form, organization, self.agent):
            return self.render(form=form, status=400)
        messages.success(request, _("The organization is changed."))
        return redirect(admin_url("organization", organization.public_id))

    def _form(self) -> OrganizationForm:
        organization = self.organization
        return OrganizationForm(
            initial={
                "name": organization.name,
                "domains": "\n".join(organization.domains),
                "sharing": organization.sharing,
            }
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visible = Ticket.objects.visible_to_agent(self.agent)
        page = KeysetPage(
            visible.filter(organization=self.organization).for_list(),
            ordering=("-last_activity_at", "-pk"),
            params=self.request.GET,
        )
        seen = contacts_visible_to_agent(self.agent)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(
            organization=self.organization,
            may_change=self.may_change,
            members=self.organization.memberships.filter(contact__in=seen.values("pk"))
            .select_related("contact")
            .prefetch_related("contact__identities")
            .order_by("contact__name", "contact")[:100],
            page=page,
        )
        return context


class AddOrganizationView(WorkspacePage):
    """A new organization, for staff with the permission."""

    template_name = "wagtail_helpdesk/admin/organization_add.html"
    page_title = gettext_lazy("New organization")
    header_icon = "group"
    trail = (("organizations", gettext_lazy("Organizations")),)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        self._check()
        return self.render(form=OrganizationForm(initial={"sharing": "own"}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make it."""
        self._check()
        form = OrganizationForm(request.POST)
        if not save_organization(form, Organization(), self.agent):
            return self.render(form=form, status=400)
        messages.success(request, _("The organization is made."))
        return redirect(admin_url("organizations"))

    def _check(self) -> None:
        if not self.request.user.has_perm("wagtail_helpdesk.add_organization"):
            raise PermissionDenied


def save_organization(
    form: OrganizationForm, organization: Organization, agent: Agent
) -> bool:
    """Save a filled form through its action; errors are put on the form.

    Returns:
        Whether it was saved.
    """
    if not form.is_valid():
        return False
    try:
        ChangeOrganization(
            organization=organization,
            name=form.cleaned_data["name"],
            domains=form.cleaned_data["domains"].splitlines(),
            sharing=form.cleaned_data["sharing"],
            actor=agent,
        ).execute()
    except ActionError as error:
        form.add_error(error.field, str(error.message))
        return False
    return True
