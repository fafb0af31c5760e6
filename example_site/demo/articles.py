"""Reads articles from text files: a few header lines, then a kind of Markdown.

The dialect has what an article's body has: paragraphs, ``##`` headings, ``-`` lists,
``:::steps``, ``:::note|tip|warning Title``, fenced code, ``|`` tables,
``![alt](image:name "caption")``, ``[[file:name|title]]`` and ``[[video:url|title]]``;
in a line ``**bold**``, ``*italic*``, ``code`` in backticks and ``[text](kb:slug)``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"

_IMAGE = re.compile(r'!\[(?P<alt>[^\]]*)\]\(image:(?P<name>[\w-]+) "(?P<caption>.*)"\)')
_EMBED = re.compile(r"\[\[(?P<kind>file|video):(?P<target>[^|]+)\|(?P<title>.+)\]\]")
_STEP = re.compile(r"\d+\. (.+)")
_INLINE = (
    (re.compile(r"\*\*(.+?)\*\*"), r"<b>\1</b>"),
    (re.compile(r"\*(.+?)\*"), r"<i>\1</i>"),
)
_CODE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\[([^\]]+)\]\(kb:([\w-]+)\)")

LinkTo = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Node:
    """A block of an article, independent of how a page stores it.

    Attributes:
        kind: ``text``, ``steps``, ``callout``, ``code``, ``table``, ``image``, ``file``
            or ``video``.
        value: What it holds; texts are HTML, except in code and tables.
    """

    kind: str
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Article:
    """One article in one language."""

    slug: str
    title: str
    summary: str
    category: str
    source: str = field(repr=False)

    def nodes(self, link_to: LinkTo) -> list[Node]:
        """The body.

        Args:
            link_to: Gives the attributes of a link to the article of a slug.
        """
        return list(_Parser(self.source.splitlines(), link_to).nodes())


def read_articles(language: str) -> list[Article]:
    """All articles of a language, ordered by their file names."""
    folder = CONTENT / language / "articles"
    return [_read(path) for path in sorted(folder.glob("*.md"))]


def _read(path: Path) -> Article:
    head, _line, body = path.read_text(encoding="utf-8").partition("\n---\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Article(
        slug=path.stem,
        title=fields["title"],
        summary=fields["summary"],
        category=fields.get("category", ""),
        source=body,
    )


def inline_html(text: str, link_to: LinkTo) -> str:
    """One line of text as HTML."""
    parts = _CODE.split(text)
    for index, part in enumerate(parts):
        escaped = html.escape(part, quote=False)
        if index % 2:
            parts[index] = f"<code>{escaped}</code>"
            continue
        for pattern, replacement in _INLINE:
            escaped = pattern.sub(replacement, escaped)
        parts[index] = _LINK.sub(
            lambda match: f"<a {link_to(match[2])}>{match[1]}</a>", escaped
        )
    return "".join(parts)


class _Parser:
    """Turns lines into nodes; text between other blocks is gathered into one node."""

    def __init__(self, lines: list[str], link_to: LinkTo) -> None:
        self.lines = iter(lines)
        self.link_to = link_to
        self.text: list[str] = []
        self.items: list[str] = []

    def nodes(self) -> Iterator[Node]:
        for line in self.lines:
            node = self._block(line)
            if node is not None:
                yield from self._gathered()
                yield node
            else:
                self._add(line)
        yield from self._gathered()

    def _block(self, line: str) -> Node | None:
        if line.startswith("```"):
            return Node("code", {"language": line[3:], "code": self._until("```")})
        if line == ":::steps":
            return Node("steps", {"steps": self._steps(self._until(":::"))})
        if line.startswith(":::"):
            kind, _space, title = line[3:].partition(" ")
            paragraphs = [f"<p><b>{self._html(title)}</b></p>"]
            paragraphs += self._paragraphs(self._until(":::"))
            return Node("callout", {"kind": kind, "text": "".join(paragraphs)})
        if line.startswith("|"):
            rows = [line, *self._rows()]
            cells = [[c.strip() for c in row.strip("|").split("|")] for row in rows]
            return Node("table", {"rows": [cells[0], *cells[2:]]})
        if match := _IMAGE.fullmatch(line):
            return Node("image", match.groupdict())
        if match := _EMBED.fullmatch(line):
            return Node(match["kind"], match.groupdict())
        return None

    def _until(self, end: str) -> str:
        lines = []
        for line in self.lines:
            if line == end:
                break
            lines.append(line)
        return "\n".join(lines)

    def _rows(self) -> Iterator[str]:
        for line in self.lines:
            if not line.startswith("|"):
                return
            yield line

    def _steps(self, text: str) -> list[str]:
        steps: list[str] = []
        for line in text.splitlines():
            if match := _STEP.fullmatch(line):
                steps.append(f"<p><b>{self._html(match[1])}</b></p>")
            else:
                steps[-1] += f"<p>{self._html(line)}</p>"
        return steps

    def _paragraphs(self, text: str) -> list[str]:
        return [f"<p>{self._html(line)}</p>" for line in text.splitlines() if line]

    def _html(self, text: str) -> str:
        return inline_html(text, self.link_to)

    def _add(self, line: str) -> None:
        if line.startswith("- "):
            self.items.append(f"<li>{self._html(line[2:])}</li>")
            return
        self._end_list()
        if line.startswith("## "):
            self.text.append(f"<h2>{self._html(line[3:])}</h2>")
        elif line:
            self.text.append(f"<p>{self._html(line)}</p>")

    def _end_list(self) -> None:
        if self.items:
            self.text.append(f"<ul>{''.join(self.items)}</ul>")
            self.items = []

    def _gathered(self) -> Iterator[Node]:
        self._end_list()
        if self.text:
            yield Node("text", {"html": "".join(self.text)})
            self.text = []
