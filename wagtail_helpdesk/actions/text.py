"""Cleaning of what people type, before it is stored."""

from __future__ import annotations

import re
import unicodedata

#: Bidirectional embeddings, overrides and isolates: they re-order text around them,
#: so that a name or file name can pose as another (Unicode TR 36, section 3.2).
BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Text of several lines without control characters, with ``\\n`` line ends.

    Right-to-left marks stay: the text is shown in a block of its own direction.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SURROGATES.sub("\ufffd", text)
    return _CONTROLS.sub("", text).strip()


def clean_line(text: str, max_length: int = 255) -> str:
    """One line: no control characters, no bidirectional overrides, single spaces.

    Args:
        text: What was typed.
        max_length: In characters; a longer line is cut and ends in an ellipsis.
    """
    text = _SURROGATES.sub("\ufffd", text)
    text = unicodedata.normalize("NFC", BIDI_CONTROLS.sub("", text))
    text = _CONTROLS.sub(" ", text.replace("\t", " "))
    text = " ".join(text.split())
    if len(text) > max_length:
        text = text[: max_length - 1].rstrip() + "…"
    return text


def subject_from(subject: str, body: str) -> str:
    """The subject, else the first line of the body: no ticket is without one (L14)."""
    subject = clean_line(subject)
    if subject:
        return subject
    for line in clean_text(body).splitlines():
        if line.strip():
            return clean_line(line, 100)
    return ""
