"""Private documents: no cache keeps them, and nobody is sent round in circles.

Wagtail asks for the privacy of a document's collection, but sends what is private
without ``Cache-Control``, so that a cache in front may hand it to the next visitor. And
it leads a signed-in visitor without the group to the sign-in page, which leads back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from wagtail_helpdesk.access.collections import CollectionVisibility
from wagtail_helpdesk.access.sending import mark_private
from wagtail_helpdesk.access.serving import sign_in_first


def guard_private_document(
    document: Any,
    request: HttpRequest,
    *,
    refuse: Callable[[HttpRequest], HttpResponse],
) -> HttpResponse | None:
    """Look at a document first; see the ``before_serve_document`` hook of Wagtail.

    Args:
        document: The document.
        request: The request. Of a private document it is marked, so that the middleware
            puts on Wagtail's answer what the hook cannot.
        refuse: Makes the answer for somebody who is signed in.

    Returns:
        The answer to those who may not have it; otherwise Wagtail goes on, and asks for
        a shared password where one is needed.
    """
    visibility = CollectionVisibility.of(request)
    path = document.collection.path
    if not visibility.is_private(path):
        return None
    mark_private(request)
    if visibility.can_view(path) or visibility.needs_password(path):
        return None
    if visibility.user is not None and visibility.user.is_authenticated:
        return refuse(request)
    return sign_in_first(request)
