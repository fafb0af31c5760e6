"""Show what people wrote: ``{{ message|message_body }}``."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from wagtail_helpdesk.models import Message
from wagtail_helpdesk.sanitise import clean_html, text_to_html

register = template.Library()


@register.filter
def message_body(message: Message) -> SafeString:
    """The body of a message as safe HTML: what was sent as HTML, else its text.

    Args:
        message: Any message or note.
    """
    if message.body_html:
        return clean_html(message.body_html)
    return text_to_html(message.body_text)
