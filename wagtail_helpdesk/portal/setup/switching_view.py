"""The switch of a portal: as the last step of the set-up, and later on (B10)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.portal.setup import pages, steps
from wagtail_helpdesk.portal.setup.changes import SwitchPortal, latest
from wagtail_helpdesk.portal.setup.trying import TestForm


def finish(request: HttpRequest, page: Any) -> HttpResponse:
    """Publish the portal and switch it on.

    Args:
        request: The request; a POST does it.
        page: The portal.
    """
    if request.method == "POST":
        return _switch(request, page, on=True)
    return pages.render(
        request,
        "finish.html",
        str(steps.TITLES["finish"]),
        page,
        problems=steps.problems_of(latest(page)),
        is_on=page.live and page.is_active,
        may_publish=page.permissions_for_user(request.user).can_publish(),
        form=TestForm(),
        view_url=pages.view_url(request, page),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and then switch a published portal on or off (B10).

    Args:
        request: The request; a POST says which with ``to``.
        pk: The portal's key.
    """
    page = pages.portal_for(request, pk)
    if not page.permissions_for_user(request.user).can_publish() or not page.live:
        raise Http404
    if request.method == "POST" and request.POST.get("to") in ("on", "off"):
        return _switch(request, page, on=request.POST["to"] == "on")
    title = _("Switch portal off") if page.is_active else _("Switch portal on")
    return pages.render(
        request,
        "switch.html",
        title,
        page,
        to="off" if page.is_active else "on",
        has_drafts=page.has_unpublished_changes,
        in_workflow=page.current_workflow_state is not None,
    )


def _switch(request: HttpRequest, page: Any, *, on: bool) -> HttpResponse:
    try:
        SwitchPortal(page=page, user=request.user, on=on).execute()
    except ActionPermissionError as error:
        raise Http404 from error
    except ActionError as error:
        messages.error(request, str(error))
        return redirect(pages.CHECKLIST, page.pk)
    page.refresh_from_db()
    if on and not page.live:
        messages.info(request, _("It goes live at the time that the page says."))
    elif page.is_active:
        messages.success(request, _("“%(portal)s” is on.") % {"portal": page})
    else:
        messages.success(request, _("“%(portal)s” is off.") % {"portal": page})
    return redirect(pages.CHECKLIST, page.pk)
