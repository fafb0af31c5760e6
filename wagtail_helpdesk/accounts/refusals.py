"""The answer to whom a company's provider does not get in."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from wagtail_helpdesk.frontend import frame_context
from wagtail_helpdesk.models import IdentityProvider

logger = logging.getLogger(__name__)


def refusal(
    request: HttpRequest,
    row: IdentityProvider,
    code: str,
    text: str,
    *,
    status: int = 403,
) -> HttpResponse:
    """Say in words why not, and log one word.

    Args:
        request: The request.
        row: The provider.
        code: The word for the log. Neither the address nor anything the provider sent:
            who is turned away is not ours to keep.
        text: For the person.
        status: The HTTP status.
    """
    logger.warning("Identity provider %s was refused: %s", row.public_id, code)
    response: HttpResponse = TemplateResponse(
        request,
        "wagtail_helpdesk/accounts/sso_refused.html",
        {**frame_context(request), "reason": text, "provider": row},
        status=status,
    ).render()
    response["Cache-Control"] = "private, no-store"
    return response
