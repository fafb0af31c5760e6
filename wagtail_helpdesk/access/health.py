"""Do restrictions say how private pages are? For the system check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError
from wagtail.models import PageViewRestriction

from wagtail_helpdesk.access.differences import find_differences

#: How many pages the message names.
_NAMED = 10


@register(Tags.database)
def check_privacy(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn of pages that are more private than their restrictions say.

    Args:
        app_configs: Not used; the check is about the whole site.
        databases: Those that may be asked (``check --database default``).
        kwargs: Not used.
    """
    if not databases or PageViewRestriction.objects.db not in databases:
        return []
    try:
        keys = [str(difference.page) for difference in find_differences()]
    except DatabaseError:
        # No tables yet: the migrations have not been run.
        return []
    if not keys:
        return []
    named = ", ".join(keys[:_NAMED]) + (", …" if len(keys) > _NAMED else "")
    return [
        Warning(
            f"The restrictions of {len(keys)} page(s) let in more people than those of "
            f"their translations or sources. Keys of the pages: {named}.",
            hint="Open “Reports → Privacy differences” in the admin, which puts each "
            "right. Until then the help desk hides them, but sitemap, API and other "
            "packages may not.",
            id="wagtail_helpdesk.W206",
        )
    ]
