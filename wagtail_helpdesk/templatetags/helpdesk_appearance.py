"""Template tags for the site's appearance, in any base template."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wagtail_helpdesk.appearance.current import Picture
from wagtail_helpdesk.templatetags.helpdesk_tags import hd_frame

register = template.Library()

_NOTHING = SafeString("")


@register.simple_tag(takes_context=True)
def hd_theme_link(context: Context) -> SafeString:
    """The link to the style sheet of the site's appearance, if it has one.

    Args:
        context: The template context.
    """
    frame = hd_frame(context)
    url = frame.theme_url if frame is not None else ""
    return format_html('<link rel="stylesheet" href="{}">', url) if url else _NOTHING


@register.simple_tag(takes_context=True)
def hd_logo(context: Context, css_class: str = "hd-logo") -> SafeString:
    """The site's logo, in light and dark; nothing where there is none.

    Usage: ``{% hd_logo %}``, or ``{% hd_logo css_class="header__logo" %}``. Its text is
    empty where the site's name stands beside it.

    Args:
        context: The template context.
        css_class: The class of the image.
    """
    frame = hd_frame(context)
    if frame is None:
        return _NOTHING
    theme, scheme = frame.theme, frame.color_scheme
    light = theme.logo or theme.logo_dark
    dark = theme.logo_dark or theme.logo
    if light is None or dark is None:
        return _NOTHING
    alt = theme.logo_alt or ("" if theme.show_name else frame.site_name)
    shown = dark if scheme == "dark" else light
    image = format_html(
        '<img class="{}" src="{}" width="{}" height="{}" alt="{}">',
        css_class,
        shown.url,
        shown.width,
        shown.height,
        alt,
    )
    if scheme or light == dark:
        return image
    return format_html("<picture>{}{}</picture>", _dark_source(dark), image)


def _dark_source(picture: Picture) -> SafeString:
    return format_html(
        '<source media="(prefers-color-scheme: dark)" srcset="{}" '
        'width="{}" height="{}">',
        picture.url,
        picture.width,
        picture.height,
    )


@register.simple_tag(takes_context=True)
def hd_favicon(context: Context) -> SafeString:
    """The link to the icon of the browser's tab: the site's, or the package's own.

    Args:
        context: The template context.
    """
    frame = hd_frame(context)
    icon = frame.theme.favicon if frame is not None else None
    if icon is None:
        own = static("wagtail_helpdesk/img/favicon.svg")
        return format_html('<link rel="icon" href="{}" type="image/svg+xml">', own)
    return format_html(
        '<link rel="icon" href="{}" type="{}">', icon.url, icon.content_type
    )
