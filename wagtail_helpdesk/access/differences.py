"""Pages that are more private than their restrictions say, and why.

``access.visibility`` closes them. Wagtail's own lists, sitemap and API, and the code of
other packages, go by the restrictions and show them. New differences come about only
past the models, in places the mirror does not watch (a restriction that was made in
bulk or by hand in the database), and by moving pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wagtail.models import PageViewRestriction

from wagtail_helpdesk.access.counterparts import pages
from wagtail_helpdesk.access.restriction_rules import (
    PUBLIC,
    Rules,
    all_of,
    lacking,
    rules_by_path,
    strictest,
)
from wagtail_helpdesk.access.subtrees import Subtrees, page_and_above, read_privacy


class Reason(StrEnum):
    """Where the privacy of a page comes from that its restrictions do not show."""

    TRANSLATION = "translation"
    ALIAS = "alias"
    ABOVE = "above"


@dataclass(frozen=True)
class Difference:
    """A page whose restrictions let in more than the help desk does.

    Attributes:
        page: Key of the page.
        path: Its place in the tree.
        reason: Where its privacy comes from.
        present: What the restrictions on it and above it demand.
        missing: What they would have to demand too; none where that comes from above
            a translation or a source, which ``lacking_rules`` finds for one page.
    """

    page: int
    path: str
    reason: Reason
    present: Rules
    missing: Rules


def find_differences() -> list[Difference]:
    """Every page that is more private than its restrictions say, in tree order.

    The number of queries does not grow with the number of pages or restrictions.
    """
    rules = rules_by_path()
    restricted = PageViewRestriction.objects.exclude(
        restriction_type=PageViewRestriction.NONE
    )
    keys = restricted.order_by().values("page__translation_key")
    translations = list(
        pages()
        .filter(translation_key__in=keys)
        .values_list("pk", "path", "translation_key")
    )
    aliases = (
        pages()
        .filter(alias_of__translation_key__in=keys)
        .values_list("pk", "path", "alias_of__translation_key")
    )
    demanded: dict[Any, Rules] = {}
    for _pk, path, key in translations:
        demanded[key] = demanded.get(key, PUBLIC) | rules.get(path, PUBLIC)
    found: dict[int, Difference] = {}
    for reason, rows in (
        (Reason.TRANSLATION, translations),
        (Reason.ALIAS, aliases),
        (Reason.ABOVE, _private_by_us_alone(rules)),
    ):
        for pk, path, key in rows:
            present = _rules_at(path, rules)
            missing = strictest(lacking(demanded.get(key, PUBLIC), present))
            if pk not in found and (missing or reason is Reason.ABOVE):
                found[pk] = Difference(pk, path, reason, present, missing)
    return sorted(found.values(), key=lambda difference: difference.path)


def _rules_at(path: str, rules: dict[str, Rules]) -> Rules:
    return all_of(rules.get(above, PUBLIC) for above in page_and_above(path))


def _private_by_us_alone(rules: dict[str, Rules]) -> list[tuple[int, str, None]]:
    """The topmost pages that are private though nothing on or above them says so.

    Args:
        rules: The rules on every restricted page, by its path.

    Returns:
        Key and path of each, and no translation key.
    """
    private = read_privacy().private
    restricted = Subtrees().including((path, 1) for path in rules)
    tops = [p for p in private.branches | private.leaves if p not in restricted]
    return [
        (pk, path, None)
        for pk, path in pages().filter(path__in=tops).values_list("pk", "path")
    ]
