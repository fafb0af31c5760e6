"""The page in the admin that makes the system pages a portal lacks."""

from __future__ import annotations

from typing import Any

import swapper
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from wagtail_helpdesk.actions import CreateSystemPages
from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.models.system_page_kinds import SystemPageKind
from wagtail_helpdesk.portal.navigation import portal_models
from wagtail_helpdesk.portal.system_pages import system_page_models
from wagtail_helpdesk.preferences import safe_next

swapper.set_app_prefix("wagtailcore", "wagtail")


@require_http_methods(["GET", "HEAD", "POST"])
def create_system_pages(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and then make the pages.

    Args:
        request: The request; only a POST makes anything.
        pk: The portal's key.
    """
    portal, page_type = _portal(request, pk), system_page_models()[0]
    if request.method == "POST":
        try:
            made = CreateSystemPages(
                parent=portal, page_type=page_type, user=request.user
            ).execute()
        except ActionPermissionError as error:
            raise Http404 from error
        if made:
            text = ngettext(
                "%(number)d system page made.",
                "%(number)d system pages made.",
                len(made),
            )
            messages.success(request, text % {"number": len(made)})
        else:
            messages.info(request, _("No system page is missing."))
        explorer = reverse("wagtailadmin_explore", args=[portal.pk])
        return redirect(safe_next(request, fallback=explorer))
    there = page_type._default_manager.child_of(portal)
    known = set(there.values_list("kind", flat=True))
    context = {
        "page": portal,
        "missing": [kind.label for kind in SystemPageKind if kind not in known],
    }
    return TemplateResponse(
        request, "wagtail_helpdesk/admin/create_system_pages.html", context
    )


def _portal(request: HttpRequest, pk: int) -> Any:
    """The portal, for those who may publish below it; to others there is none."""
    pages = swapper.load_model("wagtailcore", "Page").objects
    page = get_object_or_404(pages, pk=pk)
    kind = page.specific_class
    may = page.permissions_for_user(request.user)
    if kind not in portal_models() or not system_page_models():
        raise Http404
    if not (may.can_add_subpage() and may.can_publish_subpage()):
        raise Http404
    return page.specific
