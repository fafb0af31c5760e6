"""Snippets of search results: the place that matches, with the words marked (UX82)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

# What stands between spaces and punctuation. Not ``\w+``: that would cut a word at
# every vowel sign of Hindi or Thai.
_WORD = re.compile(
    r"[^\s!-/:-@\[-`{-~\u00a1-\u00bf\u060c\u061b\u061f\u2000-\u206f\u3000-\u303f\uff01-\uff0f]+"
)
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_LONGEST_SNIPPET = 240
_BEFORE = 60

Span = tuple[int, int]


def fold(text: str) -> str:
    """A text without case and accents, of the same length.

    Each character becomes the one it is based on, so a place in the folded text is the
    same place in the text itself: "Facturación" is found by "facturacion".

    Args:
        text: A text in composed form (NFC).
    """
    table: dict[int, str] = {}
    for char in set(text):
        base = "".join(
            part
            for part in unicodedata.normalize("NFKD", char)
            if not unicodedata.combining(part)
        ).casefold()
        table[ord(char)] = base if len(base) == 1 else char
    return text.translate(table)


def matches(text: str, words: Sequence[str]) -> list[Span]:
    """Find the words of a query in a text.

    A word of the text matches a word of the query that it begins with. Databases find
    other forms of a word too ("connects" by "connection"); where a query word is found
    nowhere as it is, words with the same stem are taken.

    Args:
        text: The text in composed form (NFC).
        words: The query's words.

    Returns:
        Start and end of each match, in order.
    """
    folded = fold(text)
    spans = [(m.start(), m.end()) for m in _WORD.finditer(folded)]
    found: set[Span] = set()
    for word in {fold(unicodedata.normalize("NFC", word)) for word in words}:
        if _IDEOGRAPH.search(word):
            # No spaces between words: look for the letters themselves.
            direct = {
                (m.start(), m.end()) for m in re.finditer(re.escape(word), folded)
            }
        else:
            direct = {span for span in spans if folded[slice(*span)].startswith(word)}
        found |= direct or {
            span for span in spans if _same_stem(folded[slice(*span)], word)
        }
    return sorted(found)


def words_in(text: str, words: Sequence[str]) -> int:
    """Count the words of a query that a text has.

    Args:
        text: Plain text.
        words: The query's words.
    """
    text = unicodedata.normalize("NFC", text)
    return sum(bool(matches(text, [word])) for word in words)


def _same_stem(first: str, second: str) -> bool:
    """Whether two words begin alike for most of their length."""
    common = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        common += 1
    return common >= 4 and common >= 0.65 * max(len(first), len(second))


def highlight(text: str, words: Sequence[str]) -> SafeString:
    """A whole text with the words of the query marked.

    Args:
        text: Plain text; it is escaped.
        words: The query's words.
    """
    text = unicodedata.normalize("NFC", text)
    return _marked(text, matches(text, words))


def snippet(text: str, words: Sequence[str]) -> SafeString:
    """The part of a text where the query is best answered, with the words marked.

    Args:
        text: Plain text; it is escaped.
        words: The query's words.

    Returns:
        About 240 characters around the first place where most of the words stand
        together; the beginning of the text when none is found.
    """
    text = unicodedata.normalize("NFC", text)
    spans = matches(text, words)
    start, end = _window(text, spans)
    inside = [(a - start, b - start) for a, b in spans if a >= start and b <= end]
    return format_html(
        "{}{}{}",
        "… " if start else "",
        _marked(text[start:end], inside),
        " …" if end < len(text) else "",
    )


def _window(text: str, spans: list[Span]) -> Span:
    """Where to cut: from a word's beginning to a word's end."""
    best, most = 0, 0
    last = 0
    for index, (start, _end) in enumerate(spans):
        last = max(last, index)
        while (
            last < len(spans) and spans[last][1] <= start + _LONGEST_SNIPPET - _BEFORE
        ):
            last += 1
        if last - index > most:
            best, most = start, last - index
    start = max(0, best - _BEFORE)
    if start:
        space = text.find(" ", start, best)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + _LONGEST_SNIPPET)
    if end < len(text):
        space = text.rfind(" ", start + _LONGEST_SNIPPET // 2, end)
        end = space if space > 0 else end
    return start, end


def _marked(text: str, spans: list[Span]) -> SafeString:
    """Escape a text and put ``<mark>`` around the spans."""
    pieces, position = [], 0
    for start, end in spans:
        if start < position:
            continue
        pieces.append(conditional_escape(text[position:start]))
        pieces.append(format_html("<mark>{}</mark>", text[start:end]))
        position = end
    pieces.append(conditional_escape(text[position:]))
    # Every piece was escaped above.
    return mark_safe("".join(pieces))  # noqa: S308
