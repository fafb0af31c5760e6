"""Figures out of single measurements."""

from __future__ import annotations

import math
from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    """The middle value, or the mean of the two in the middle.

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of all values do not exceed (nearest rank).

    Args:
        values: At least one.
        share: Between 0 and 1.

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    rank = max(1, math.ceil(share * len(ordered) - 1e-9))
    return ordered[rank - 1]


def ratio(value: float | None, base: float | None) -> float | None:
    """How many times ``base`` fits into ``value``; ``None`` where one is missing."""
    if value is None or not base:
        return None
    return value / base


def exponent(small: float, large: float, small_size: float, large_size: float) -> float:
    """The power of the size that the time grows with: 0 is flat, 1 is in proportion.

    Raises:
        ValueError: A figure is not above zero, or the sizes are equal.
    """
    if min(small, large, small_size, large_size) <= 0 or small_size == large_size:
        raise ValueError("growth needs two sizes and times above zero")
    return math.log(large / small) / math.log(large_size / small_size)
