"""The HTML of a thread's entries, filled in without the template engine.

A ticket's page has twenty messages and more changes; the engine takes longer over them
than the database over finding them. Each value is escaped on its way in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext, pgettext

from wagtail_helpdesk.templatetags.helpdesk_admin_tags import short_times
from wagtail_helpdesk.templatetags.helpdesk_tags import hd_iso, hd_time_text

if TYPE_CHECKING:
    from wagtail_helpdesk.admin.thread import EventEntry, MessageEntry
    from wagtail_helpdesk.models import Event

#: The ``li`` and its ``article`` stay open: the template adds what else it carries.
_MESSAGE = """\
<li class="hdw-message hdw-message--{look}" id="message-{public_id}">
<article aria-labelledby="by-{public_id}">
<header class="hdw-message__head">
<p id="by-{public_id}"><strong dir="auto">{author}</strong> \
<span class="hdw-label{note}">{label}</span>{new}{channel}</p>
<a class="hdw-message__when" href="#message-{public_id}"><time class="hd-time" \
datetime="{iso}"><bdi>{time}</bdi></time></a>
</header>
<div class="hdw-message__body" dir="auto">{body}</div>
"""
_NEW = ' <span class="hdw-label hdw-label--new">{}</span>'
_CHANNEL = ' <span class="hdw-dim" dir="auto">{}</span>'
_MAIL = "<li><bdi>{}</bdi>: {}</li>"
_EVENT = """\
<li><bdi>{actor}</bdi> <bdi>{text}</bdi> <span class="hdw-dim"><time datetime="{iso}" \
title="{time}"><bdi>{when}</bdi></time></span></li>"""


def message_html(entry: MessageEntry) -> SafeString:
    """A message from its ``li`` to the end of its text."""
    at, channel, is_note = entry.at, entry.channel, entry.is_note
    new = _NEW.format(escape(pgettext("message", "New"))) if entry.is_new else ""
    # Everything that is put into the shape is escaped or made by us; the body is safe.
    return mark_safe(  # noqa: S308
        _MESSAGE.format(
            look=escape(entry.look),
            public_id=escape(entry.message.public_id),
            author=escape(entry.author),
            note=" hdw-label--note" if is_note else "",
            label=escape(entry.label),
            new=new,
            channel=_CHANNEL.format(escape(channel)) if channel else "",
            iso=hd_iso(at),
            time=escape(hd_time_text(at)),
            body=conditional_escape(entry.body),
        )
    )


def mails_html(mails: Iterable[tuple[str, str]]) -> SafeString:
    """What became of a message's mails: pairs of an address and a word."""
    items = [_MAIL.format(escape(address), escape(word)) for address, word in mails]
    html = f'<ul class="hdw-mails">{"".join(items)}</ul>' if items else ""
    return mark_safe(html)  # noqa: S308  (as above)


def events_html(entry: EventEntry) -> SafeString:
    """Changes between two messages; more than two are folded."""
    when = short_times()
    lines = "".join(_event_html(event, text, when) for event, text in entry.lines)
    html, number = f"<ul>{lines}</ul>", len(entry.events)
    if number > 2:
        text = ngettext("%(counter)s change", "%(counter)s changes", number)
        summary = escape(text % {"counter": number})
        html = f"<details><summary>{summary}</summary>{html}</details>"
    return mark_safe(f'<li class="hdw-events">{html}</li>')  # noqa: S308  (as above)


def _event_html(event: Event, text: str, when: Callable[[datetime], str]) -> str:
    at = event.created_at
    return _EVENT.format(
        actor=escape(event.actor_name),
        text=escape(text),
        iso=hd_iso(at),
        time=escape(hd_time_text(at)),
        when=escape(when(at)),
    )


def options_html(choices: Iterable[tuple[Any, Any]], chosen: str) -> SafeString:
    """The options of a ``select``.

    Args:
        choices: Pairs of a value and its label.
        chosen: The value that is selected, as text.
    """
    options = []
    for key, label in choices:
        value = str(key)
        mark = " selected" if value == chosen else ""
        options.append(
            f'<option value="{escape(value)}"{mark}>{escape(str(label))}</option>'
        )
    return mark_safe("".join(options))  # noqa: S308  (as above)
