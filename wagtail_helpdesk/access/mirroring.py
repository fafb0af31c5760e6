"""Restrictions are the same on all translations of a page, and on its aliases.

Who may read is decided by ``access.visibility``, whatever the rows say. Here the rows
are made to agree, so that Wagtail itself, the sitemap, the API and other packages deny
by the same rule.

* A change of a restriction is made on all translations: a page in several languages is
  one page. So is its removal.
* Aliases get what their source has, and what they had beyond it they keep.
* Where pages differ already, nothing is opened on the way: what the others demand
  beyond the old state of the changed page is demanded of all from then on.
* A page that is made as a translation or an alias is as private as what it comes from,
  also where that is private only through a page above it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction

from wagtail_helpdesk.access.counterparts import (
    effective_rules,
    groups_of_aliases,
    pages,
    rules_at,
    sources_of,
    translations_of,
)
from wagtail_helpdesk.access.restriction_rules import (
    Rules,
    all_of,
    lacking,
    rules_of,
    set_rules,
    settled,
    strictest,
    unnoticed,
)


def mirror(page: int, before: Rules, *, changed: int | None = None) -> None:
    """Bring a change of a page's restrictions to its translations and aliases.

    Args:
        page: Key of the page.
        before: Its rules before the change.
        changed: Key of the restriction that was saved, if it is still there.
    """
    after = rules_of([page])[page]
    if after == before:
        return
    with transaction.atomic(), unnoticed():
        group = translations_of(page)
        present = rules_of(group)
        others = [rules - before for pk, rules in present.items() if pk != page]
        others.extend(rules_of(sources_of(group)).values())
        # What was just saved stays as it is, also where another rule includes it: the
        # caller holds that restriction and may go on to name its groups.
        wanted = settled(after | lacking(strictest(all_of(others)), after))
        for pk in group:
            set_rules(pk, wanted, changed=changed)
        _bring_to_aliases(group, before, wanted)


def _bring_to_aliases(sources: Collection[int], before: Rules, after: Rules) -> None:
    """The same change on the aliases of pages, on aliases of these, and so on."""
    known = set(sources)
    changes: list[tuple[Collection[int], Rules, Rules]] = [(sources, before, after)]
    while changes:
        origins, old, new = changes.pop()
        for group in groups_of_aliases(origins, known):
            present = all_of(rules_of(group).values())
            wanted = new | (present - old)
            for pk in group:
                set_rules(pk, wanted)
            known.update(group)
            changes.append((group, present, wanted))


def settle(page: int) -> None:
    """Make all translations of a page as private as the strictest of them.

    Args:
        page: Key of one of them.
    """
    with transaction.atomic(), unnoticed():
        group = translations_of(page)
        rules = rules_of(group)
        wanted = strictest(all_of(rules.values()))
        for pk in group:
            add_rules(pk, wanted)


def add_rules(page: int, rules: Iterable[Any]) -> bool:
    """Demand more on a page, and on what is an alias of it; never less.

    Args:
        page: Key of the page.
        rules: What has to be satisfied from now on too.

    Returns:
        Whether anything had to be changed.
    """
    present = rules_of([page])[page]
    wanted = strictest(present.union(rules))
    if wanted == present:
        return False
    with transaction.atomic(), unnoticed():
        set_rules(page, wanted)
        _bring_to_aliases([page], present, wanted)
    return True


def take_over(page: Any) -> None:
    """Make a new page as private as its translations and its source.

    Args:
        page: A page that was saved for the first time.
    """
    related = pages().filter(translation_key=page.translation_key).exclude(pk=page.pk)
    if page.alias_of_id:
        related |= pages().filter(pk=page.alias_of_id)
    origins = dict(related.values_list("pk", "path"))
    if not origins:
        return
    if rules_at(page.path, itself=False):
        add_rules(page.pk, all_of(rules_of(origins).values()))
    else:
        add_rules(page.pk, effective_rules(origins.values()))
