"""Colours and their contrast as WCAG 2.2 counts it. Knows nothing of Django."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable
from functools import lru_cache

#: What text needs on its ground, and what a border, a mark or a focus ring needs.
TEXT, MARK = 4.5, 3.0
WHITE, BLACK = "#ffffff", "#000000"

_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", re.ASCII)
#: Lightness is moved in this many steps, as fine as eight bits can tell.
_STEPS = 256


def parse(text: str) -> str:
    """A colour as somebody typed it, in the one form used here.

    Args:
        text: Three or six hexadecimal digits, with or without ``#``.

    Returns:
        ``#rrggbb`` in small letters.

    Raises:
        ValueError: It is anything else.
    """
    found = _HEX.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text[:20]!r} is no colour")
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(d * 2 for d in digits))


def channels(color: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#rrggbb``, each 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


@lru_cache(maxsize=4096)
def luminance(color: str) -> float:
    """The relative luminance of WCAG: 0 for black, 1 for white."""
    red, green, blue = (_linear(channel / 255) for channel in channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def worst(color: str, grounds: Iterable[str]) -> float:
    """The lowest contrast of a colour with any of these grounds."""
    return min(contrast(color, ground) for ground in grounds)


def mix(color: str, ground: str, share: float) -> str:
    """A colour laid over another.

    Args:
        color: What is laid over.
        ground: What it is laid over.
        share: How much of it covers, 0 to 1.
    """
    pairs = zip(channels(color), channels(ground), strict=True)
    return _hex(round(top * share + below * (1 - share)) for top, below in pairs)


def readable(
    color: str,
    grounds: Iterable[str],
    *,
    needed: float = TEXT,
    lighter: bool = False,
    aim: float = 0,
) -> str:
    """The nearest shade of a colour that can be read on all of these grounds.

    Args:
        color: What is wished for; it is returned as it is where it will do.
        grounds: What it stands on. White on them, or black, must do.
        needed: The ratio it has to reach.
        lighter: Whether to look among lighter shades, on dark grounds, or darker ones.
        aim: The ratio of the shade that takes its place, where that may be more.
    """
    grounds = tuple(grounds)
    if worst(color, grounds) >= needed:
        return color
    hue, start, saturation = colorsys.rgb_to_hls(*(v / 255 for v in channels(color)))
    end = 1.0 if lighter else 0.0
    for step in range(1, _STEPS):
        lightness = start + (end - start) * step / _STEPS
        shade = colorsys.hls_to_rgb(hue, lightness, saturation)
        found = _hex(round(value * 255) for value in shade)
        if worst(found, grounds) >= max(needed, aim):
            return found
    return WHITE if lighter else BLACK


def on(*grounds: str) -> str:
    """White or black, whichever can be read better on all of these grounds."""
    return max((WHITE, BLACK), key=lambda color: worst(color, grounds))


def _hex(values: Iterable[int]) -> str:
    red, green, blue = values
    return f"#{red:02x}{green:02x}{blue:02x}"
