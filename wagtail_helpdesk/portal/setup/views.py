"""The set-up around its steps: all portals, a new one, and what is done of one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.portal.setup import pages, steps
from wagtail_helpdesk.portal.setup.changes import latest
from wagtail_helpdesk.portal.setup.creating import CreatePortal
from wagtail_helpdesk.portal.setup.forms import NewPageForm
from wagtail_helpdesk.portal.setup.hiding import are_hidden, undone_since
from wagtail_helpdesk.portal.setup.links import sites_url
from wagtail_helpdesk.portal.setup.trying import TestForm


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All portals of all sites that the user may set up."""
    pages.require_permission(request)
    return pages.render(
        request,
        "index.html",
        _("Portals"),
        portals=[
            (page, pages.view_url(request, page), undone_since(page))
            for page in pages.portals_for(request.user)
        ],
        sites_url=sites_url(request),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The first step of a portal that is not there yet."""
    pages.require_permission(request)
    form = NewPageForm(request.POST or None, page=None, user=request.user)
    if form.is_valid():
        try:
            page = CreatePortal(
                parent=form.cleaned_data["parent"],
                title=form.cleaned_data["title"],
                slug=form.cleaned_data["slug"],
                user=request.user,
            ).execute()
        except ActionError as error:
            form.tell(error)
        except ActionPermissionError as error:
            raise Http404 from error
        else:
            messages.success(
                request, _("“%(portal)s” is there, as a draft.") % {"portal": page}
            )
            return redirect(pages.STEP, page.pk, "inbox")
    return pages.render(
        request,
        "step.html",
        _("A new portal"),
        step="page",
        form=form,
        has_places=bool(form.places),
        sites_url=sites_url(request),
    )


@require_safe
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """What is done of a portal, what is to do, and its switch.

    Args:
        request: The request.
        pk: The portal's key.
    """
    page = pages.portal_for(request, pk)
    states = steps.states_of(page)
    may_publish = page.permissions_for_user(request.user).can_publish()
    return pages.render(
        request,
        "checklist.html",
        _("Set-up"),
        page,
        states=states,
        are_hidden=are_hidden(page, states),
        following=next(
            (s for s in states if not s.is_done and not s.is_optional), None
        ),
        test=steps.test_state(page),
        test_form=TestForm(),
        problems=steps.problems_of(latest(page)),
        may_switch=may_publish and page.live,
        view_url=pages.view_url(request, page),
        edit_url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
    )
