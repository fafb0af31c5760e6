"""Viewing the site as a contact, and why that contact sees something or not (N8)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_helpdesk.admin.base import AgentRequiredMixin, WorkspacePage, admin_url
from wagtail_helpdesk.admin.sees import latest_answers, ticket_answer
from wagtail_helpdesk.admin.sees_page import page_answer, page_at
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Contact, Ticket
from wagtail_helpdesk.models.tickets import ticket_number_from
from wagtail_helpdesk.permissions import VIEW_AS_CONTACT, contacts_visible_to_agent
from wagtail_helpdesk.view_as import state


class _OfContact(AgentRequiredMixin):
    """For agents with the permission, about a contact whom they may see."""

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if not request.user.has_perm(VIEW_AS_CONTACT):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def contact(self) -> Contact:
        """The contact, if the agent may see them."""
        visible = contacts_visible_to_agent(self.agent)
        return get_object_or_404(
            Contact.objects.filter(pk__in=visible.values("pk")).with_identities(),
            public_id=self.kwargs["public_id"],
        )


class StartView(_OfContact):
    """Begins to view the site as the contact."""

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Begin, and lead to where the contact would be led."""
        contact = self.contact
        if not state.is_installed():
            messages.error(
                request,
                _("This site is not set up for it: its MIDDLEWARE lacks a line."),
            )
            return redirect(admin_url("contact", contact.public_id))
        try:
            state.start(request, contact=contact, agent=self.agent)
        except ActionError as error:
            messages.error(request, str(error.message))
            return redirect(admin_url("contact", contact.public_id))
        try:
            return redirect(reverse("wagtail_helpdesk:view_as"))
        except NoReverseMatch:  # The site has mounted no addresses of ours.
            return redirect("/")


class StopView(AgentRequiredMixin):
    """Ends it; for every agent, also one who has lost the permission meanwhile."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """End it, and lead back to the contact."""
        contact = state.end(request, reason="stopped")
        if contact is None:
            return redirect(admin_url("contacts"))
        messages.success(request, _("You see the site as yourself again."))
        visible = contacts_visible_to_agent(self.agent)
        if visible.filter(pk=contact.pk).exists():
            return redirect(admin_url("contact", contact.public_id))
        return redirect(admin_url("contacts"))


class SeesView(_OfContact, WorkspacePage):
    """Why the contact sees a ticket or a page, or why not."""

    template_name = "wagtail_helpdesk/admin/contact_sees.html"
    header_icon = "view"
    page_title = gettext_lazy("What the contact sees")
    trail = (("contacts", gettext_lazy("Contacts")),)

    def get_page_subtitle(self) -> str:
        return self.contact.display_name

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show the form, and the answer to what was asked."""
        return self.render()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("what", "").replace("\x00", "").strip()[:500]
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(contact=self.contact, text=text, **self._answer(text))
        if not text and "latest" in self.request.GET:
            context["latest"] = latest_answers(self.contact, self.agent)
        return context

    def _answer(self, text: str) -> dict[str, Any]:
        if not text:
            return {}
        number = ticket_number_from(text)
        if number is not None:
            tickets = Ticket.objects.in_inboxes_of(self.agent)
            ticket = tickets.filter(number=number).first()
            if ticket is not None:
                answers = ticket_answer(ticket, self.contact, self.agent)
                return {"ticket": ticket, "answers": answers}
        else:
            page = page_at(text, self.request, self.contact)
            if page is not None:
                return {"page": page_answer(page, self.request, self.contact)}
        return {"problem": _("There is no such ticket or page that you may see.")}
