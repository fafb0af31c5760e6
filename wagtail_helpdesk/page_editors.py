"""Which pages somebody works on in the admin: those may be named and linked to there.

Wagtail's policy answers from the permissions it has cached on the user.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.permissions import page_permission_policy

from wagtail_helpdesk.access.subtrees import page_and_above
from wagtail_helpdesk.access.visibility import Visibility


def editable_pages(user: Any, keys: Collection[int]) -> set[int]:
    """The keys of those pages that a user may edit, in one query.

    Args:
        user: Somebody who is signed in to the admin.
        keys: Keys of pages.
    """
    if not keys:
        return set()
    pages = page_permission_policy.instances_user_has_permission_for(user, "change")
    return set(pages.filter(pk__in=list(keys)).values_list("pk", flat=True))


def offer_choosable_pages(pages: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """Leave out of the page chooser what the chooser's user must not know of.

    For Wagtail's hook ``construct_page_chooser_queryset``. Wagtail offers every page
    to everybody in the admin, agents without any page permission too. Who works on a
    page chooses it whatever its privacy, and finds the way down to it.

    Args:
        pages: The pages the chooser would list or search.
        request: The chooser's request.
    """
    closed = Visibility.of(request).closed
    if not closed:
        return pages
    worked_on = {
        page.path
        for page in page_permission_policy.instances_with_direct_explore_permission(
            request.user
        )
    }
    # Conditions on ``path`` alone, because the chooser searches these pages too.
    kept = Q(path__in=sorted({p for path in worked_on for p in page_and_above(path)}))
    for path in sorted(worked_on):
        kept |= Q(path__startswith=path)
    for condition in closed.conditions():
        pages = pages.exclude(condition & ~kept if worked_on else condition)
    return pages
