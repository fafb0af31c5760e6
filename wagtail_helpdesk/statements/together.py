"""Several short queries as one statement, which may be kept and sent again.

Where a page asks for ten small things, most of its time is not the database's: each
queryset is built, compiled, sent and awaited. Questions that are always asked together
are sent together, and what was compiled once need not be compiled again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import BigIntegerField, F, QuerySet, TextField, Value
from django.db.models.expressions import BaseExpression
from django.db.models.functions import Coalesce

from wagtail_helpdesk.statements.slots import KeptQuery, compiled

Row = tuple[Any, ...]
#: How many numbers and how many texts a row of ``aligned`` has.
NUMBERS = TEXTS = 3


def aligned(
    queryset: QuerySet[Any],
    *,
    numbers: Sequence[str | BaseExpression] = (),
    texts: Sequence[str | BaseExpression] = (),
    width: tuple[int, int] = (NUMBERS, TEXTS),
) -> QuerySet[Any, Any]:
    """A queryset as a part of a ``Statement`` whose parts have little in common.

    Args:
        queryset: Any rows.
        numbers: Fields or expressions that are numbers.
        texts: The same of texts.
        width: How many of each a row of the statement has.

    Returns:
        Rows of all the numbers, then all the texts; 0 or an empty text where there is
        no value.
    """
    columns: dict[str, Any] = {}
    for kind, wanted, empty, most in (
        ("number", numbers, Value(0, BigIntegerField()), width[0]),
        ("text", texts, Value("", TextField()), width[1]),
    ):
        for place in range(most):
            value: Any = wanted[place] if place < len(wanted) else empty
            if isinstance(value, str):
                value = Coalesce(F(value), empty, output_field=empty.output_field)
            columns[f"{kind}_{place}"] = value
    return queryset.annotate(**columns).values_list(*columns)


class Part:
    """A queryset of a ``Statement``, compiled; it may be kept, and used in several.

    Args:
        queryset: As for ``Statement``.
        using: The alias of the database, which the part is written for.
    """

    def __init__(self, queryset: QuerySet[Any, Any], using: str) -> None:
        #: The text and its values; ``None`` if it is clear that it finds nothing.
        self.text = compiled(queryset.using(using))
        query = queryset.query
        self.width = len(query.values_select) + len(query.annotation_select)


class Statement:
    """Querysets whose rows come in one round trip.

    Args:
        querysets: Each a ``Part``, or a ``values_list`` of the same number of columns,
            of numbers and texts; the columns' values are not converted. They may be
            sliced, which a plain ``union`` is not on SQLite, and have a ``Slot`` in the
            place of a value.
        using: The alias of the database, which the statement is written for.
    """

    def __init__(self, *querysets: QuerySet[Any, Any] | Part, using: str) -> None:
        self._count = len(querysets)
        pieces: list[str] = []
        params: list[Any] = []
        width = 0
        for number, queryset in enumerate(querysets):
            part = queryset if isinstance(queryset, Part) else Part(queryset, using)
            if part.text is not None:
                sql, values = part.text
                # Made by the ORM, values apart.
                piece = f"SELECT {number}, q{number}.* FROM ({sql}) q{number}"  # noqa: S608
                pieces.append(piece)
                params += values
                width = part.width
        self._names = ("part", *(f"column_{number}" for number in range(width)))
        self._sql, self._params, self._using = " UNION ALL ".join(pieces), params, using

    def rows(self, values: Mapping[str, Any] | None = None) -> list[list[Row]]:
        """Ask the database.

        Args:
            values: The value of each ``Slot``, by name.

        Returns:
            The rows of each queryset, in no order.
        """
        found: list[list[Row]] = [[] for _ in range(self._count)]
        if self._sql:
            # Threads share the text; each asks through a connection of its own.
            query = KeptQuery(self._using, self._sql, self._params, self._names)
            for part, *row in query.rows(values or {}):
                found[part].append(tuple(row))
        return found
