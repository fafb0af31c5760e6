"""Which portals somebody may set up, and the frame of the set-up's pages."""

from __future__ import annotations

from typing import Any

import swapper
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_helpdesk.portal.navigation import portal_models
from wagtail_helpdesk.portal.settings_permission import may_change_settings

swapper.set_app_prefix("wagtailcore", "wagtail")

OVERVIEW = "helpdesk_portal_setup"
NEW = "helpdesk_portal_setup_new"
CHECKLIST = "helpdesk_portal_setup_checklist"
STEP = "helpdesk_portal_setup_step"
TEST = "helpdesk_portal_setup_test"
HIDE = "helpdesk_portal_setup_hide"
SWITCH = "helpdesk_portal_switch"


def require_permission(request: HttpRequest) -> None:
    """Refuse whoever may change the settings of no portal (B2).

    Args:
        request: The request.
    """
    if not may_change_settings(request.user):
        raise PermissionDenied


def portals_for(user: Any) -> list[Any]:
    """All portals that a user may set up, in the order of the tree.

    Args:
        user: The user.
    """
    return [
        page
        for model in portal_models()
        if may_change_settings(user, model)
        for page in model._default_manager.filter(alias_of=None)
        .select_related("locale")
        .order_by("path")
        if page.permissions_for_user(user).can_edit()
    ]


def portal_for(request: HttpRequest, pk: int) -> Any:
    """A portal as it is in the database; to who may not set it up there is none.

    Args:
        request: The request.
        pk: The page's key.
    """
    require_permission(request)
    pages = swapper.load_model("wagtailcore", "Page").objects
    page = get_object_or_404(pages, pk=pk, alias_of=None)
    kind = page.specific_class
    if (
        kind not in portal_models()
        or not may_change_settings(request.user, kind)
        or not page.permissions_for_user(request.user).can_edit()
    ):
        raise Http404
    return page.specific


def view_url(request: HttpRequest, page: Any) -> str:
    """Where a published portal is, seen from this request; else empty (B11).

    Args:
        request: The request.
        page: The portal.
    """
    return (page.get_url(request) or "") if page.live else ""


def render(
    request: HttpRequest, template: str, title: str, page: Any = None, **context: Any
) -> HttpResponse:
    """Answer with one of the set-up's templates in the admin's frame.

    Args:
        request: The request.
        template: Name of a template in the folder ``admin/portal_setup``.
        title: The page's heading.
        page: The portal that it is about; its checklist stands above.
        context: What the template needs beside.
    """
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse(OVERVIEW), "label": _("Portals")},
    ]
    name = page.get_admin_display_title() if page is not None else ""
    if page is not None:
        trail.append({"url": reverse(CHECKLIST, args=[page.pk]), "label": name})
    # The way above is folded up, so the heading says which portal it is.
    trail.append({"url": "", "label": title, "sublabel": name})
    frame = {
        "header_title": f"{title}: {name}" if name else title,
        "header_icon": "cogs",
        "breadcrumbs_items": trail,
        "portal": page,
    }
    response = TemplateResponse(
        request,
        f"wagtail_helpdesk/admin/portal_setup/{template}",
        {**frame, **context},
    )
    response["Cache-Control"] = "private, no-store"
    return response
