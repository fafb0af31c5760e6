"""One step of a portal's set-up: what is there, and what is sent."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.portal.setup import pages, steps, switching_view
from wagtail_helpdesk.portal.setup.changes import (
    ChangePortalSettings,
    PortalAction,
    latest,
)
from wagtail_helpdesk.portal.setup.connecting import ConnectForm, ConnectInbox
from wagtail_helpdesk.portal.setup.forms import (
    AccessForm,
    FormForm,
    InboxForm,
    PageForm,
    RulesForm,
)
from wagtail_helpdesk.portal.setup.links import appearance_url, links_of
from wagtail_helpdesk.portal.setup.step_form import StepForm

_FORMS: dict[str, type[StepForm]] = {
    "page": PageForm,
    "inbox": InboxForm,
    "rules": RulesForm,
    "access": AccessForm,
    "form": FormForm,
}


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step: what is there, and what is sent.

    Args:
        request: The request; a POST does the step's work.
        pk: The portal's key.
        step: A key of ``steps.STEPS``.
    """
    page = pages.portal_for(request, pk)
    if step not in steps.TITLES:
        raise Http404
    if step == "finish":
        return switching_view.finish(request, page)
    if step == "look":
        return _look(request, page)
    newest = latest(page)
    data = request.POST if request.method == "POST" else None
    form = _FORMS[step](data, page=newest, user=request.user)
    if form.is_valid():
        try:
            _action_of(step, page, request.user, form.cleaned_data).execute()
        except ActionError as error:
            form.tell(error)
        except ActionPermissionError as error:
            raise Http404 from error
        else:
            _say_saved(request, page)
            return redirect(pages.STEP, page.pk, steps.step_after(step))
    return pages.render(
        request,
        "step.html",
        str(steps.TITLES[step]),
        page,
        step=step,
        form=form,
        has_places=True,
        links=links_of(step, page, request),
    )


def _action_of(step: str, page: Any, user: Any, values: dict[str, Any]) -> PortalAction:
    if step == "inbox":
        return ConnectInbox(
            page=page,
            user=user,
            inbox=values["chosen"],
            name=values.get("name", ""),
            pipeline=values.get("pipeline"),
        )
    if step == "form":
        return ConnectForm(
            page=page,
            user=user,
            form=values["chosen"],
            name=values.get("name", ""),
            keep=values["keep"],
        )
    settings = values.get("settings") or {
        "title": values["title"],
        "slug": values["slug"],
    }
    return ChangePortalSettings(page=page, user=user, values=settings, step=step)


def _look(request: HttpRequest, page: Any) -> HttpResponse:
    """What the portal stands in today, and how it looks there."""
    if request.method == "POST":
        return redirect(pages.STEP, page.pk, "finish")
    return pages.render(
        request,
        "look.html",
        str(steps.TITLES["look"]),
        page,
        base_template=helpdesk_settings.BASE_TEMPLATE,
        preview_url=reverse("wagtailadmin_pages:view_draft", args=[page.pk]),
        edit_url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
        appearance_url=appearance_url(request, page),
    )


def _say_saved(request: HttpRequest, page: Any) -> None:
    if page.live and not page.permissions_for_user(request.user).can_publish():
        messages.warning(
            request,
            _("Saved as a draft. Somebody who may publish has to publish the page."),
        )
    else:
        messages.success(request, _("Saved."))
