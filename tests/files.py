"""Small files for tests."""

from __future__ import annotations

from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image

#: The smallest picture there is: one transparent pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000005000142a0d4190000000049454e44ae426082"
)


def text_file(text: str, name: str = "file.txt") -> ContentFile:
    """A text file with this text."""
    return ContentFile(text.encode(), name=name)


def png_file(name: str = "picture.png") -> ContentFile:
    """A picture."""
    return ContentFile(PNG, name=name)


def drawn_file(name: str = "picture.png") -> ContentFile:
    """A picture that can be made smaller."""
    buffer = BytesIO()
    Image.new("RGB", (200, 100), "teal").save(buffer, "PNG")
    return ContentFile(buffer.getvalue(), name=name)
