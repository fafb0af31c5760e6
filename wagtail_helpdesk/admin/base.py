"""What the workspace takes from Wagtail's admin; no other module imports internals.

``WagtailAdminTemplateMixin`` and the template ``wagtailadmin/generic/base.html`` (slim
header, breadcrumbs) are not documented by Wagtail. ``tests/contract/`` holds the parts
we rely on, on every Wagtail we support.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.models import Agent
from wagtail_helpdesk.permissions import agent_of
from wagtail_helpdesk.sweep import after_this_response

NAMESPACE = "wagtail_helpdesk_admin"


def admin_url(name: str, *args: Any) -> str:
    """The URL of one of the workspace's views.

    Args:
        name: The URL's name without the namespace.
        args: Its positional arguments.
    """
    return reverse(f"{NAMESPACE}:{name}", args=args)


class AgentRequiredMixin(View):
    """Lets agents in; ``self.agent`` is who asks.

    A superuser who is no agent yet is led to the page where they become one. Everybody
    else gets Wagtail's own answer to a missing permission.
    """

    agent: Agent

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        agent = agent_of(request)
        if agent is None:
            if request.user.is_superuser:
                return redirect(admin_url("become_agent"))
            raise PermissionDenied
        self.agent = agent
        after_this_response()
        try:
            return super().dispatch(request, *args, **kwargs)
        except ActionPermissionError as error:
            # It was there when the view looked, and is not when the action does.
            raise Http404 from error


class AdminPage(WagtailAdminTemplateMixin, View):
    """A page in the admin's frame: breadcrumbs, title, our style sheet.

    Attributes:
        page_title: Read out as the heading and shown in the browser's tab.
        trail: Pairs of URL name and label that lead here, below "Home".
    """

    header_icon = "mail"
    trail: tuple[tuple[str, Any], ...] = ()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [{"url": admin_url(name), "label": label} for name, label in self.trail]
        last = {
            "url": "",
            "label": self.get_page_title(),
            "sublabel": self.get_page_subtitle(),
        }
        return [*super().get_breadcrumbs_items(), *items, last]

    def render(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """Answer with the view's template."""
        response: HttpResponse = self.render_to_response(
            self.get_context_data(**context), status=status
        )
        # Tickets change under the agent's hands, and shared machines are common.
        response.headers["Cache-Control"] = "private, no-store"
        return response


class WorkspacePage(AgentRequiredMixin, AdminPage):
    """A page that only agents see."""
