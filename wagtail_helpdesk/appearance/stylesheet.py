"""The style sheet of a site's appearance: tokens, and next to nothing else.

Only what was parsed as a colour, a number or a choice gets in here; no text that
somebody typed does.
"""

from __future__ import annotations

import hashlib

from wagtail_helpdesk.appearance.colors import parse
from wagtail_helpdesk.appearance.palette import Palette, make_palette, own_colors
from wagtail_helpdesk.models import Appearance

Font = Appearance.Font

FONTS: dict[str, str] = {
    Font.SYSTEM: (
        'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", '
        '"Liberation Sans", Arial, sans-serif'
    ),
    Font.SERIF: (
        'Charter, "Iowan Old Style", "Source Serif 4", "Noto Serif", Georgia, '
        '"Liberation Serif", "Times New Roman", serif'
    ),
    Font.MONO: (
        "ui-monospace, SFMono-Regular, Menlo, Consolas, "
        '"Liberation Mono", "Noto Sans Mono", monospace'
    ),
}
#: A page of our own has nothing around it whose font could be taken.
_SITE_FONT = ".hd-root{font-family:inherit}.hd-standalone{font-family:var(--hd-font)}"
#: ``helpdesk.css`` says so too, but with less weight than the tokens here.
_MORE_CONTRAST = (
    "@media (prefers-contrast:more)"
    "{:root{--hd-line:var(--hd-control);--hd-text-2:var(--hd-text)}}"
)


def palette_of(appearance: Appearance) -> Palette | None:
    """The colours that an appearance gives a site; ``None``: it has chosen none."""
    # Parsed once more: a fixture or a migration may have got past the form.
    accent = _color(appearance.accent)
    return make_palette(accent, _color(appearance.tint)) if accent else None


def _color(text: str) -> str:
    try:
        return parse(text)
    except ValueError:
        return ""


def css_of(appearance: Appearance) -> str:
    """The style sheet; empty where nothing was chosen that needs one."""
    tokens, rules = [], ""
    palette = palette_of(appearance)
    if palette is not None:
        own = own_colors()
        for name, light in palette.light.items():
            dark = palette.dark[name]
            # A ground that was not chosen is left to the site's own style sheets.
            if (light, dark) == (own.light.get(name), own.dark.get(name)):
                continue
            value = light if light == dark else f"light-dark({light},{dark})"
            tokens.append(f"--hd-{name}:{value}")
        rules += _MORE_CONTRAST
    if appearance.radius is not None:
        tokens.append(f"--hd-radius:{int(appearance.radius)}px")
    if appearance.font in FONTS:
        tokens.append(f"--hd-font:{FONTS[appearance.font]}")
    elif appearance.font == Font.SITE:
        rules += _SITE_FONT
    root = f":root{{{';'.join(tokens)}}}" if tokens else ""
    return root + rules


def digest_of(css: str) -> str:
    """What names this very style sheet in its address; empty for an empty one."""
    if not css:
        return ""
    return hashlib.sha256(css.encode()).hexdigest()[:16]
