"""Pages that are one with a given page: its translations, its source, its aliases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import swapper
from django.db.models import Q

from wagtail_helpdesk.access.restriction_rules import (
    PUBLIC,
    Rules,
    all_of,
    lacking,
    rules_of,
    strictest,
)
from wagtail_helpdesk.access.subtrees import page_and_above

swapper.set_app_prefix("wagtailcore", "wagtail")


def pages() -> Any:
    """Pages of every type, in no order."""
    return swapper.load_model("wagtailcore", "Page").objects.order_by()


def translations_of(page: int) -> list[int]:
    """Keys of a page and its translations, locked until the transaction ends.

    Two editors who change two languages at once so come one after the other.
    """
    key = pages().filter(pk=page).values_list("translation_key", flat=True).first()
    group = pages().filter(translation_key=key).order_by("pk")
    return list(group.select_for_update().values_list("pk", flat=True))


def sources_of(group: Collection[int]) -> list[int]:
    """Keys of the pages outside ``group`` that its pages are aliases of."""
    sources = pages().filter(aliases__in=group).exclude(pk__in=group)
    return list(sources.values_list("pk", flat=True).distinct())


def groups_of_aliases(
    sources: Collection[int], known: Collection[int]
) -> Iterator[list[int]]:
    """Aliases of pages, each together with its translations.

    Args:
        sources: Keys of the pages.
        known: Keys of pages that are left out.
    """
    aliases = pages().filter(alias_of__in=sources).exclude(pk__in=known)
    keys = aliases.values_list("translation_key", flat=True)
    members = pages().filter(translation_key__in=list(keys)).exclude(pk__in=known)
    groups: dict[Any, list[int]] = {}
    for pk, key in members.values_list("pk", "translation_key"):
        groups.setdefault(key, []).append(pk)
    yield from groups.values()


def rules_at(path: str, *, itself: bool = True) -> Rules:
    """What Wagtail finds for the page at a path of the tree: on it and above it.

    Args:
        path: Where the page is.
        itself: Whether what stands on the page itself counts.
    """
    places = list(page_and_above(path))[0 if itself else 1 :]
    found = pages().filter(path__in=places).values_list("pk", flat=True)
    return all_of(rules_of(list(found)).values())


def effective_rules(paths: Iterable[str]) -> Rules:
    """What whoever reads these pages has to satisfy at least.

    It is asked of the pages and those above them; where nothing restricts them, of the
    translations of all these and the pages that they are aliases of, and so on: the
    first that are restricted say it.

    Args:
        paths: Places in the tree.
    """
    seen: set[str] = set()
    found = set(paths)
    while found:
        asked = {above for path in found for above in page_and_above(path)} - seen
        seen |= asked
        here = pages().filter(path__in=asked)
        keys = list(here.values_list("pk", flat=True))
        rules = all_of(rules_of(keys).values())
        if rules:
            return strictest(rules)
        related = Q(translation_key__in=here.values("translation_key")) | Q(
            aliases__in=keys
        )
        found = set(pages().filter(related).values_list("path", flat=True)) - seen
    return PUBLIC


def lacking_rules(page: Any) -> Rules:
    """The rules that have to be put on a page so that Wagtail knows how private it is.

    Args:
        page: Any page; only its key, place, source and translation key are looked at.
    """
    group = pages().filter(translation_key=page.translation_key)
    related = [*group.values_list("pk", flat=True)]
    if page.alias_of_id:
        source = pages().filter(aliases=page.pk).values("translation_key")
        related += (
            pages().filter(translation_key__in=source).values_list("pk", flat=True)
        )
    present = rules_at(page.path)
    missing = lacking(all_of(rules_of(related).values()), present)
    if missing or present:
        return strictest(missing)
    return effective_rules([page.path])
