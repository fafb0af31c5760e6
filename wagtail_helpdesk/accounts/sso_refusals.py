"""What somebody reads whom a company's own sign-in does not let in."""

from __future__ import annotations

import logging
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from wagtail_helpdesk.access.sending import keep_no_copy
from wagtail_helpdesk.frontend import frame_context
from wagtail_helpdesk.models import IdentityProvider

logger = logging.getLogger(__name__)


def refusal(
    request: HttpRequest,
    row: IdentityProvider,
    code: str,
    text: str,
    *,
    status: int = HTTPStatus.FORBIDDEN,
) -> HttpResponse:
    """Answer in words, and log one.

    Args:
        request: The request that is answered.
        row: The provider.
        code: A word for the log.
        text: The reason, for the person.
        status: Of the answer.
    """
    # Neither the address nor anything the provider sent: who is turned away is not ours
    # to keep.
    logger.warning("Identity provider %s was refused: %s", row.public_id, code)
    response: HttpResponse = TemplateResponse(
        request,
        "wagtail_helpdesk/accounts/sso_refused.html",
        {**frame_context(request), "reason": text, "provider": row},
        status=status,
    ).render()
    keep_no_copy(response)
    return response
