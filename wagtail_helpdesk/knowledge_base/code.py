"""Colours program code on the server, so that it needs no script."""

from __future__ import annotations

from functools import lru_cache

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

LANGUAGES: dict[str, str | Promise] = {
    "text": _("Plain text"),
    "bash": "Shell",
    "console": _("Terminal session"),
    "powershell": "PowerShell",
    "css": "CSS",
    "csharp": "C#",
    "diff": "Diff",
    "django": _("Django template"),
    "go": "Go",
    "html": "HTML",
    "http": "HTTP",
    "ini": _("INI file"),
    "java": "Java",
    "javascript": "JavaScript",
    "json": "JSON",
    "php": "PHP",
    "python": "Python",
    "ruby": "Ruby",
    "rust": "Rust",
    "sql": "SQL",
    "typescript": "TypeScript",
    "xml": "XML",
    "yaml": "YAML",
}
"""Names that Pygments knows, with what readers see."""


def language_choices() -> list[tuple[str, str | Promise]]:
    """The languages as choices of a block."""
    return list(LANGUAGES.items())


@lru_cache(maxsize=256)
def highlighted(code: str, language: str) -> SafeString:
    """Mark the words of a program with classes that the style sheet colours.

    Args:
        code: The program, as typed.
        language: A key of ``LANGUAGES``; anything else is plain text.

    Returns:
        HTML in which everything of ``code`` is escaped. The classes are Pygments' own
        with ``hd-c-`` before them.
    """
    lexer = get_lexer_by_name(
        language if language in LANGUAGES else "text", stripnl=False, ensurenl=False
    )
    formatter = HtmlFormatter(nowrap=True, classprefix="hd-c-")
    # Pygments escapes the code; there is no other way into its output.
    return mark_safe(highlight(code.rstrip(), lexer, formatter).rstrip("\n"))  # noqa: S308
