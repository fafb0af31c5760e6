"""The page in the admin that tells what a draft's visibility filters would change."""

from __future__ import annotations

from typing import Any

import swapper
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from wagtail_helpdesk.access.ticket_filters import describe, problem_of
from wagtail_helpdesk.permissions import agent_for
from wagtail_helpdesk.portal.filter_preview import compare
from wagtail_helpdesk.portal.navigation import portal_models
from wagtail_helpdesk.portal.settings_permission import may_read_draft

swapper.set_app_prefix("wagtailcore", "wagtail")


@require_safe
def filter_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the change; counts for every editor, examples for agents.

    Args:
        request: The request.
        pk: The portal's key.
    """
    page = _portal(request, pk)
    live, draft = page.rules, page.get_latest_revision_as_object().rules
    context = {
        "page": page,
        "live": [describe(one) for one in live.filters],
        "draft": [describe(one) for one in draft.filters],
        "problems": [text for one in draft.filters if (text := problem_of(one))],
        "change": compare(live, draft, agent_for(request.user)),
        "sharing_changes": (live.sharing, live.all_organizations)
        != (draft.sharing, draft.all_organizations),
    }
    return TemplateResponse(
        request, "wagtail_helpdesk/admin/portal_filter_preview.html", context
    )


def _portal(request: HttpRequest, pk: int) -> Any:
    """The portal, for those who may edit it; to others there is none."""
    pages = swapper.load_model("wagtailcore", "Page").objects
    page = get_object_or_404(pages, pk=pk)
    if page.specific_class not in portal_models():
        raise Http404
    if not may_read_draft(request.user, page):
        raise Http404
    return page.specific
