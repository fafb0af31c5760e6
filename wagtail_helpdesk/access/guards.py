"""The Django group of an access group opens pages, and can never do more.

Customers are in it. So it holds no permission, whoever tries to give it one in which
part of Wagtail, and it stays as long as its access group does.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.db.models.signals import m2m_changed, pre_delete, pre_save
from wagtail import models as wagtail_models
from wagtail.models import GroupApprovalTask

from wagtail_helpdesk.exceptions import HelpdeskError
from wagtail_helpdesk.models import AccessGroup

#: Models of Wagtail that give a group a permission on something.
GROUP_PERMISSIONS: tuple[type[Model], ...] = (
    wagtail_models.GroupPagePermission,
    wagtail_models.GroupCollectionPermission,
    wagtail_models.GroupSitePermission,
)


class AccessGroupGuarded(HelpdeskError, PermissionDenied):
    """The Django group of an access group was to get a permission, or to be deleted.

    Wagtail answers as to any missing permission.
    """


def connect() -> None:
    """Watch whatever gives a group something. Called from ``AppConfig.ready()``."""
    for through in (Group.permissions.through, GroupApprovalTask.groups.through):
        m2m_changed.connect(
            _refuse_relation, sender=through, dispatch_uid="helpdesk_access_group"
        )
    for model in GROUP_PERMISSIONS:
        pre_save.connect(
            _refuse_permission, sender=model, dispatch_uid="helpdesk_access_group"
        )
    pre_delete.connect(
        _refuse_deletion, sender=Group, dispatch_uid="helpdesk_access_group"
    )


def _refuse(groups: Collection[Any], problem: str) -> None:
    found = AccessGroup.objects.filter(auth_group__in=groups).first()
    if found is not None:
        raise AccessGroupGuarded(f"“{found}” is an access group: {problem}")


def _refuse_relation(
    instance: Model, action: str, pk_set: set[Any] | None, **kwargs: Any
) -> None:
    if action == "pre_add" and pk_set:
        groups = [instance.pk] if isinstance(instance, Group) else pk_set
        _refuse(groups, "it opens pages, and can hold no permission.")


def _refuse_permission(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    # A fixture may bring the permission before the access group; the check finds it.
    if not raw:
        _refuse([instance.group_id], "it opens pages, and can hold no permission.")


def _refuse_deletion(instance: Group, **kwargs: Any) -> None:
    _refuse([instance.pk], "delete it in the help desk, not its Django group.")
