"""The field that holds an article's body."""

from __future__ import annotations

from typing import Any

from wagtail.fields import StreamField


class ArticleBodyField(StreamField):
    """A StreamField whose blocks are left out of migrations.

    So a new kind of block, or another label on one, needs no migration, here or in a
    site that passes blocks of its own. The price: a data migration sees a body without
    blocks, and must read and write the column itself instead of the field.
    """

    def deconstruct(self) -> Any:
        """Describe the field for a migration, without its blocks."""
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs
