"""MariaDB and MySQL: a FULLTEXT index over the words.

InnoDB leaves out words of fewer than three letters and a list of English ones, so each
word is stored behind two letters that make it neither. What a transaction has written,
InnoDB finds after the commit.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper

from wagtail_helpdesk.fulltext.words import Phrase

_LEAD = "zz"
_INDEX = "helpdesk_text_words"


def _word(word: str) -> str:
    if word.isascii():
        return _LEAD + word
    # InnoDB takes letters beyond the basic plane for blanks.
    return _LEAD + "".join(
        char if ord(char) < 0x10000 else f"{ord(char):x}" for char in word
    )


def stored(words: Sequence[str], heavy: int = 0) -> str:
    """Words as a text; InnoDB cuts it at the spaces."""
    return " ".join(map(_word, words))


def query(phrases: Sequence[Phrase]) -> str:
    """All of the phrases in boolean mode, which knows no phrase with an open end."""
    terms = []
    for phrase in phrases:
        words = [_word(word) for word in phrase.words]
        if phrase.is_prefix:
            terms += [f"+{word}" for word in words[:-1]] + [f"+{words[-1]}*"]
        elif len(words) > 1:
            terms.append(f'+"{" ".join(words)}"')
        else:
            terms.append(f"+{words[0]}")
    return " ".join(terms)


def create(connection: BaseDatabaseWrapper, table: str, column: str) -> list[str]:
    """Statements that make the column compare byte by byte, and the index."""
    quote = connection.ops.quote_name
    return [
        f"ALTER TABLE {quote(table)} MODIFY {quote(column)} longtext "
        "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL",
        f"CREATE FULLTEXT INDEX {_INDEX} ON {quote(table)} ({quote(column)})",
    ]


def drop(connection: BaseDatabaseWrapper, table: str, column: str) -> list[str]:
    """Statements that undo ``create``."""
    return [f"DROP INDEX {_INDEX} ON {connection.ops.quote_name(table)}"]
