"""What becomes of the chosen colours, in words and numbers."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.appearance.colors import TEXT, worst
from wagtail_helpdesk.appearance.palette import Pair, Palette
from wagtail_helpdesk.appearance.stylesheet import palette_of
from wagtail_helpdesk.models import Appearance

#: The pairs that are shown: of each kind the one on the hardest ground.
_KINDS = {
    "text": gettext_lazy("Text"),
    "text-2": gettext_lazy("Small text"),
    "accent": gettext_lazy("Links, focus and marks"),
    "accent-strong": gettext_lazy("Links under the pointer"),
    "on-brand": gettext_lazy("Text of buttons"),
    "on-accent": gettext_lazy("Text on marked grounds"),
    "control": gettext_lazy("Borders of fields"),
    "danger": gettext_lazy("Errors"),
    "ok": gettext_lazy("Successes"),
    "warn": gettext_lazy("Warnings"),
    "info": gettext_lazy("Notes"),
}


@dataclass(frozen=True)
class Line:
    """A line of the table.

    Attributes:
        label: What is seen.
        is_dark: Whether it is about dark pages.
        pair: The two colours, on the ground where it is hardest to read.
    """

    label: object
    is_dark: bool
    pair: Pair

    @property
    def ratio(self) -> str:
        """The contrast as people write it, never rounded up."""
        return number_format(int(self.pair.ratio * 100) / 100, 2)

    @property
    def needed(self) -> str:
        """What is asked for."""
        return number_format(self.pair.needed, 1)


def lines_of(appearance: Appearance) -> list[Line]:
    """The table of contrasts; empty where no colour was chosen."""
    palette = palette_of(appearance)
    if palette is None:
        return []
    hardest: dict[tuple[str, str], Pair] = {}
    for pair in palette.pairs():
        key = pair.scheme, pair.name.partition(" ")[0]
        if key not in hardest or pair.ratio < hardest[key].ratio:
            hardest[key] = pair
    return [
        Line(label, scheme == "dark", hardest[scheme, kind])
        for scheme in ("light", "dark")
        for kind, label in _KINDS.items()
    ]


def notes_of(appearance: Appearance) -> list[str]:
    """What was changed so that all can be read, in words."""
    palette = palette_of(appearance)
    if palette is None:
        return []
    chosen, notes = appearance.accent, []
    light, dark = palette.light["accent"], palette.dark["accent"]
    fixed = appearance.color_scheme
    if light != chosen and fixed != Appearance.ColorScheme.DARK:
        notes.append(
            _("%(chosen)s is too light for links on %(ground)s: links use %(used)s.")
            % {
                "chosen": chosen,
                "ground": _hardest(palette, "light", chosen),
                "used": light,
            }
        )
    if dark != chosen and fixed != Appearance.ColorScheme.LIGHT:
        notes.append(
            _("%(chosen)s is too dark for links on dark pages: those use %(used)s.")
            % {"chosen": chosen, "used": dark}
        )
    if notes:
        text = palette.light["on-brand"]
        notes.append(
            (
                _("Buttons keep %(chosen)s, with black text.")
                if text == "#000000"
                else _("Buttons keep %(chosen)s, with white text.")
            )
            % {"chosen": chosen}
        )
    return notes


def _hardest(palette: Palette, scheme: str, color: str) -> str:
    """The name of the ground that a colour cannot be read on."""
    colors = palette.light if scheme == "light" else palette.dark
    if worst(color, [colors["surface"]]) < TEXT:
        return _("white")
    return _("the background")
