"""The appearance of a site as pages need it, without a query in the common case.

It is kept in the cache. Saving it forgets it there at once; processes that do not share
a cache follow within ``SECONDS``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import AbstractImage, SourceImageIOError
from wagtail.models import Site

from wagtail_helpdesk.appearance.stylesheet import css_of, digest_of
from wagtail_helpdesk.models import Appearance

SECONDS = 60
#: Its number changes with what is kept there.
_KEY = "helpdesk:appearance:1:{}"
#: The largest logo as it is shown; the file has twice as many pixels.
LOGO_WIDTH, LOGO_HEIGHT = 240, 48


@dataclass(frozen=True)
class Picture:
    """A picture in its small size.

    Attributes:
        url: Its address.
        width: Pixels of the page.
        height: Pixels of the page.
        content_type: Its media type.
    """

    url: str
    width: int
    height: int
    content_type: str


@dataclass(frozen=True)
class Theme:
    """What pages need to know of a site's appearance.

    Attributes:
        site_id: The site's key.
        digest: Names the style sheet; empty: there is none.
        color_scheme: An ``Appearance.ColorScheme``.
        logo: The logo.
        logo_dark: The one for dark pages.
        logo_alt: What is read out in its place.
        show_name: Whether the site's name stands beside it.
        favicon: The icon of the browser's tab.
    """

    site_id: int = 0
    digest: str = ""
    color_scheme: str = Appearance.ColorScheme.VISITOR.value
    logo: Picture | None = None
    logo_dark: Picture | None = None
    logo_alt: str = ""
    show_name: bool = True
    favicon: Picture | None = None

    @property
    def fixed_scheme(self) -> str:
        """``"light"`` or ``"dark"`` where visitors have no choice, else ``""``."""
        fixed = (Appearance.ColorScheme.LIGHT, Appearance.ColorScheme.DARK)
        return self.color_scheme if self.color_scheme in fixed else ""

    @property
    def may_switch(self) -> bool:
        """Whether visitors choose between light and dark."""
        return self.color_scheme == Appearance.ColorScheme.VISITOR


def theme_of(site: Site | None) -> Theme:
    """The appearance of a site, or one that leaves everything as it is.

    Args:
        site: The site of a request; ``None`` has no appearance.
    """
    if site is None or site.pk is None:
        return Theme()
    key = _KEY.format(site.pk)
    known = cache.get(key)
    if known is None:
        known = asdict(_read(site.pk))
        cache.set(key, known, SECONDS)
    return _from_plain(known)


def theme_from(appearance: Appearance) -> Theme:
    """The same of an appearance at hand."""
    return Theme(
        site_id=appearance.site_id,
        digest=digest_of(css_of(appearance)),
        color_scheme=appearance.color_scheme,
        logo=_logo(appearance.logo),
        logo_dark=_logo(appearance.logo_dark),
        logo_alt=appearance.logo_alt,
        show_name=appearance.show_name,
        favicon=_favicon(appearance.favicon),
    )


def _read(site_id: int) -> Theme:
    found = (
        Appearance.objects.filter(site=site_id)
        .select_related("logo", "logo_dark", "favicon")
        .first()
    )
    return theme_from(found) if found is not None else Theme(site_id=site_id)


def _from_plain(values: dict[str, Any]) -> Theme:
    """Plain values are kept, which another version of the package can read too."""
    pictures = {
        name: Picture(**values[name])
        for name in ("logo", "logo_dark", "favicon")
        if values[name]
    }
    return Theme(**{**values, **pictures})


def _logo(image: AbstractImage | None) -> Picture | None:
    found = _small(image, LOGO_WIDTH * 2, LOGO_HEIGHT * 2)
    if found is None:
        return None
    scale = min(1.0, LOGO_WIDTH / found.width, LOGO_HEIGHT / found.height)
    return Picture(
        found.url,
        max(1, round(found.width * scale)),
        max(1, round(found.height * scale)),
        found.content_type,
    )


def _favicon(image: AbstractImage | None) -> Picture | None:
    return _small(image, 96, 96, "|format-png")


def _small(
    image: AbstractImage | None, width: int, height: int, more: str = ""
) -> Picture | None:
    """A picture made small; ``None`` where its file is missing or broken."""
    if image is None:
        return None
    is_drawing = image.is_svg()
    try:
        found = image.get_rendition(f"max-{width}x{height}{'' if is_drawing else more}")
    except (SourceImageIOError, InvalidFilterSpecError, OSError, ValueError):
        return None
    if not found.width or not found.height:
        return None
    kind = "image/svg+xml" if is_drawing else "image/png" if more else ""
    return Picture(found.url, found.width, found.height, kind)


def connect() -> None:
    """Forget what is kept when an appearance changes."""
    for signal in (post_save, post_delete):
        signal.connect(_forget, sender=Appearance, dispatch_uid="helpdesk_appearance")


def _forget(instance: Appearance, **kwargs: Any) -> None:
    key = _KEY.format(instance.site_id)
    transaction.on_commit(partial(cache.delete, key))
