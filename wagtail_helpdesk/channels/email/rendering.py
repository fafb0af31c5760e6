"""From a template and a site's own text to the two bodies of a mail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import css_inline
from django.template.loader import render_to_string
from django.utils.translation import get_language_bidi

from wagtail_helpdesk.channels.email.languages import language_tag, text_languages
from wagtail_helpdesk.models import EmailTemplate
from wagtail_helpdesk.sanitise import text_to_html

_TOKEN = re.compile(r"\{([a-z_]+)\}")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")
# Rules in media queries cannot be inlined; without them there is no dark mode.
_inliner = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class Body:
    """The two forms of one mail's body."""

    text: str
    html: str


def own_text(key: EmailTemplate.Key, language: str) -> EmailTemplate | None:
    """What the site wrote itself in place of a packaged text, or ``None``.

    Args:
        key: Which mail.
        language: The reader's language.
    """
    languages = text_languages(language)
    found = {
        template.locale.language_code: template
        for template in EmailTemplate.objects.filter(
            key=key, locale__language_code__in=languages
        ).select_related("locale")
    }
    for code in languages:
        if code in found:
            return found[code]
    return None


def filled(text: str, values: Mapping[str, str]) -> str:
    """A site's own text with its tokens replaced; an unknown token stays as it is.

    All at once, so that a value which looks like a token is not replaced again.
    """
    return _TOKEN.sub(lambda found: values.get(found[1], found[0]), text)


def render(
    kind: str,
    context: Mapping[str, Any],
    *,
    language: str,
    template: EmailTemplate | None = None,
    values: Mapping[str, str] | None = None,
) -> Body:
    """Render both bodies in the language that is active.

    Args:
        kind: Name of the templates, such as ``reply``.
        context: Their variables.
        language: The active language's code.
        template: The site's own text, which replaces the packaged one.
        values: What its tokens stand for.
    """
    variables = {
        **context,
        "language_tag": language_tag(language),
        "direction": "rtl" if get_language_bidi() else "ltr",
    }
    if template is not None:
        text = filled(template.body, values or {})
        variables["own_text"] = text
        variables["own_text_html"] = text_to_html(text, fold=False)
        variables["link_in_text"] = "{link}" in template.body
    name = f"wagtail_helpdesk/email/{kind}"
    text_body = render_to_string(f"{name}.txt", variables).strip() + "\n"
    html_body = _inliner.inline(render_to_string(f"{name}.html", variables))
    return Body(text=_BLANK_LINES.sub("\n\n", text_body), html=html_body)
