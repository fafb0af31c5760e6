"""Answers a support form that is sent to a page, inside the page's privacy check.

``before_serve_page`` would run before Wagtail asks whether the visitor may see the page
at all, and showing the form again with its errors would show a private page to anybody.
The hook stands in ``on_serve_page``, whose chain has that check as an outer link.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _

from wagtail_helpdesk.access.sending import keep_no_copy
from wagtail_helpdesk.actions import OpenedTicket
from wagtail_helpdesk.forms.live import (
    FORM_PARAM,
    LiveForm,
    PageForms,
    page_forms,
    prefix_of,
)
from wagtail_helpdesk.forms.submission import Result, submit
from wagtail_helpdesk.models import SupportForm
from wagtail_helpdesk.promises import first_answer_due

ServePage = Callable[[Any, HttpRequest, Any, Any], HttpResponseBase]


def serve_support_forms(serve: ServePage) -> ServePage:
    """Wrap the serving of a page; see the ``on_serve_page`` hook of Wagtail.

    Args:
        serve: The next link of the chain.
    """

    def serve_page(
        page: Any, request: HttpRequest, args: Any, kwargs: Any
    ) -> HttpResponseBase:
        forms = page_forms(request, page)
        is_sent = request.method == "POST" and FORM_PARAM in request.GET
        if is_sent and _takes_forms(page, request):
            return _answer(forms, serve, args, kwargs)
        response = serve(page, request, args, kwargs)
        if hasattr(response, "add_post_render_callback"):
            response.add_post_render_callback(
                lambda rendered: _keep_private(forms, rendered)
            )
        else:
            _keep_private(forms, response)
        return response

    return serve_page


def _takes_forms(page: Any, request: HttpRequest) -> bool:
    """Whether a form sent to this page is ours to answer, or the page's own affair.

    A page may say so in ``takes_support_forms``: one whose visitors have to agree to
    something first answers the others itself.
    """
    says = getattr(page, "takes_support_forms", None)
    return says is None or bool(says(request))


def _keep_private(forms: PageForms, response: HttpResponseBase) -> None:
    """Keep a page of one visitor or moment out of shared caches.

    The browser may go back to it, but not to what is one visitor's alone: the next one
    at this device could.
    """
    if forms.is_personal:
        keep_no_copy(response)
    elif forms.has_tokens or forms.is_momentary:
        patch_cache_control(response, private=True, no_cache=True)
    if forms.varies:
        patch_vary_headers(response, ["Cookie"])


def _answer(
    forms: PageForms, serve: ServePage, args: Any, kwargs: Any
) -> HttpResponseBase:
    html_id = forms.request.GET[FORM_PARAM]
    support_form = SupportForm.objects.with_key(html_id.partition("_")[0])
    if support_form is None:
        raise Http404(_("There is no such form."))
    result = submit(
        forms.request,
        page=forms.page,
        support_form=support_form,
        prefix=prefix_of(html_id),
        door=forms.door,
    )
    live = LiveForm(support_form, html_id, form=result.form, token=result.token)
    live.unreadable_seen = result.unreadable_seen
    if result.opened is not None:
        return _see_other(forms, live, result.opened)
    live.action = forms.action_for(live)
    forms.posted = live
    return _show_again(forms, result, serve, args, kwargs)


def _see_other(forms: PageForms, live: LiveForm, opened: OpenedTicket) -> HttpResponse:
    """Redirect, so that reloading the page sends nothing (UX26)."""
    ticket, inbox = opened.ticket, live.support_form.channel.inbox
    due = first_answer_due(inbox, opened.conversation.created_at)
    reference = ticket.reference if ticket else ""
    response = HttpResponse(status=303)
    response["Location"] = forms.address_after(live, reference, due)
    return response


def _show_again(
    forms: PageForms, result: Result, serve: ServePage, args: Any, kwargs: Any
) -> HttpResponseBase:
    """The page once more, with the form as it was filled in and what is wrong."""
    request = forms.request
    # The page is shown, not sent to: a page with a form of its own must not take this
    # one for it.
    request.method = "GET"
    try:
        response = serve(forms.page, request, args, kwargs)
        if hasattr(response, "render"):
            response = response.render()
    finally:
        request.method = "POST"
    if response.status_code != 200:
        return response
    if forms.posted is None or forms.posted.html_id not in forms.shown:
        # The form exists, but not on this page.
        raise Http404(_("There is no such form on this page."))
    response.status_code = int(result.status)
    if result.retry_after:
        response["Retry-After"] = str(result.retry_after)
    patch_cache_control(response, private=True, no_store=True)
    return response
