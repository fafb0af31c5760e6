"""CSV files that are safe to open in a spreadsheet and never held in memory (R18)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

#: What makes a spreadsheet read a cell as a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> str:
    """A value as the text of a cell that no spreadsheet runs as a formula.

    An apostrophe in front makes a spreadsheet show the text as it is.
    """
    text = "" if value is None else str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_response(
    filename: str, header: Sequence[Any], batches: Iterable[Iterable[Sequence[Any]]]
) -> StreamingHttpResponse:
    """Stream rows as a download.

    Args:
        filename: Of the download, in ASCII.
        header: The first row.
        batches: Lists of rows; each is written in one go.

    Returns:
        UTF-8 with a byte order mark, which spreadsheets need to see that it is UTF-8.
    """
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff" + str(writer.writerow([safe_cell(cell) for cell in header]))
        for batch in batches:
            yield "".join(
                str(writer.writerow([safe_cell(cell) for cell in row])) for row in batch
            )

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
