"""Loads all sizes of all pictures of an article at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage


def pictures_in(value: Any) -> Iterator[AbstractImage]:
    """Every picture in a block's value, however deep it lies.

    Args:
        value: The value of a StreamField or of any block.
    """
    if isinstance(value, AbstractImage):
        yield value
    elif isinstance(value, StreamValue):
        for child in value:
            yield from pictures_in(child.value)
    elif isinstance(value, StructValue):
        for child in value.values():
            yield from pictures_in(child)
    elif isinstance(value, ListValue):
        for child in value:
            yield from pictures_in(child)


#: So many pictures are left to Wagtail, which keeps their sizes in its cache.
_FEW = 3


def load_renditions(value: Any) -> None:
    """Fetch the renditions of many pictures in one query, not one per picture.

    Args:
        value: The value that is about to be rendered.
    """
    pictures = list(pictures_in(value))
    if len(pictures) > _FEW:
        renditions = get_image_model().get_rendition_model().objects.all()
        prefetch_related_objects(pictures, Prefetch("renditions", renditions))
