"""The shared passwords of private pages and documents, with a limit on wrong ones.

Wagtail takes any number of tries (security.md 2.1). These views stand at its addresses
and let it answer, as long as not too many passwords from the same address were wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase
from wagtail.views import authenticate_with_password

from wagtail_helpdesk.access.sending import keep_no_copy
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.forms.spam import client_address
from wagtail_helpdesk.rate_limits import count_attempt, parse_rate
from wagtail_helpdesk.system_pages import too_many_requests

_SETTING = "SHARED_PASSWORD_RATE_LIMIT"


def page_password(
    request: HttpRequest, page_view_restriction_id: int, page_id: int
) -> HttpResponseBase:
    """Take the shared password of a page.

    Args:
        request: The request.
        page_view_restriction_id: The restriction that asks for it.
        page_id: The page that was to be opened.
    """
    return _limited(
        request,
        lambda: authenticate_with_password(request, page_view_restriction_id, page_id),
    )


def document_password(request: HttpRequest, restriction_id: int) -> HttpResponseBase:
    """Take the shared password of a collection.

    Args:
        request: The request.
        restriction_id: The restriction that asks for it.
    """
    # Its module needs the app, which a site may be without.
    from wagtail.documents.views import serve

    return _limited(
        request, lambda: serve.authenticate_with_password(request, restriction_id)
    )


def _limited(
    request: HttpRequest, answer: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Answer, unless too many passwords from this address were wrong.

    They count together: a page has a restriction for each of its languages, all with
    the same password.
    """
    if request.method != "POST":
        response = answer()
    else:
        rate = parse_rate(
            helpdesk_settings.SHARED_PASSWORD_RATE_LIMIT, setting=_SETTING
        )
        attempt = count_attempt(
            rate, scope="shared password", who=client_address(request)
        )
        if attempt.wait:
            return too_many_requests(request, wait=attempt.wait)
        response = answer()
        if response.status_code == HTTPStatus.FOUND:
            attempt.take_back()
    keep_no_copy(response)
    return response
