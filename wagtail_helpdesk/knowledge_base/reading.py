"""An article's words without markup: for search, snippets and the time to read it."""

from __future__ import annotations

import math
import re
from typing import Any

_WORDS_PER_MINUTE = 200
_CHARACTERS_PER_MINUTE = 500
# Scripts that are written without spaces between words: kana, Han, Hangul is not one.
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_SPACES = re.compile(r"\s+")


def plain_text(stream_value: Any) -> str:
    """All words of a StreamField value, in order, with single spaces.

    Args:
        stream_value: The value, such as an article's ``body``.
    """
    if not stream_value:
        return ""
    pieces = stream_value.stream_block.get_searchable_content(stream_value)
    return _SPACES.sub(" ", " ".join(str(piece) for piece in pieces)).strip()


def reading_minutes(text: str) -> int:
    """Minutes a person needs for a text, at least one.

    Args:
        text: The words, in any script.
    """
    ideographs = len(_IDEOGRAPHS.findall(text))
    words = len(_IDEOGRAPHS.sub(" ", text).split())
    minutes = words / _WORDS_PER_MINUTE + ideographs / _CHARACTERS_PER_MINUTE
    return max(1, math.ceil(minutes))
