"""Tables in articles: their cells, and how they are translated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any


def table_rows(value: dict[str, Any] | None) -> dict[str, Any]:
    """Split a table into what a template shows.

    Args:
        value: What Wagtail's ``TableBlock`` stores.

    Returns:
        ``caption``, ``header`` (the cells of the first row if they are headers, else an
        empty list), ``rows`` and ``first_column_is_header``.
    """
    value = value or {}
    choice = value.get("table_header_choice") or ""
    rows = [[cell or "" for cell in row] for row in value.get("data") or []]
    has_header = choice in {"row", "both"} or value.get("first_row_is_table_header")
    return {
        "caption": value.get("table_caption") or "",
        "header": rows[0] if rows and has_header else [],
        "rows": rows[1:] if rows and has_header else rows,
        "first_column_is_header": choice in {"col", "column", "both"}
        or bool(value.get("first_col_is_header")),
    }


class TableText:
    """Gives wagtail-localize the words of a table, which it does not find by itself.

    The two methods are wagtail-localize's contract for custom blocks; they are called
    by it alone, so it stays optional.
    """

    def get_translatable_segments(self, value: dict[str, Any] | None) -> list[Any]:
        """Every cell and the caption, as strings to translate."""
        from wagtail_localize.segments import StringSegmentValue

        return [StringSegmentValue(path, text) for path, text in _texts(value)]

    def restore_translated_segments(
        self, value: dict[str, Any] | None, segments: Iterable[Any]
    ) -> dict[str, Any]:
        """The same table with the translations in place."""
        translated = deepcopy(value or {})
        for segment in segments:
            text = segment.render_text()
            if segment.path == "caption":
                translated["table_caption"] = text
            else:
                row, column = segment.path.split("-")
                translated["data"][int(row)][int(column)] = text
        return translated


def _texts(value: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    """Place and text of everything that is written in a table."""
    value = value or {}
    if value.get("table_caption"):
        yield "caption", value["table_caption"]
    for row, cells in enumerate(value.get("data") or []):
        for column, cell in enumerate(cells):
            if cell:
                yield f"{row}-{column}", cell
