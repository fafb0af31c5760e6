"""Staff make an access group, or change its name, its description or its rule."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from wagtail_helpdesk.access.rules import parse_rule
from wagtail_helpdesk.actions.access_memberships import apply_whole_rule, lock_group
from wagtail_helpdesk.actions.base import Action, Actor
from wagtail_helpdesk.actions.text import clean_line, clean_text
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import AccessGroup, Event

NAME_LENGTH = 100


class ChangeAccessGroup(Action[AccessGroup]):
    """Change an access group, or make one.

    The caller decides who may: it is a permission of staff. A new rule decides at once
    who is a member.

    Args:
        group: The group; ``None`` makes a new one.
        name: Its name, which editors see in Wagtail's privacy dialog.
        description: For staff only.
        kind: An ``AccessGroup.Kind`` for a new group; it never changes.
        rule: Of a dynamic group, see ``wagtail_helpdesk.access.rules``; ``None`` keeps
            the rule there is.
        actor: Who does it.

    Raises:
        ActionError: ``empty``, ``taken_name``, ``bad_kind`` or ``bad_rule``, which is a
            ``RuleError``.
    """

    def __init__(
        self,
        *,
        group: AccessGroup | None = None,
        name: str,
        description: str = "",
        kind: str = AccessGroup.Kind.STATIC,
        rule: Any = None,
        actor: Actor = None,
    ) -> None:
        self.group = group
        self.name = clean_line(name, NAME_LENGTH)
        self.description = clean_text(description)
        self.kind = kind
        self.rule = rule
        self.actor = actor

    def perform(self) -> AccessGroup:
        group = lock_group(self.group) if self.group else self._new()
        new: dict[str, Any] = {"name": self.name, "description": self.description}
        if group.is_dynamic and (self.rule is not None or not group.pk):
            new["rule"] = parse_rule(self.rule).data
        self._check_name(group)
        changed = [
            field
            for field, value in new.items()
            if not group.pk or getattr(group, field) != value
        ]
        for field in changed:
            setattr(group, field, new[field])
        if "name" in changed:
            self._name_django_group(group)
        if changed:
            group.save()
            self.record(
                Event.Kind.ACCESS_GROUP_CHANGED,
                group=group.pk,
                name=group.name,
                fields=changed,
            )
        if "rule" in changed:
            apply_whole_rule(self, group)
        return group

    def _new(self) -> AccessGroup:
        if self.kind not in AccessGroup.Kind.values:
            raise ActionError(
                "bad_kind", _("Choose how members are added."), field="kind"
            )
        return AccessGroup(kind=self.kind)

    def _check_name(self, group: AccessGroup) -> None:
        if not self.name:
            raise ActionError("empty", _("Write a name."), field="name")
        others = AccessGroup.objects.exclude(pk=group.pk)
        if others.filter(name__iexact=self.name).exists():
            raise ActionError(
                "taken_name",
                _("“%(value)s” is another access group's name.") % {"value": self.name},
                field="name",
            )

    def _name_django_group(self, group: AccessGroup) -> None:
        """Give the Django group the same name, or the nearest that is free."""
        others = Group.objects.exclude(pk=group.auth_group_id)
        name, number = self.name, 1
        while others.filter(name__iexact=name).exists():
            name = _("%(name)s (access group)") % {"name": self.name}
            if number > 1:
                name = f"{name} {number}"
            number += 1
        if group.auth_group_id:
            Group.objects.filter(pk=group.auth_group_id).update(name=name)
        else:
            group.auth_group = Group.objects.create(name=name)
