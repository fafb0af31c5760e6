"""What people wrote, made safe to show: done whenever it is shown, raw text is kept.

An update of the rules so protects old messages too. Three layers stand behind each
other: this module, the pages' content security policy, and private storage for files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import groupby

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

#: Text beyond this is cut: the sanitiser's time grows with its input.
MAX_LENGTH = 2_000_000
#: An image inside the text may be this long, in characters of its ``data:`` address.
MAX_DATA_IMAGE = 200_000

_TAGS = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "caption", "code"),
        *("col", "colgroup", "dd", "del", "div", "dl", "dt", "em", "h1", "h2"),
        *("h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "ol"),
        *("p", "pre", "q", "s", "samp", "small", "span", "strong", "sub", "sup"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
    )
)
# These go together with what is in them: code, or text a browser would parse as code.
_TAGS_WITH_CONTENT = frozenset(
    (
        *("script", "style", "svg", "math", "template", "noscript", "iframe"),
        *("object", "embed", "applet", "frameset", "noframes", "noembed"),
        *("select", "title", "audio", "video"),
    )
)
# No id, class or name: they would let a message pose as a part of our page.
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"dir", "lang", "title", "style"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "data"}
_LINK = re.compile(r"^(?:https?://|mailto:|tel:)", re.IGNORECASE)
_DATA_IMAGE = re.compile(
    r"^data:image/(?:png|jpe?g|gif|webp);base64,[a-z0-9+/=\s]+$", re.IGNORECASE
)
_NUMBER = re.compile(r"^\d{1,4}%?$")
_STYLE_PROPERTIES = frozenset(
    (
        *("background-color", "border", "border-color", "border-style"),
        *("border-width", "color", "direction", "font-family", "font-size"),
        *("font-style", "font-weight", "letter-spacing", "line-height"),
        *("list-style-type", "padding", "text-align", "text-decoration"),
        *("text-indent", "vertical-align", "white-space", "width"),
    )
)
# A value of plain words, numbers and colours: no address, no function but a colour.
_STYLE_VALUE = re.compile(
    r"^(?:rgba?\([\d\s.,%/]+\)|hsla?\([\d\s.,%/deg]+\)|[\w\s.,%#'\"-])+$", re.ASCII
)


def _safe_style(style: str) -> str:
    """The declarations of a style attribute that do nothing but change the look."""
    kept = []
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        known = name in _STYLE_PROPERTIES and len(value) <= 100
        if colon and known and _STYLE_VALUE.match(value):
            kept.append(f"{name}: {value}")
    return "; ".join(kept)


def _attribute(tag: str, attribute: str, value: str) -> str | None:
    """Decide on one attribute; ``None`` drops it."""
    if attribute == "style":
        return _safe_style(value) or None
    if attribute == "href":
        return value if _LINK.match(value.strip()) else None
    if attribute == "src":
        # A remote image tells its sender who reads the mail, when and where.
        is_image = len(value) <= MAX_DATA_IMAGE and _DATA_IMAGE.match(value.strip())
        return value if is_image else None
    if attribute in {"width", "height", "start", "colspan", "rowspan", "span"}:
        return value if _NUMBER.match(value.strip()) else None
    if attribute == "dir":
        return value if value.strip().lower() in {"ltr", "rtl", "auto"} else None
    return value


@cache
def _cleaner(styles: bool) -> nh3.Cleaner:
    """The rules, made ready once: that takes longer than cleaning a short mail."""
    generally = _ATTRIBUTES["*"] if styles else _ATTRIBUTES["*"] - {"style"}
    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=set(_TAGS_WITH_CONTENT),
        attributes={**_ATTRIBUTES, "*": generally},
        attribute_filter=_attribute,
        strip_comments=True,
        link_rel="nofollow noopener noreferrer ugc",
        url_schemes=set(_SCHEMES),
        url_relative="deny",
    )


def clean_html(html: str, *, styles: bool = False) -> SafeString:
    """Make HTML that somebody sent safe to put into a page.

    Remote and relative addresses are dropped from images, relative ones from links,
    and links tell the other side nothing about the page they stood on.

    Args:
        html: Any text at all.
        styles: Keep style attributes, their values filtered. For a document of its
            own, such as a mail in a sandboxed frame; the pages' content security
            policy forbids them.

    Returns:
        Well-formed HTML without anything that runs, loads or poses as our page.
    """
    cleaned = _cleaner(styles).clean(html[:MAX_LENGTH].replace("\x00", ""))
    # The one place where HTML of others becomes safe; nh3 has just made it so.
    return mark_safe(cleaned)  # noqa: S308


_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"'`\\^{}|\x00-\x1f\x7f-\x9f]{1,2000}", re.I)
_AFTER = ".,:;!?*_~…»”’"
_BRACKETS = {")": "(", "]": "["}
_QUOTE = re.compile(r"^\s{0,3}>")
#: Quoted text of fewer lines stands open: it is part of what is said.
MIN_FOLDED_LINES = 4
# Characters that re-order what is around them: an address could pose as another.
_OVERRIDES = re.compile("[\u202a-\u202e\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def _split_address(found: str) -> tuple[str, str]:
    """The address, and the punctuation behind it that belongs to the sentence."""
    end = len(found)
    while end:
        last = found[end - 1]
        opening = _BRACKETS.get(last)
        open_before = found.count(opening, 0, end) if opening else end
        if last not in _AFTER and found.count(last, 0, end) <= open_before:
            break
        end -= 1
    return found[:end], found[end:]


def _linked(text: str) -> str:
    """One line, escaped, its addresses turned into links."""
    if "://" not in text:
        return escape(text)
    pieces = []
    position = 0
    for match in _ADDRESS.finditer(text):
        address, rest = _split_address(match.group())
        pieces.append(escape(text[position : match.start()]))
        escaped = escape(address)
        if len(address) > len("https://"):
            escaped = (
                f'<a href="{escaped}" '
                f'rel="nofollow noopener noreferrer ugc">{escaped}</a>'
            )
        pieces += (escaped, escape(rest))
        position = match.end()
    return "".join(pieces) + escape(text[position:])


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Paragraphs of the lines; an empty line parts two."""
    paragraph: list[str] = []
    for line in [*lines, ""]:
        if line and not line.isspace():
            paragraph.append(_linked(line))
        elif paragraph:
            yield f'<p dir="auto">{"<br>".join(paragraph)}</p>'
            paragraph = []


def _unquoted(line: str) -> str:
    return _QUOTE.sub("", line, count=1).removeprefix(" ")


def text_to_html(text: str, *, fold: bool = True) -> SafeString:
    """Show plain text as it was written: paragraphs, line breaks, links.

    Args:
        text: Plain text.
        fold: Put longer quoted text (lines that begin with ``>``) behind a control;
            it is never left out. Off for mails, whose programs do not know that.

    Returns:
        Paragraphs, each in the direction of its own text.
    """
    text = _OVERRIDES.sub("", text[:MAX_LENGTH].replace("\r\n", "\n"))
    pieces: list[str] = []
    all_lines = text.split("\n")
    if ">" not in text:
        return mark_safe("".join(_paragraphs(all_lines)))  # noqa: S308  (escaped)
    for is_quote, group in groupby(all_lines, key=lambda x: bool(_QUOTE.match(x))):
        lines = list(group)
        if not is_quote:
            pieces.extend(_paragraphs(lines))
            continue
        inner = "".join(_paragraphs([_unquoted(line) for line in lines]))
        quote = f"<blockquote>{inner}</blockquote>"
        if fold and len(lines) >= MIN_FOLDED_LINES:
            label = escape(_("Quoted text"))
            quote = (
                f'<details class="hd-quote"><summary>{label}</summary>{quote}</details>'
            )
        pieces.append(quote)
    # Every character of the text went through escape().
    return mark_safe("".join(pieces))  # noqa: S308
