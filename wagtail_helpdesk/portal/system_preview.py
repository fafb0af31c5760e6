"""What the page editor shows of a system page: as a visitor sees it, and nobody's data.

The editor is signed in, and most of these pages send on whoever is; so for the time of
the preview the request is that of a visitor who has just come.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.system_page_kinds import SystemPageKind
from wagtail_helpdesk.portal.system_serving import around, text_only
from wagtail_helpdesk.system_pages import access_denied, account_view, serve_as

ERROR_MODE = "error"


def preview(page: Any, request: HttpRequest, mode_name: str) -> HttpResponseBase:
    """Show a system page in the page editor.

    Args:
        page: The system page, saved or not.
        request: Wagtail's made-up request.
        mode_name: Empty, or ``ERROR_MODE``.
    """
    serve_as(request, page)
    if page.kind == SystemPageKind.DENIED:
        return access_denied(request)
    with _as_new_visitor(request):
        response = _sample(page, request)
        if isinstance(response, TemplateResponse):
            if mode_name == ERROR_MODE:
                _leave_empty(response.context_data or {})
            # Now, while the request is a visitor's.
            response.render()
    return response


@contextmanager
def _as_new_visitor(request: Any) -> Iterator[None]:
    user, session = request.user, getattr(request, "session", None)
    request.user = AnonymousUser()
    if session is not None:
        request.session = type(session)()
    try:
        yield
    finally:
        # Or the editor would be signed out by the session's middleware.
        request.user = user
        if session is not None:
            request.session = session


def _sample(page: Any, request: HttpRequest) -> HttpResponseBase:
    found = account_view(page.kind)
    if page.kind in _SAMPLES and found is not None:
        template, context = _SAMPLES[page.kind]()
        response: HttpResponseBase = TemplateResponse(request, template, context)
    elif found is not None and page.kind != SystemPageKind.SIGN_OUT:
        response = found[1](request)
    elif found is not None:
        response = TemplateResponse(request, "account/logout.html", {})
    else:
        response = text_only(page, request)
    if not isinstance(response, TemplateResponse):
        # A site's own view may send everybody on.
        response = text_only(page, request)
    around(response, page, request)
    return response


def _leave_empty(context: dict[str, Any]) -> None:
    """As if the form had been sent with nothing in it."""
    for name in ("form", "verify_form"):
        form = context.get(name)
        if isinstance(form, forms.BaseForm):
            form.is_bound = True
            form.data = QueryDict("")
            form._errors = None  # type: ignore[attr-defined]  # not in its types


class _CodeForm(forms.Form):
    code = forms.CharField(label=_("Code"))


class _PasswordForm(forms.Form):
    password1 = forms.CharField(label=_("New password"), widget=forms.PasswordInput)


def _confirming() -> tuple[str, dict[str, Any]]:
    if getattr(settings, "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED", False):
        context = {
            "verify_form": _CodeForm(),
            "email": "ana@example.com",
            "can_resend": True,
            "cancel_url": "#",
        }
        return "account/confirm_email_verification_code.html", context
    return "account/verification_sent.html", {}


def _setting_a_password() -> tuple[str, dict[str, Any]]:
    context = {"form": _PasswordForm(), "action_url": "#", "cancel_url": "#"}
    return "account/password_reset_from_key.html", context


#: What only somebody who is half-way through would see.
_SAMPLES = {
    SystemPageKind.CONFIRM: _confirming,
    SystemPageKind.RESET_SET: _setting_a_password,
}
