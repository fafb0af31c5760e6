"""What Django tells of restrictions and new pages, handed on to the mirror."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.db.models.signals import (
    m2m_changed,
    post_delete,
    post_save,
    pre_delete,
    pre_save,
)
from wagtail.models import PageViewRestriction

from wagtail_helpdesk.access.cache_purge import purge_later
from wagtail_helpdesk.access.counterparts import pages
from wagtail_helpdesk.access.mirroring import mirror, take_over
from wagtail_helpdesk.access.restriction_rules import (
    Rules,
    drop_doubles,
    is_noticed,
    rules_of,
)

#: Where an instance keeps the rules of its pages from before a change.
_BEFORE = "_helpdesk_rules_before"
_FROM_FIXTURE = "_helpdesk_from_fixture"


def connect() -> None:
    """Listen; called from ``AppConfig.ready()``, when all models are known."""
    receivers = (
        (pre_save, before_save),
        (post_save, after_save),
        (pre_delete, before_delete),
        (post_delete, after_delete),
    )
    for signal, receiver in receivers:
        signal.connect(
            receiver,
            sender=PageViewRestriction,
            dispatch_uid=f"helpdesk_restriction_{receiver.__name__}",
        )
    m2m_changed.connect(
        groups_changed,
        sender=PageViewRestriction.groups.through,
        dispatch_uid="helpdesk_restriction_groups",
    )
    base = pages().model
    for model in apps.get_models():
        if issubclass(model, base):
            post_save.connect(page_saved, sender=model, dispatch_uid="helpdesk_page")


def before_save(instance: PageViewRestriction, raw: bool, **kwargs: Any) -> None:
    """Note the rules from before; on both pages if the restriction moves."""
    if raw:
        # The groups of a fixture follow, without a word of where they come from.
        setattr(instance, _FROM_FIXTURE, True)
    if raw or not is_noticed():
        return
    changed = {instance.page_id}
    if instance.pk:
        old = PageViewRestriction.objects.filter(pk=instance.pk)
        changed.update(old.values_list("page", flat=True))
    _note(instance, changed)


def after_save(instance: PageViewRestriction, raw: bool, **kwargs: Any) -> None:
    """Bring the change to the counterparts."""
    if not raw and is_noticed():
        drop_doubles(instance)
        _hand_on(instance, changed=instance.pk)


def before_delete(instance: PageViewRestriction, origin: Any, **kwargs: Any) -> None:
    """Note the rules from before, unless the restriction goes with its page.

    The translations of a page that is deleted are as private as they were.
    """
    if is_noticed() and _removes_restrictions(origin):
        _note(instance, {instance.page_id})


def after_delete(instance: PageViewRestriction, **kwargs: Any) -> None:
    """Bring the removal to the counterparts."""
    if is_noticed():
        _hand_on(instance)


def _removes_restrictions(origin: Any) -> bool:
    """Whether a deletion began with restrictions, not with a page above them."""
    model = origin.model if isinstance(origin, QuerySet) else type(origin)
    return issubclass(model, PageViewRestriction)


def groups_changed(
    instance: Model,
    action: str,
    pk_set: set[int] | None,
    **kwargs: Any,
) -> None:
    """Bring a change of the groups to the counterparts.

    Args:
        instance: A restriction; or a group that is given restrictions.
        action: Which moment of the change it is.
        pk_set: Keys from the other side; ``None`` when all are taken away.
        kwargs: Not used.
    """
    if hasattr(instance, _FROM_FIXTURE) or not is_noticed():
        return
    if action.startswith("pre_"):
        if isinstance(instance, PageViewRestriction):
            changed = {instance.page_id}
        else:
            rows = PageViewRestriction.objects.all()
            rows = (
                rows.filter(groups=instance.pk)
                if pk_set is None
                else rows.filter(pk__in=pk_set)
            )
            changed = set(rows.values_list("page", flat=True))
        _note(instance, changed)
    elif isinstance(instance, PageViewRestriction):
        drop_doubles(instance)
        _hand_on(instance, changed=instance.pk)
    else:
        _hand_on(instance)


def page_saved(instance: Any, created: bool, raw: bool, **kwargs: Any) -> None:
    """Make a new translation or alias as private as what it comes from."""
    if created and not raw:
        take_over(instance)


def _note(instance: Model, changed: Collection[int]) -> None:
    setattr(instance, _BEFORE, rules_of(changed))


def _hand_on(instance: Model, *, changed: int | None = None) -> None:
    before: dict[int, Rules] = instance.__dict__.pop(_BEFORE, {})
    for page, rules in before.items():
        mirror(page, rules, changed=changed)
    if before:
        purge_later(before)
