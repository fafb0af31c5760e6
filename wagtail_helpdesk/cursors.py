"""Cursors: opaque texts that name a row by its values in the columns of an order."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field

#: Longest cursor that is looked at: two columns of text and a key fit well within.
MAX_CURSOR_LENGTH = 4000


class InvalidCursor(ValueError):
    """A cursor that no page of this list has given out."""


def encode(values: Sequence[Any]) -> str:
    """The cursor that names these values.

    Args:
        values: A row's value of each column of the order.

    Raises:
        ValueError: One of them is NULL.
    """
    text = json.dumps(
        [_to_json(value) for value in values], ensure_ascii=False, separators=(",", ":")
    )
    encoded = base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass"))
    return encoded.decode("ascii").rstrip("=")


def decode(cursor: str, fields: Sequence[Field[Any, Any]]) -> list[Any]:
    """The values a cursor names, as the columns' own types.

    Args:
        cursor: What a visitor sent.
        fields: The field of each column of the order.

    Raises:
        InvalidCursor: It was not given out by a page in this order.
    """
    if len(cursor) > MAX_CURSOR_LENGTH or not cursor.isascii():
        raise InvalidCursor(cursor)
    try:
        raw = base64.b64decode(
            cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True
        )
        values = json.loads(raw.decode("utf-8"))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise InvalidCursor(cursor) from error
    if not isinstance(values, list) or len(values) != len(fields):
        raise InvalidCursor(cursor)
    return [
        _from_json(value, field) for value, field in zip(values, fields, strict=True)
    ]


def _to_json(value: Any) -> str | int:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        if isinstance(value, (date, datetime)):
            return value.isoformat()
        if value is None:
            raise ValueError("A column of a keyset page holds NULL; use Coalesce.")
        return str(value)
    return value


def _from_json(value: Any, field: Field[Any, Any]) -> Any:
    """The value of a column from a cursor.

    Raises:
        InvalidCursor: The column cannot hold it.
    """
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise InvalidCursor(value)
    try:
        if isinstance(value, str):
            # No database takes half a surrogate pair, PostgreSQL no NUL.
            value.encode("utf-8")
            if "\x00" in value:
                raise InvalidCursor(value)
        python = field.to_python(value)
        if python is None:
            raise InvalidCursor(value)
        field.run_validators(python)
        if isinstance(python, datetime):
            if python.tzinfo is None:
                raise InvalidCursor(value)
            # Raises OverflowError next to the ends of the calendar.
            python.astimezone(UTC)
    except (ValidationError, ValueError, TypeError, OverflowError) as error:
        raise InvalidCursor(value) from error
    return python
