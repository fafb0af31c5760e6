"""From texts to words, the same ones for every database and language.

No language's grammar is known here, since every ticket may have another one: a word is
a run of letters and digits without case and accents. Scripts that put no spaces between
words are cut into characters, which a search for several finds as a phrase.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

#: Longer words are cut, in texts and in searches alike; MySQL stores no more than 84.
LONGEST_WORD = 64
#: Words of one search; further ones are left out.
MOST_SEARCHED = 12
#: Stands between two texts in a row, so that no phrase reaches over the seam.
SEAM = "_"
#: Begins a word that everyone finds who sees the ticket, see ``marked``.
MARK = "_"

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_SPACELESS = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_SPACELESS += "\U00020000-\U0003ffff"
_WORD = re.compile(rf"(?=\w)[{_SPACELESS}]|[^\W_{_SPACELESS}]+")
_IS_SPACELESS = re.compile(rf"[{_SPACELESS}]")
_QUOTES = re.compile('["“”„«»]')
#: Letters that Unicode does not take apart, and the line that lengthens Arabic words.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ـ": ""}
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that have to stand side by side; mostly just one.

    Attributes:
        words: Folded, as ``words_of`` gives them.
        is_prefix: Whether the last one may be the beginning of a word.
    """

    words: tuple[str, ...]
    is_prefix: bool = False


@lru_cache(maxsize=1)
def _marks() -> re.Pattern[str]:
    """The accents that stand alone once letters are taken apart."""
    found = [chr(n) for n in range(0x300, 0x10000) if unicodedata.combining(chr(n))]
    return re.compile(f"[{''.join(found)}]")


def words_of(text: str, most: int | None = None) -> list[str]:
    """The words of a text in reading order, folded: ``Facturación`` is ``facturacion``.

    Args:
        text: Any text.
        most: How many words at most.
    """
    if most is not None:
        # No language needs more characters for so many words.
        text = text[: most * 20]
    if text.isascii():
        found = _ASCII_WORD.findall(text.lower())
    else:
        folded = unicodedata.normalize("NFKD", text).casefold()
        folded = _marks().sub("", unicodedata.normalize("NFKD", folded))
        found = _WORD.findall(folded.translate(_LETTERS))
    if len(text) > LONGEST_WORD:
        found = [word[:LONGEST_WORD] for word in found]
    return found if most is None else found[:most]


def marked(words: Iterable[str]) -> list[str]:
    """Words as they are stored a second time, to be found on their own."""
    return [word if word == SEAM else f"{MARK}{word}" for word in words]


def phrases_of(text: str) -> tuple[Phrase, ...]:
    """What a person searches for: all of these have to be found.

    Text in quotes is a phrase, and so is what hangs together (``wi-fi``, an address);
    the last word typed may go on. Operators mean nothing.

    Args:
        text: As typed.

    Returns:
        Nothing if there is no word in it, only punctuation.
    """
    pieces = _QUOTES.split(text)
    phrases: list[Phrase] = []
    left = MOST_SEARCHED
    for index, piece in enumerate(pieces):
        # A quote that is never closed opens nothing.
        is_quoted = index % 2 == 1 and index < len(pieces) - 1
        for chunk in [piece] if is_quoted else piece.split():
            words = words_of(chunk, most=left) if left else []
            if words:
                left -= len(words)
                phrases.append(Phrase(tuple(words)))
    if phrases and _QUOTES.split(text)[-1].strip():
        last = phrases[-1]
        word = last.words[-1]
        if len(word) > 1 and not _IS_SPACELESS.search(word):
            phrases[-1] = Phrase(last.words, is_prefix=True)
    return tuple(dict.fromkeys(phrases))


def in_marked_words(phrase: Phrase) -> Phrase:
    """The phrase as it is found among words stored with ``marked``."""
    return Phrase(tuple(marked(phrase.words)), phrase.is_prefix)
