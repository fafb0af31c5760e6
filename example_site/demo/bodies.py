"""Turns an article's nodes into what the page's StreamField stores."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from example_site.demo.articles import Node

#: Blocks get the same ids in every language, so that translations can be matched.
_NAMESPACE = uuid.UUID("5f1b3c1e-4a3e-4c57-9c63-6f1e2f7f5a10")


def block_id(*parts: object) -> str:
    """The id of a block, always the same for the same place."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(map(str, parts))))


def article_body(
    slug: str,
    nodes: list[Node],
    *,
    images: Mapping[str, int],
    documents: Mapping[str, int],
) -> list[dict[str, Any]]:
    """The raw value of an article's body.

    Args:
        slug: The article, for the ids of its blocks.
        nodes: Its body.
        images: Ids of images by name.
        documents: Ids of documents by name.
    """
    body = []
    for index, node in enumerate(nodes):
        value: Any = dict(node.value)
        if node.kind == "text":
            value = value["html"]
        elif node.kind == "steps":
            value = [
                {
                    "type": "item",
                    "id": block_id(slug, index, place),
                    "value": {"text": text, "image": _image(None, "")},
                }
                for place, text in enumerate(value["steps"])
            ]
        elif node.kind == "code":
            value = _code(value)
        elif node.kind == "table":
            value = {
                "data": value["rows"],
                "table_header_choice": "row",
                "first_row_is_table_header": True,
                "first_col_is_header": False,
                "table_caption": "",
            }
        elif node.kind == "image":
            value = {
                "image": _image(images[value["name"]], value["alt"]),
                "caption": value["caption"],
            }
        elif node.kind == "file":
            value = {"document": documents[value["target"]], "title": value["title"]}
        elif node.kind == "video":
            poster = images["video-poster"]
            value = {
                "url": value["target"],
                "title": value["title"],
                "poster": poster,
            }
        body.append({"type": node.kind, "value": value, "id": block_id(slug, index)})
    return body


def _image(pk: int | None, alt: str) -> dict[str, Any]:
    return {"image": pk, "alt_text": alt, "decorative": False}


def _code(value: dict[str, Any]) -> dict[str, Any]:
    language = "text" if value["language"] == "csv" else value["language"]
    return {"language": language, "title": "", "code": value["code"]}
