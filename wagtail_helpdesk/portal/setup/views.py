"""The set-up of portals in the admin: overview, checklist, steps, switch."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)
from wagtail.admin import messages

from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Appearance, Ticket
from wagtail_helpdesk.permissions import agent_for
from wagtail_helpdesk.portal.setup import pages, steps
from wagtail_helpdesk.portal.setup.changes import (
    ChangePortalSettings,
    PortalAction,
    SwitchPortal,
    latest,
)
from wagtail_helpdesk.portal.setup.connecting import ConnectForm, ConnectInbox
from wagtail_helpdesk.portal.setup.creating import CreatePortal
from wagtail_helpdesk.portal.setup.forms import (
    AccessForm,
    FormForm,
    InboxForm,
    NewPageForm,
    PageForm,
    RulesForm,
    StepForm,
    TestForm,
)
from wagtail_helpdesk.portal.setup.hiding import are_hidden, undone_since
from wagtail_helpdesk.portal.setup.trying import send_test_ticket
from wagtail_helpdesk.portal.system_pages import system_page_models

_FORMS: dict[str, type[StepForm]] = {
    "page": PageForm,
    "inbox": InboxForm,
    "rules": RulesForm,
    "access": AccessForm,
    "form": FormForm,
}
_reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


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
        sites_url=_sites_url(request),
    )


@_reads_and_posts
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
            _tell(form, error)
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
        sites_url=_sites_url(request),
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


@_reads_and_posts
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
        return _finish(request, page)
    if step == "look":
        return _look(request, page)
    newest = latest(page)
    data = request.POST if request.method == "POST" else None
    form = _FORMS[step](data, page=newest, user=request.user)
    if form.is_valid():
        try:
            _action_of(step, page, request.user, form.cleaned_data).execute()
        except ActionError as error:
            _tell(form, error)
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
        links=_links_of(step, page, request),
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
        appearance_url=_appearance_url(request, page),
    )


def _appearance_url(request: HttpRequest, page: Any) -> str:
    """Where the colours of the portal's site are chosen, for who may."""
    row = Appearance.objects.filter(site=page.get_site()).first()
    verb = "change" if row else "add"
    if not request.user.has_perm(f"wagtail_helpdesk.{verb}_appearance"):
        return ""
    if row is None:
        return reverse("helpdesk_appearance:add")
    return reverse("helpdesk_appearance:edit", args=[row.pk])


def _finish(request: HttpRequest, page: Any) -> HttpResponse:
    """Publish the portal and switch it on."""
    form = TestForm()
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
        form=form,
        view_url=pages.view_url(request, page),
    )


@_reads_and_posts
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


@require_POST
def test_ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a ticket that shows whether requests arrive.

    Args:
        request: The request.
        pk: The portal's key.
    """
    page = pages.portal_for(request, pk)
    form = TestForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This form was sent before. Load the page again."))
        return redirect(pages.CHECKLIST, page.pk)
    try:
        opened = send_test_ticket(
            latest(page), request.user, str(form.cleaned_data["token"])
        )
    except (ActionError, ActionPermissionError) as error:
        messages.error(request, str(error))
        return redirect(pages.CHECKLIST, page.pk)
    _say_arrived(request, opened.ticket)
    return redirect(pages.CHECKLIST, page.pk)


def _say_arrived(request: HttpRequest, ticket: Ticket | None) -> None:
    buttons = []
    agent = agent_for(request.user)
    if ticket is None:
        text = _("The test has arrived. The inbox opens no tickets.")
    else:
        text = _("The test has arrived as %(ticket)s.") % {"ticket": ticket.reference}
        if Ticket.objects.visible_to_agent(agent).filter(pk=ticket.pk).exists():
            url = reverse("wagtail_helpdesk_admin:ticket", args=[ticket.public_id])
            buttons.append(messages.button(url, _("Open the ticket")))
    messages.success(request, text, buttons=buttons)


def _tell(form: StepForm, error: ActionError) -> None:
    """Show what an action refuses where it belongs; what was typed stays."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


def _say_saved(request: HttpRequest, page: Any) -> None:
    if page.live and not page.permissions_for_user(request.user).can_publish():
        messages.warning(
            request,
            _("Saved as a draft. Somebody who may publish has to publish the page."),
        )
    else:
        messages.success(request, _("Saved."))


def _links_of(step: str, page: Any, request: HttpRequest) -> list[tuple[str, str]]:
    """Where else something is set that belongs to a step: address and label."""
    found: list[tuple[str, str]] = []
    may = page.permissions_for_user(request.user)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    if step == "page":
        if may.can_move():
            move = reverse("wagtailadmin_pages:move", args=[page.pk])
            found.append((move, _("Move the page elsewhere")))
        if sites := _sites_url(request):
            found.append((sites, _("Sites and their domains")))
    elif step == "access":
        if may.can_add_subpage() and may.can_publish_subpage() and system_page_models():
            back = reverse(pages.STEP, args=[page.pk, "access"])
            make = reverse("helpdesk_portal_system_pages", args=[page.pk])
            found.append((f"{make}?next={back}", _("Create system pages")))
        found.append((edit, _("Consent and time-out, in the page’s editor")))
    elif step == "form":
        found.append((edit, _("Several forms and their words, in the page’s editor")))
    elif step == "rules":
        found.append((edit, _("More of it, in the page’s editor")))
    return found


def _sites_url(request: HttpRequest) -> str:
    """Wagtail's list of sites with their domains, for who may change them (B4)."""
    if not request.user.has_perm("wagtailcore.change_site"):
        return ""
    try:
        return reverse("wagtailsites:index")
    except NoReverseMatch:
        return ""
