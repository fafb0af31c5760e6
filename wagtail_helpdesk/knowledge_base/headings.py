"""Headings of an article: their ids, their levels and the table of contents."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe

_HEADING = re.compile(
    r"<h(?P<level>[1-6])(?P<attributes>(?:\s[^>]*)?)>(?P<content>.*?)</h(?P=level)>",
    re.DOTALL,
)
_ID = re.compile(r"""\sid=["']?(?P<id>[^"'\s>]+)""")
# Ids of the site around the article must not be met by chance: a heading "Search" must
# not become the id "search".
_PREFIX = "section-"
_LONGEST_ID = 80
CONTENTS_FROM = 3
"""A table of contents is shown from this number of headings on."""


@dataclass
class Heading:
    """One heading of an article.

    Attributes:
        level: 2 to 6, as rendered.
        id: What a link to it ends with, after ``#``.
        text: Its words, without markup.
        children: The headings of the next level below it.
    """

    level: int
    id: str
    text: str
    children: list[Heading] = field(default_factory=list)


def heading_id(text: str) -> str:
    """Make an id from a heading's words, in any script.

    Letters, marks and digits of every script stay, as they may in HTML; so the id of a
    heading in Arabic or Japanese is as readable and as stable as one in English.

    Args:
        text: The heading's words.

    Returns:
        The id, without regard to other headings of the same words.
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    kept = "".join(
        char if unicodedata.category(char)[0] in "LMN" else " " for char in folded
    )
    return _PREFIX + ("-".join(kept.split())[:_LONGEST_ID].strip("-") or "untitled")


def with_heading_ids(body: str) -> tuple[SafeString, list[Heading]]:
    """Give every heading an id and a level that follows from the one before.

    An editor may begin with a small heading or leave out a level; the page's own title
    is level 1, so the first is made level 2, and each is at most one level deeper than
    the last (WCAG 1.3.1).

    Args:
        body: The rendered body of an article, which is safe HTML.

    Returns:
        The same HTML with ids, and its headings in order.
    """
    headings: list[Heading] = []
    used: dict[str, int] = {}
    # What an own block brought with it is taken before any id is made.
    for match in _ID.finditer(body):
        used.setdefault(match["id"], 1)

    def replace(match: re.Match[str]) -> str:
        above = headings[-1].level if headings else 1
        level = min(max(int(match["level"]), 2), above + 1)
        text = html.unescape(strip_tags(match["content"])).strip()
        attributes = match["attributes"]
        own = _ID.search(attributes)
        if own:
            name = html.unescape(own["id"])
        else:
            name = _unused(heading_id(text), used)
            attributes += f' id="{escape(name)}"'
        if text:
            headings.append(Heading(level=level, id=name, text=text))
        return f"<h{level}{attributes}>{match['content']}</h{level}>"

    # Only attributes that were escaped here are added to HTML that was safe before.
    return mark_safe(_HEADING.sub(replace, body)), headings  # noqa: S308


def _unused(name: str, used: dict[str, int]) -> str:
    """``name``, or the first of ``name-2``, ``name-3``, … that is not taken."""
    candidate = name
    while candidate in used:
        used[name] += 1
        candidate = f"{name}-{used[name]}"
    used[candidate] = 1
    return candidate


def table_of_contents(headings: list[Heading]) -> list[Heading]:
    """Arrange the headings of levels 2 and 3 as a tree.

    Args:
        headings: All headings of the article, in order.

    Returns:
        The headings of level 2 with those of level 3 below them; nothing when there are
        too few to need a table of contents.
    """
    shown = [Heading(h.level, h.id, h.text) for h in headings if h.level in {2, 3}]
    if len(shown) < CONTENTS_FROM:
        return []
    tree: list[Heading] = []
    for heading in shown:
        (tree[-1].children if heading.level == 3 and tree else tree).append(heading)
    return tree
