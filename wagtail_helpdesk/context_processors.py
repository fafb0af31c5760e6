"""Gives pages of other apps, such as the sign-in pages, the help desk's frame."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from wagtail_helpdesk.frontend import frame_context


def helpdesk(request: HttpRequest) -> dict[str, Any]:
    """Add ``hd`` and ``hd_base_template`` to every template context.

    Nothing is looked up before a template uses it. The help desk's own pages bring both
    themselves; ``wagtail_helpdesk.allauth_ui`` and error pages need this processor.

    Args:
        request: The request that is answered.
    """
    return frame_context(request)
