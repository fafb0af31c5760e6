"""What an access group opens."""

from __future__ import annotations

from typing import Any

import swapper
from django.db.models import QuerySet
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from wagtail_helpdesk.models import AccessGroup

swapper.set_app_prefix("wagtailcore", "wagtail")


def pages_opened_by(group: AccessGroup) -> QuerySet[Any]:
    """Pages that are closed to all but certain groups, of which this is one.

    What stands below them is closed too. Ordered as in the tree.
    """
    restrictions = PageViewRestriction.objects.filter(
        restriction_type=PageViewRestriction.GROUPS, groups=group.auth_group_id
    )
    pages: QuerySet[Any] = swapper.load_model("wagtailcore", "Page").objects.filter(
        pk__in=restrictions.values("page")
    )
    return pages.order_by("path")


def collections_opened_by(group: AccessGroup) -> QuerySet[Collection]:
    """The same for collections of documents."""
    restrictions = CollectionViewRestriction.objects.filter(
        restriction_type=CollectionViewRestriction.GROUPS, groups=group.auth_group_id
    )
    return Collection.objects.filter(pk__in=restrictions.values("collection")).order_by(
        "path"
    )
