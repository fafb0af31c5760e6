"""From one or two chosen colours to all colours of a page, each readable on its ground.

Nothing is left to luck: whatever is chosen, the colours made of it keep the contrast
that ``Palette.pairs`` lists, and ``tests/appearance`` tries it with colours at random.
Knows nothing of Django.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wagtail_helpdesk.appearance.colors import (
    BLACK,
    MARK,
    TEXT,
    WHITE,
    contrast,
    mix,
    on,
    readable,
)

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, Scheme] = ("light", "dark")

#: The package's own colours, as in ``helpdesk.css``.
ACCENT = "#2f54c8"
_OWN: dict[Scheme, dict[str, str]] = {
    "light": {
        "page": "#f6f7f9",
        "surface": "#ffffff",
        "surface-2": "#eef0f4",
        "text": "#1a1f2b",
        "text-2": "#515a6b",
        "line": "#dfe3ea",
        "control": "#7a8394",
        "danger": "#b3261e",
        "ok": "#17633a",
        "warn": "#7a4d00",
        "info": "#1f4e8c",
    },
    "dark": {
        "page": "#111318",
        "surface": "#1a1d24",
        "surface-2": "#252a33",
        "text": "#e8eaf0",
        "text-2": "#a9b1c0",
        "line": "#313743",
        "control": "#7d8798",
        "danger": "#ffb4ab",
        "ok": "#84d8a5",
        "warn": "#f2c266",
        "info": "#9cc7ff",
    },
}
_STATUS = ("danger", "ok", "warn", "info")
#: How much of the tint a ground takes; more, and text on it would grow too pale.
_TINT: dict[Scheme, dict[str, tuple[str, float]]] = {
    "light": {
        "page": (WHITE, 0.05),
        "surface-2": (WHITE, 0.09),
        "line": (WHITE, 0.18),
    },
    "dark": {
        "page": ("#0f1013", 0.05),
        "surface": ("#181a1f", 0.06),
        "surface-2": ("#22252b", 0.1),
        "line": ("#2e323a", 0.16),
    },
}
_SOFT: dict[Scheme, tuple[str, float]] = {
    "light": (WHITE, 0.1),
    "dark": ("#1a1d24", 0.16),
}


@dataclass(frozen=True)
class Pair:
    """Two colours that meet on a page.

    Attributes:
        scheme: On light pages or dark ones.
        name: What it is, one of ``PAIR_NAMES`` in the admin.
        color: What is seen.
        ground: What it is seen on.
        needed: The ratio that WCAG 2.2 AA asks for.
    """

    scheme: Scheme
    name: str
    color: str
    ground: str
    needed: float = TEXT

    @property
    def ratio(self) -> float:
        """Their contrast ratio."""
        return contrast(self.color, self.ground)

    @property
    def passes(self) -> bool:
        """Whether it is enough."""
        return self.ratio >= self.needed


@dataclass(frozen=True)
class Palette:
    """The colours of light and dark pages.

    Attributes:
        light: Colours by name, those of the tokens ``--hd-…``.
        dark: The same for dark pages.
    """

    light: dict[str, str]
    dark: dict[str, str]

    def of(self, scheme: Scheme) -> dict[str, str]:
        """The colours of one scheme."""
        return self.light if scheme == "light" else self.dark

    def pairs(self) -> list[Pair]:
        """All pairs that have to be readable."""
        return [pair for scheme in SCHEMES for pair in _pairs(scheme, self.of(scheme))]


def own_colors() -> Palette:
    """The package's own colours, without the accent and what is made of it."""
    return Palette(dict(_OWN["light"]), dict(_OWN["dark"]))


def make_palette(accent: str = "", tint: str = "") -> Palette:
    """All colours of a site.

    Args:
        accent: ``#rrggbb``, the colour of links and buttons; empty: the package's own.
        tint: ``#rrggbb``, what the grounds take a little of; empty: the package's own.
    """
    light, dark = (_colors(scheme, accent or ACCENT, tint) for scheme in SCHEMES)
    return Palette(light, dark)


def _colors(scheme: Scheme, accent: str, tint: str) -> dict[str, str]:
    lighter = scheme == "dark"
    colors = dict(_OWN[scheme])
    if tint:
        for name, (ground, share) in _TINT[scheme].items():
            colors[name] = mix(tint, ground, share)
    ground, share = _SOFT[scheme]
    colors["accent-soft"] = mix(accent, ground, share)
    grounds = [colors[name] for name in ("page", "surface", "surface-2")]
    every = [*grounds, colors["accent-soft"]]
    for name in ("text", "text-2"):
        colors[name] = readable(colors[name], every, lighter=lighter)
    for name in _STATUS:
        colors[name] = readable(colors[name], every, lighter=lighter)
    colors["control"] = readable(
        colors["control"], grounds, needed=MARK, lighter=lighter
    )
    # On dark pages a strong colour that is only just bright enough glares.
    aim = 6 if lighter else 0
    colors["accent"] = readable(accent, every, lighter=lighter, aim=aim)
    away = WHITE if lighter else BLACK
    colors["accent-strong"] = mix(away, colors["accent"], 0.22)
    colors["on-accent"] = on(colors["accent"], colors["accent-strong"])
    colors.update(_button(accent))
    return colors


def _button(accent: str) -> dict[str, str]:
    """A filled button keeps the chosen colour: what is on it makes up for it."""
    text = on(accent)
    strong = mix(WHITE if text == BLACK else BLACK, accent, 0.15)
    if strong == accent:
        # Black or white itself, which shows no pointer unless it moves the other way.
        strong = mix(text, accent, 0.15)
    return {"brand": accent, "brand-strong": strong, "on-brand": text}


def _pairs(scheme: Scheme, colors: dict[str, str]) -> list[Pair]:
    grounds = ("page", "surface", "surface-2")
    found = []

    def add(name: str, color: str, ground: str, needed: float = TEXT) -> None:
        found.append(Pair(scheme, name, colors[color], colors[ground], needed))

    for ground in (*grounds, "accent-soft"):
        add(f"text on {ground}", "text", ground)
        add(f"text-2 on {ground}", "text-2", ground)
        add(f"accent on {ground}", "accent", ground)
        for name in _STATUS:
            add(f"{name} on {ground}", name, ground)
    for ground in grounds:
        add(f"accent-strong on {ground}", "accent-strong", ground)
        add(f"control on {ground}", "control", ground, MARK)
    add("on-accent on accent", "on-accent", "accent")
    add("on-accent on accent-strong", "on-accent", "accent-strong")
    add("on-brand on brand", "on-brand", "brand")
    add("on-brand on brand-strong", "on-brand", "brand-strong")
    return found
