"""Headers that the answer to a request needs and that its view could not put there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from wagtail_helpdesk.access.sending import finish_private


class HeadersMiddleware:
    """Keeps private documents out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and complete the headers."""
        response: HttpResponseBase = self.get_response(request)
        finish_private(request, response)
        return response
