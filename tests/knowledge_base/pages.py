"""Reads the pages as a browser would."""

from __future__ import annotations

import json
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client


def get(url: str, *, user: Any = None, status: int = 200) -> BeautifulSoup:
    """The page at ``url``, as ``user`` sees it."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(url)
    assert response.status_code == status, response.content[:400]
    return BeautifulSoup(response.content.decode(), "html.parser")


def words(tag: Tag | None) -> str:
    """The text of an element with single spaces."""
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


def main(soup: BeautifulSoup) -> Tag:
    """What stands in the page's main part."""
    found = soup.select_one("#hd-main")
    assert found is not None
    return found


def linked_data(soup: BeautifulSoup) -> list[dict[str, Any]]:
    """The page's JSON-LD."""
    script = soup.find("script", type="application/ld+json")
    if script is None:
        return []
    data = json.loads(script.string)
    return data if isinstance(data, list) else [data]
