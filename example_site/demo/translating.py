"""Translates demo content the way an editor would: through wagtail-localize.

What comes out is a real translation: it opens in the translation editor with all its
strings filled in, and when the source changes, the editor shows what is new.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import models
from wagtail.models import DraftStateMixin, Locale, Page
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments


def translate(source: models.Model, translated: models.Model, locale: Locale) -> None:
    """Publish the translation of a page or snippet, unless there is one.

    Args:
        source: The published original.
        translated: The same model with the words of the other language, never saved.
            Its blocks have the ids of the original's.
        locale: The other language.
    """
    origin, _created = TranslationSource.get_or_create_from_instance(source)
    translation, created = Translation.objects.get_or_create(
        source=origin, target_locale=locale
    )
    if not created:
        return
    words = _words(translated)
    rows: dict[tuple[int, int], StringTranslation] = {}
    segments = StringSegment.objects.filter(source=origin).select_related(
        "string", "context"
    )
    by_path: dict[str, list[StringSegment]] = defaultdict(list)
    for segment in segments.order_by("order"):
        by_path[segment.context.path].append(segment)
    for path, strings in by_path.items():
        if len(strings) != len(words[path]):
            raise ValueError(
                f"“{translated}” in {locale}: {len(words[path])} strings at {path}, "
                f"the original has {len(strings)}."
            )
        for segment, word in zip(strings, words[path], strict=True):
            rows[segment.string_id, segment.context_id] = StringTranslation(
                translation_of_id=segment.string_id,
                context_id=segment.context_id,
                locale=locale,
                data=word,
                translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
            )
    StringTranslation.objects.bulk_create(rows.values())
    is_page = isinstance(source, Page)
    translation.save_target(publish=not is_page)
    if isinstance(source, DraftStateMixin):
        # At once and on a fresh instance: wagtail-localize publishes after the commit,
        # with the numbers of children that the tree had when the page was made.
        saved: Any = translation.get_target_instance()
        saved.get_latest_revision().publish()


def _words(instance: Any) -> dict[str, list[str]]:
    """All strings of an instance by their path, in the order of the text."""
    words: dict[str, list[str]] = defaultdict(list)
    for segment in extract_segments(instance):
        if isinstance(segment, StringSegmentValue):
            words[segment.path].append(segment.string.data)
    return words
