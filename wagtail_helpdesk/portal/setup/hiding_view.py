"""The buttons that put a portal's steps away and bring them back."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.portal.setup import pages
from wagtail_helpdesk.portal.setup.hiding import HideSteps


@require_POST
def hide_steps(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the steps away, or show them again.

    Args:
        request: The request; ``to`` is ``hide`` or ``show``.
        pk: The portal's key.
    """
    page = pages.portal_for(request, pk)
    to = request.POST.get("to")
    if to in ("hide", "show"):
        try:
            done = HideSteps(page=page, user=request.user, hide=to == "hide").execute()
        except ActionPermissionError as error:
            raise Http404 from error
        if done and to == "hide":
            messages.success(request, _("The steps are hidden."))
    return redirect(pages.CHECKLIST, page.pk)
