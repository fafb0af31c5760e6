"""Looks for access groups that can do more than open pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.models import Exists, OuterRef, Q
from wagtail.models import GroupApprovalTask

from wagtail_helpdesk.access.guards import GROUP_PERMISSIONS
from wagtail_helpdesk.models import AccessGroup


@register(Tags.database)
def check_access_groups(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E002: access groups that hold a permission, which their members then have.

    Args:
        app_configs: Not used; the check is about the whole site.
        databases: Aliases of the databases to look into; none without ``--database``.
        kwargs: Not used.
    """
    return [
        Error(
            f"The access group '{group}' holds permissions.",
            hint="Its members are customers. Open Settings, Groups, "
            f"'{group.auth_group}', and take all permissions away; take the group out "
            "of the tasks of workflows too.",
            obj=group,
            id="wagtail_helpdesk.E002",
        )
        for alias in databases or ()
        if AccessGroup._meta.db_table in connections[alias].introspection.table_names()
        for group in _with_permissions(alias)
    ]


def _with_permissions(alias: str) -> list[AccessGroup]:
    too_much = Q(auth_group__permissions__isnull=False)
    for model in GROUP_PERMISSIONS:
        rows = model._default_manager.filter(group=OuterRef("auth_group"))
        too_much |= Q(Exists(rows))
    tasks = GroupApprovalTask.objects.filter(groups=OuterRef("auth_group"))
    too_much |= Q(Exists(tasks))
    groups = AccessGroup.objects.using(alias).filter(too_much).distinct()
    return list(groups.select_related("auth_group").order_by("name"))
