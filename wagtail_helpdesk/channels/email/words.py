"""The words of some HTML, in linear time whatever it is.

For search and for notices only: what is shown is cleaned from the HTML itself, by
``wagtail_helpdesk.sanitise``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

#: Deeper HTML is not kept as HTML: cleaning it takes time that grows with the square.
MAX_NESTING = 1_000

_NAME = re.compile(r"/?[a-zA-Z][a-zA-Z0-9:-]{0,30}")
_BREAKS = frozenset(
    {
        *("p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd"),
        *("blockquote", "pre", "table", "ul", "ol", "br", "hr", "section", "article"),
    }
)
_WITHOUT_WORDS = frozenset({"script", "style", "title", "template", "noscript"})
# Elements that have no end, or whose end may be left out.
_UNNESTED = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"),
        *("param", "source", "track", "wbr", "p", "li", "td", "th", "tr", "dt", "dd"),
        *("tbody", "thead", "tfoot", "option", "colgroup", "html", "head", "body"),
    }
)
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")


def _pieces(html: str) -> Iterator[tuple[str, str]]:
    """Each tag's name, ``/`` before that of an end, with the text behind the tag."""
    first, *rest = html.split("<")
    yield "", first
    in_comment = False
    for piece in rest:
        if in_comment or piece.startswith("!--"):
            _before, end, text = piece.partition("-->")
            in_comment = not end
            yield "", text
            continue
        name = _NAME.match(piece)
        if name is None and not piece.startswith(("!", "?", "/")):
            yield "", f"<{piece}"
            continue
        _tag, _end, text = piece.partition(">")
        yield name[0].lower() if name else "", text


def html_to_text(html: str) -> str:
    """The words, a line for each block."""
    words: list[str] = []
    silent = ""
    for name, text in _pieces(html.replace("\x00", "")):
        if silent:
            if name != f"/{silent}":
                continue
            silent = ""
        elif name in _WITHOUT_WORDS:
            silent = name
            continue
        if name.lstrip("/") in _BREAKS:
            words.append("\n")
        words.append(text.replace("\r", " ").replace("\n", " "))
    plain = unescape("".join(words)).replace("\xa0", " ")
    lines = "\n".join(" ".join(line.split()) for line in plain.split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip()


def is_too_deep(html: str) -> bool:
    """Whether elements are nested deeper than any program writes them."""
    depth = 0
    for name, _text in _pieces(html):
        if not name or name.lstrip("/") in _UNNESTED:
            continue
        depth = max(depth - 1, 0) if name[0] == "/" else depth + 1
        if depth > MAX_NESTING:
            return True
    return False
