"""Why not everyone may see a page: which restrictions count for it, and from where.

``access.subtrees`` goes from the restrictions to all they close, and ``Visibility``
decides by that. Here the same ways are walked back from one page, for people who want
to know: upwards, to translations, and from an alias to its source, until nothing new
is found. ``tests/access/test_explaining.py`` holds the two to the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import swapper
from django.db.models import Q
from wagtail.models import PageViewRestriction

from wagtail_helpdesk.access.reasons import (
    Audience,
    Explanation,
    Place,
    Reason,
    Way,
)
from wagtail_helpdesk.access.subtrees import page_and_above

swapper.set_app_prefix("wagtailcore", "wagtail")


class _Origin(NamedTuple):
    """How a page came to be looked at."""

    way: Way
    through: Place | None

    @property
    def is_in_line(self) -> bool:
        """Whether it is the page that is explained, or above that."""
        return self.way in (Way.OWN, Way.INHERITED)


class _Reached(NamedTuple):
    """A page whose restrictions count."""

    place: Place
    path: str
    translation_key: Any
    origin: _Origin


_COLUMNS = (
    "pk",
    "title",
    "path",
    "translation_key",
    "alias_of",
    "locale__language_code",
)


@dataclass
class _Round:
    """What to look for in one query, each with how it came to be looked for.

    Attributes:
        paths: Places in the tree.
        keys: Translation keys.
        sources: Keys of the pages that others are aliases of.
    """

    paths: dict[str, _Origin] = field(default_factory=dict)
    keys: dict[Any, _Origin] = field(default_factory=dict)
    sources: dict[int, _Origin] = field(default_factory=dict)

    def condition(self) -> Q:
        """Matches the pages looked for."""
        return (
            Q(path__in=list(self.paths))
            | Q(translation_key__in=list(self.keys))
            | Q(pk__in=list(self.sources))
        )

    def origin_of(self, place: Place, path: str, key: Any) -> _Origin:
        """How a page that was found came to be looked for."""
        origin = self.paths.get(path) or self.keys.get(key) or self.sources[place.pk]
        if not origin.is_in_line and origin.through is None:
            return origin._replace(through=place)
        return origin

    def follow(self, page: _Reached, source: int | None) -> None:
        """Look for what counts for a page, as long as nearer ones did not."""
        origin = page.origin
        # A step away from the page's own line names all that is reached by it.
        by_translation = by_alias = origin
        if origin.is_in_line:
            by_translation = _Origin(Way.TRANSLATION, None)
            by_alias = _Origin(Way.ALIAS, None)
        for above in page_and_above(page.path):
            self.paths.setdefault(above, origin)
        self.keys.setdefault(page.translation_key, by_translation)
        if source is not None:
            self.sources.setdefault(source, by_alias)


def _reach(path: str) -> dict[int, _Reached]:
    """The pages whose restrictions count for the one at ``path``, nearest first.

    Each round is one query, for what the round before has led to. Their number is that
    of the steps between alias and source or from one translated part of the tree to
    another, mostly two rounds in all; it does not grow with the number of pages.
    """
    pages = swapper.load_model("wagtailcore", "Page").objects.order_by("-depth", "path")
    above = dict.fromkeys(page_and_above(path), _Origin(Way.INHERITED, None))
    this = _Round(paths={**above, path: _Origin(Way.OWN, None)})
    reached: dict[int, _Reached] = {}
    asked: set[Any] = set()
    while this.paths or this.keys or this.sources:
        asked.update(this.paths, this.keys)
        following = _Round()
        rows = pages.filter(this.condition()).values_list(*_COLUMNS)
        for pk, title, at, key, source, language in rows:
            if pk in reached:
                continue
            place = Place(pk, title, language)
            found = _Reached(place, at, key, this.origin_of(place, at, key))
            reached[pk] = found
            following.follow(found, source)
        asked.update(page.path for page in reached.values())
        this = _Round(
            {at: how for at, how in following.paths.items() if at not in asked},
            {key: how for key, how in following.keys.items() if key not in asked},
            {pk: how for pk, how in following.sources.items() if pk not in reached},
        )
    return reached


def explain_new(above: Explanation, own: Audience | None = None) -> Explanation:
    """Why not everyone will see a page that is not saved yet.

    Args:
        above: Why not everyone may see the page it is made below.
        own: Who passes the restriction that its page type brings along, if one does.
    """
    inherited = tuple(
        replace(reason, way=Way.INHERITED) if reason.way is Way.OWN else reason
        for reason in above.reasons
    )
    brought = (Reason(Way.OWN, None, None, own),) if own else ()
    return Explanation(brought + inherited)


def explain(path: str) -> Explanation:
    """Why not everyone may see the page at a place in the tree.

    Args:
        path: The page's ``path``.
    """
    reached = _reach(path)
    restrictions = (
        PageViewRestriction.objects.filter(page__in=list(reached))
        .exclude(restriction_type=PageViewRestriction.NONE)
        .order_by("pk")
        .prefetch_related("groups")
    )
    by_page: dict[int, list[Audience]] = {}
    for restriction in restrictions:
        audience = Audience.of(
            restriction.restriction_type,
            restriction.groups.all(),
            restriction.password,
        )
        by_page.setdefault(restriction.page_id, []).append(audience)
    reasons = tuple(
        Reason(page.origin.way, page.place, page.origin.through, audience)
        for pk, page in reached.items()
        for audience in by_page.get(pk, ())
    )
    own = next((page for page in reached.values() if page.path == path), None)
    languages = sorted(
        page.place.language
        for page in reached.values()
        if own and page is not own and page.translation_key == own.translation_key
    )
    return Explanation(reasons, tuple(languages))
