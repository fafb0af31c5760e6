"""Where agents stay themselves while they look at the site as a contact."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

#: Put to the address of a file by the workspace: its agents read it as themselves.
AS_AGENT = "as_agent"
#: Views of accounts, of the workspace, and of Django's own admin.
_MODULES = (
    "allauth.",
    "django.contrib.admin.",
    "django.contrib.auth.",
    "wagtail_helpdesk.accounts.",
    "wagtail_helpdesk.admin.",
)


def is_back_office(request: HttpRequest, view: Any) -> bool:
    """Whether an address is for staff or for accounts, and not a part of the site.

    Everything else counts as the site, so that nothing unknown is shown, or done, with
    the rights of the agent while the banner names the contact.

    Args:
        request: The request, whose address has been resolved.
        view: The view that would answer.
    """
    match = request.resolver_match
    if match is not None and "admin" in match.app_names:
        return True
    if (
        match is not None
        and match.view_name == "wagtail_helpdesk:attachment"
        and AS_AGENT in request.GET
    ):
        return True
    try:
        if request.path.startswith(reverse("wagtailadmin_home")):
            return True
    except NoReverseMatch:
        pass
    return f"{getattr(view, '__module__', '')}.".startswith(_MODULES)
