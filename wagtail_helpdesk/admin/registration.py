"""How a superuser starts to work tickets."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_helpdesk.actions import RegisterAgent
from wagtail_helpdesk.admin.base import AdminPage
from wagtail_helpdesk.models import Inbox
from wagtail_helpdesk.permissions import agent_of


class BecomeAgentView(AdminPage):
    """Explains to a superuser why the inbox is closed to them, and opens it."""

    template_name = "wagtail_helpdesk/admin/become_agent.html"
    page_title = gettext_lazy("Become an agent")
    header_icon = "user"

    def dispatch(self, request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Explain; an agent goes straight to the inbox."""
        if agent_of(request) is not None:
            return redirect("wagtail_helpdesk_admin:inbox")
        return self.render(inboxes=Inbox.objects.all())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Register the superuser as a member of the inboxes they chose."""
        chosen = [value.replace("\x00", "") for value in request.POST.getlist("inbox")]
        RegisterAgent(
            user=cast(Any, request.user),
            inboxes=Inbox.objects.filter(public_id__in=chosen),
        ).execute()
        messages.success(request, _("You are an agent now."))
        return redirect("wagtail_helpdesk_admin:inbox")
