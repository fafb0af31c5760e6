"""Why not everyone may see a page: which restrictions count for it, and from where.

``access.subtrees`` goes from the restrictions to all they close, and ``Visibility``
decides by that. Here the same ways are walked back from one page, for people who want
to know: upwards, to translations, and from an alias to its source, until nothing new
is found. ``tests/access/test_explaining.py`` holds the two to the same answer.
"""

from __future__ import annotations

from dataclasses import replace
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


def _reach(path: str) -> dict[int, _Reached]:
    """The pages whose restrictions count for the one at ``path``, nearest first.

    Each round is one query, for what the round before has led to. Their number is that
    of the steps between alias and source or from one translated part of the tree to
    another, mostly two rounds in all; it does not grow with the number of pages.
    """
    pages = swapper.load_model("wagtailcore", "Page").objects.order_by("-depth", "path")
    reached: dict[int, _Reached] = {}
    paths = {above: _Origin(Way.INHERITED, None) for above in page_and_above(path)}
    paths[path] = _Origin(Way.OWN, None)
    keys: dict[Any, _Origin] = {}
    sources: dict[int, _Origin] = {}
    asked: set[Any] = set()
    while paths or keys or sources:
        asked.update(paths, keys)
        wanted = Q(path__in=list(paths)) | Q(translation_key__in=list(keys))
        wanted |= Q(pk__in=list(sources))
        more_paths, more_keys, more_sources = {}, {}, {}
        rows = pages.filter(wanted).values_list(*_COLUMNS)
        for pk, title, at, key, source, language in rows:
            if pk in reached:
                continue
            place = Place(pk, title, language)
            origin = paths.get(at) or keys.get(key) or sources[pk]
            if not origin.is_in_line and origin.through is None:
                origin = origin._replace(through=place)
            reached[pk] = _Reached(place, at, key, origin)
            # What is reached from the page's own line is named by that step.
            in_line = origin.is_in_line
            for above in page_and_above(at):
                more_paths.setdefault(above, origin)
            more_keys.setdefault(
                key, _Origin(Way.TRANSLATION, None) if in_line else origin
            )
            if source is not None:
                more_sources.setdefault(
                    source, _Origin(Way.ALIAS, None) if in_line else origin
                )
        asked.update(page.path for page in reached.values())
        paths = {at: o for at, o in more_paths.items() if at not in asked}
        keys = {key: o for key, o in more_keys.items() if key not in asked}
        sources = {pk: o for pk, o in more_sources.items() if pk not in reached}
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
