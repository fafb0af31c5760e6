"""A copy of a private page is private wherever it lands.

Wagtail copies the restriction on a page itself, and of a section that on its front
page alone: a copy of what is private through a page above it, or further down in the
section, is public. It sends no signal that names the source of a copy, and
wagtail-localize none before it overwrites restrictions; so one method of each is
wrapped. ``tests/contract/test_copying.py`` holds what we take them for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.apps import apps
from django.db import transaction

from wagtail_helpdesk.access.counterparts import effective_rules, pages, rules_at
from wagtail_helpdesk.access.mirroring import add_rules, settle
from wagtail_helpdesk.access.restriction_rules import rules_of

_Method = Callable[..., Any]


def carry_over(source: Any, copy: Any, *, recursive: bool = False) -> None:
    """Make a copy as private as its source.

    What restricts a page above the source is carried along only to a place where
    nothing restricts the copy: elsewhere the privacy of the place is what the editor
    has chosen.

    Args:
        source: The page that was copied.
        copy: The new page.
        recursive: Whether the pages below were copied too.
    """
    pairs = {source.pk: copy.pk}
    if recursive:
        # Copied level by level in the order of the tree, so both are in the same order.
        pairs = dict(zip(_subtree(source), _subtree(copy), strict=False))
    for original, rules in rules_of(pairs).items():
        if rules:
            add_rules(pairs[original], rules)
    if not rules_at(copy.path, itself=False):
        add_rules(copy.pk, effective_rules([source.path]))


def _subtree(page: Any) -> list[int]:
    """Keys of a page and those below it, in the order of the tree."""
    inside = pages().filter(path__startswith=page.path).order_by("path")
    return list(inside.values_list("pk", flat=True))


def _carrying_over(execute: _Method) -> _Method:
    @wraps(execute)
    def execute_and_carry_over(action: Any, *args: Any, **kwargs: Any) -> Any:
        # Together: a copy is never there without its restriction.
        with transaction.atomic():
            copy = execute(action, *args, **kwargs)
            carry_over(action.page, copy, recursive=action.recursive)
        return copy

    return execute_and_carry_over


def _settling(sync: _Method) -> _Method:
    @wraps(sync)
    def sync_view_restrictions(source: Any, original: Any, translation: Any) -> None:
        page = pages().model
        if isinstance(original, page) and isinstance(translation, page):
            settle(translation.pk)
        else:
            sync(source, original, translation)

    return sync_view_restrictions


def wrap_copying() -> None:
    """Wrap what copies pages and restrictions; called from ``AppConfig.ready()``."""
    from wagtail.actions.copy_page import CopyPageAction

    _wrap(CopyPageAction, "execute", _carrying_over)
    if apps.is_installed("wagtail_localize"):
        source = apps.get_model("wagtail_localize", "TranslationSource")
        _wrap(source, "sync_view_restrictions", _settling)


def _wrap(owner: type, name: str, wrapper: Callable[[_Method], _Method]) -> None:
    method = getattr(owner, name)
    if not hasattr(method, "__wrapped__"):
        setattr(owner, name, wrapper(method))
