"""The words of the demo that are not articles, by language."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from example_site.demo.articles import CONTENT

SOURCE = "en"
#: Languages the demo is translated into; their folders lie in ``content/``.
TRANSLATIONS = ("es", "pt-br")
LANGUAGES = (SOURCE, *TRANSLATIONS)


@cache
def words(language: str) -> dict[str, Any]:
    """What ``content/<language>/site.toml`` says."""
    path = CONTENT / language / "site.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
