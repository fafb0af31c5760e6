"""From bytes to text, whatever the mail says or fails to say about its charset."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

# What mail programs write, and the larger charset they mean by it.
_MEANT = {
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "iso-2022-jp": "iso-2022-jp-ext",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
}
# In what a text is written that is not in what it says.
_OTHERWISE = {"": "cp1252", "utf-8": "cp1252"}
#: Codecs of Python that are no charsets, and would turn text into something else.
_NOT_TEXT = frozenset(
    {"base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib", "idna", "punycode"}
    | {"unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)
#: Guessing needs some text, and looks at no more than its beginning, in bytes.
_ENOUGH, _SAMPLE = 64, 16_384
_UNUSABLE = re.compile("[\x00\ud800-\udfff]")


def known_charset(name: str) -> str:
    """Python's name of a charset, or empty: there is none of this name."""
    name = name.strip().strip("\"'").lower()[:60]
    name = _MEANT.get(name, name)
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return "" if found.replace("-", "_") in _NOT_TEXT else found


def storable(text: str) -> str:
    """The text without what no database keeps: NUL and halves of a character."""
    return _UNUSABLE.sub("", text)


def to_text(raw: bytes, declared: str = "") -> str:
    """Decode bytes; never fails and never loses more than single characters.

    The declared charset if it fits, else UTF-8 even if some of it is damaged, else the
    most likely one, else Windows-1252 with replacement marks.

    Args:
        raw: The bytes.
        declared: The charset the mail names, or empty.
    """
    for charset in (known_charset(declared) if declared else "", "utf-8"):
        if charset:
            try:
                return storable(raw.decode(charset))
            except (UnicodeError, ValueError):
                continue
    damaged = raw.decode("utf-8", "replace")
    lost = damaged.count("\ufffd")
    if sum(sign > "\x7f" for sign in damaged) >= 2 * lost:
        # Most of it is UTF-8: some bytes were cut or damaged on the way.
        return storable(damaged)
    if len(raw) >= _ENOUGH:
        best = from_bytes(raw[:_SAMPLE]).best()
        if best is not None:
            return storable(raw.decode(best.encoding, "replace"))
    fallback = known_charset(declared)
    return storable(raw.decode(_OTHERWISE.get(fallback, fallback), "replace"))
