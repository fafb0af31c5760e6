"""Saving the current list as a view, and deleting one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from wagtail_helpdesk.actions.saved_views import DeleteSavedView, SaveView
from wagtail_helpdesk.admin.base import AgentRequiredMixin, admin_url
from wagtail_helpdesk.admin.filters import TicketList
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import SavedView


class SaveViewView(AgentRequiredMixin):
    """Save the list that ``query`` describes under ``name``."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save it and show it."""
        asked = QueryDict(request.POST.get("query", "")[:2000].replace("\x00", ""))
        query = TicketList(asked, agent=self.agent).query()
        try:
            view = SaveView(
                agent=self.agent,
                name=request.POST.get("name", ""),
                query=query,
                is_shared=request.POST.get("shared") == "on",
            ).execute()
        except ActionError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(
                request, _("The view “%(name)s” is saved.") % {"name": view.name}
            )
        return redirect(f"{admin_url('inbox')}?{query}")


class DeleteViewView(AgentRequiredMixin):
    """Delete a view of one's own."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it and go back to the list; a colleague's view answers 404."""
        own = SavedView.objects.filter(owner=self.agent)
        view = get_object_or_404(own, pk=pk)
        try:
            DeleteSavedView(view=view, agent=self.agent).execute()
        except ActionPermissionError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, _("The view “%(name)s” is deleted.") % {"name": view.name}
            )
        return redirect("wagtail_helpdesk_admin:inbox")
