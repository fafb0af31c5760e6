"""Template tags of the public pages: the frame, form fields, times, small numbers."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from html import unescape
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms import BoundField
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.models import Page

from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.frontend import Frame, frame
from wagtail_helpdesk.headers import mark_page
from wagtail_helpdesk.system_pages import (
    account_view,
    current_system_page,
    is_entrance,
    system_page,
    system_page_of_view,
)

register = template.Library()

_TIME = '<time class="hd-time" datetime="{}"><bdi>{}</bdi></time>'


@register.simple_tag(takes_context=True)
def hd_frame(context: Context) -> Frame | None:
    """The frame of this page: the view's, or a new one for a view of another app.

    Usage: ``{% hd_frame as hd %}``.
    """
    found = context.get("hd")
    if found is not None:
        return found
    request = context.get("request")
    if request is None:
        return None
    page = context.get("page")
    return frame(request, page=page if isinstance(page, Page) else None)


@register.simple_tag(takes_context=True)
def hd_assets_are_linked(context: Context) -> str:
    """Note on the request that this page has the style sheet and script.

    A support form on a page of the site's own links them by itself.
    """
    request = context.get("request")
    if request is not None:
        request.helpdesk_assets = True
    return ""


@register.simple_tag(takes_context=True)
def hd_system_page(context: Context, kind: str = "") -> Any | None:
    """What editors have written for this view, or for a kind of system page.

    Usage: ``{% hd_system_page as system_page %}`` on a page of the sign-in.

    Args:
        context: The template context.
        kind: One of ``SystemPageKind``; empty: the one of the view that answers.
    """
    request = context.get("request")
    if request is None:
        return None
    return system_page(request, kind) if kind else system_page_of_view(request)


@register.simple_tag(takes_context=True)
def hd_form_action(context: Context, action: str) -> str:
    """Where a form of the sign-in is sent to: its system page, so that errors stay in.

    Args:
        context: The template context.
        action: Where it would be sent to.
    """
    request = context.get("request")
    page = current_system_page(request) if request is not None else None
    view = account_view(page.kind) if page is not None else None
    is_own = view is not None and action.strip() == view[0]
    return request.path if request is not None and is_own else action


@register.simple_tag(takes_context=True)
def hd_page_of_ours(context: Context) -> str:
    """Note on the request that the help desk makes this page, for its headers."""
    request = context.get("request")
    if request is not None:
        mark_page(request)
    return ""


@register.simple_tag(takes_context=True)
def hd_render_block(context: Context, name: str) -> str:
    """Render a block of this template in another place.

    A host template without ``extra_css`` never renders what stands in that block; the
    adapter puts it at the top of the page instead.

    Args:
        context: The template context.
        name: The block's name.
    """
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    node = blocks.get_block(name) if blocks is not None else None
    return node.render(context) if node is not None else ""


@register.simple_block_tag
def hd_capture(content: str) -> str:
    """Keep what stands between the tags in a variable.

    Usage: ``{% hd_capture as name %}…{% endhd_capture %}``.

    Args:
        content: What was rendered.
    """
    return content


_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, ""),
    (forms.RadioSelect, ""),
    (forms.CheckboxInput, "hd-check"),
    (forms.Textarea, "hd-input hd-textarea"),
    (forms.Select, "hd-input hd-select"),
    (forms.FileInput, "hd-input hd-file"),
    (forms.widgets.DateTimeBaseInput, "hd-input hd-short"),
    (forms.widgets.Input, "hd-input"),
)
_NO_DIRECTION = (forms.NumberInput, forms.PasswordInput, forms.HiddenInput)


@register.simple_tag
def hd_widget(
    field: BoundField, *, no_placeholder: bool | str = False, **attrs: Any
) -> SafeString:
    """Render a field's input with the class, direction and names it needs.

    Django itself adds ``aria-invalid`` and ``aria-describedby``.

    Args:
        field: A bound field of any form.
        no_placeholder: Leave out a placeholder that only repeats the label.
        attrs: More HTML attributes; an underscore stands for a hyphen.
    """
    widget = field.field.widget
    html: dict[str, Any] = {
        key.replace("_", "-"): value for key, value in attrs.items() if value
    }
    for widget_type, css_class in _CLASSES:
        if isinstance(widget, widget_type):
            own = widget.attrs.get("class", "")
            if names := f"{own} {css_class}".strip():
                html["class"] = names
            break
    typed = (forms.TextInput, forms.EmailInput, forms.URLInput, forms.Textarea)
    if isinstance(widget, typed) and not isinstance(widget, _NO_DIRECTION):
        html["dir"] = "auto"
    if widget.attrs.get("autocomplete") == "one-time-code":
        # A code is read letter by letter, and never a word to correct or capitalise.
        html["class"] = f"{html['class']} hd-code"
        html.update({"dir": "ltr", "autocapitalize": "off", "spellcheck": "false"})
    # What the form's author wrote on the widget wins over our defaults.
    html.update({k: v for k, v in widget.attrs.items() if k != "class"})
    if no_placeholder:
        html["placeholder"] = False
    return field.as_widget(attrs=html)


@register.filter
def hd_kind(field: BoundField) -> str:
    """Which markup a field needs: hidden, check, group, file or input."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if widget.use_fieldset:
        return "group"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "input"


@register.filter
def hd_anchor(field: BoundField) -> str:
    """The id that a link to a field leads to: its input, or its first choice."""
    if field.id_for_label:
        return field.id_for_label
    return f"{field.auto_id}_0"


@register.filter
def hd_heading(page: str, otherwise: str = "") -> str:
    """The text of a page's ``h1``, so that its title reads the same.

    Args:
        page: The page's HTML.
        otherwise: Used when it has no ``h1``.
    """
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    text = unescape(strip_tags(found.group(1) if found else otherwise))
    return " ".join(text.split())


@register.simple_tag(takes_context=True)
def hd_is_entrance(context: Context) -> bool:
    """Whether the page asks a visitor to sign in; see ``system_pages.is_entrance``."""
    request = context.get("request")
    return request is not None and is_entrance(request)


@register.filter
def hd_has_errors(form: forms.BaseForm | None) -> bool:
    """Whether a form was sent and is wrong; an unbound form is not."""
    return bool(form is not None and form.is_bound and form.errors)


@register.simple_tag
def hd_upload_limits() -> dict[str, Any]:
    """The limits of attached files: ``files``, ``bytes``, ``total`` and ``accept``."""
    endings = helpdesk_settings.ALLOWED_UPLOAD_EXTENSIONS
    return {
        "files": helpdesk_settings.MAX_UPLOAD_FILES,
        "bytes": helpdesk_settings.MAX_UPLOAD_BYTES,
        "total": helpdesk_settings.MAX_UPLOAD_TOTAL_BYTES,
        "accept": ",".join(f".{ending}" for ending in endings),
    }


@register.filter
def hd_time_text(value: datetime.datetime | datetime.date | None) -> str:
    """An absolute time in the active language and zone, with the zone's short name.

    A plain date has neither time nor zone.
    """
    if value is None:
        return ""
    if not isinstance(value, datetime.datetime):
        return date_format(value, "DATE_FORMAT")
    if timezone.is_naive(value):
        return _clock_text(value, get_language())
    local = timezone.localtime(value)
    clock = local.replace(tzinfo=None, microsecond=0)
    return f"{_clock_text(clock, get_language())} {local.tzname()}"


@lru_cache(maxsize=4096)
def _clock_text(clock: datetime.datetime, language: str | None) -> str:
    """A time without its zone; kept, since formatting costs more than a message.

    Args:
        clock: What the reader's clock showed.
        language: The active language.
    """
    lacks_both = get_format("DATETIME_FORMAT") == settings.DATETIME_FORMAT
    if lacks_both and get_format("DATE_FORMAT") != settings.DATE_FORMAT:
        # Django knows the dates of this language, such as Arabic, but not how they
        # stand beside a time: it would take the English order for both.
        date = date_format(clock, "DATE_FORMAT")
        return f"{date} {date_format(clock, 'TIME_FORMAT')}"
    return date_format(clock, "DATETIME_FORMAT")


@register.filter
def hd_iso(value: datetime.datetime | datetime.date | None) -> str:
    """The same time for machines, in ISO 8601 (``<time datetime>``)."""
    return (
        value.isoformat(timespec="seconds")
        if isinstance(value, datetime.datetime)
        else (value.isoformat() if value else "")
    )


@register.filter
def hd_time(value: datetime.datetime | datetime.date | None) -> SafeString:
    """The same time for readers and machines, as a ``<time>`` element."""
    if value is None:
        return SafeString("")
    return format_html(_TIME, hd_iso(value), hd_time_text(value))


@register.filter
def hd_extension(name: str) -> str:
    """A file's ending in capitals, such as ``PDF``, as a visible hint of its type."""
    stem, dot, ending = name.rpartition(".")
    return ending.upper()[:5] if dot and stem else ""


@register.filter
def hd_initials(name: str) -> str:
    """One or two letters that stand for a person beside a message."""
    words = [word for word in name.split() if word[:1].isalnum()]
    letters = [
        word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
    ]
    return "".join(letters).upper()
