"""Reads the documentation's Markdown as the tests need it: fences, sections, tables."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

_FENCE = re.compile(
    r"^( *)(`{3,})(\S*)[^\n]*\n(.*?)^\1\2[ ]*$", re.DOTALL | re.MULTILINE
)
_ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)


def pages() -> list[Path]:
    """Every page of the documentation, and the README."""
    found = [p for p in DOCS.rglob("*.md") if "_build" not in p.parts]
    return [*sorted(found), ROOT / "README.md"]


def fences(text: str, language: str) -> list[str]:
    """The fenced blocks of one language, without their indent."""
    blocks = []
    for indent, _ticks, name, body in _FENCE.findall(text):
        if name == language:
            lines = body.splitlines()
            blocks.append("\n".join(line.removeprefix(indent) for line in lines))
    return blocks


def without_fences(text: str) -> str:
    """The prose, where a ``[`` begins a link and nothing else."""
    return re.sub(r"`[^`\n]+`", "", _FENCE.sub("", text))


def sections(text: str) -> dict[str, str]:
    """The text below each heading of the second level, by heading."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def table(text: str) -> list[list[str]]:
    """The cells of all tables of a text, row by row, without heads and rules."""
    rows = []
    for found in _ROW.findall(text):
        cells = [cell.strip() for cell in found.split("|")]
        if set("".join(cells)) <= {"-", ":"}:
            rows.pop()
        else:
            rows.append(cells)
    return rows
