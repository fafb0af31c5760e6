"""What a site's base template offers: its blocks and landmarks.

The layout asks so that a page has one ``main``, one banner and one style sheet,
whatever it stands in; the system checks ask so that a wrong base is named early.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template import Template, TemplateDoesNotExist, loader
from django.template.base import Node, TextNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode


@dataclass(frozen=True)
class BaseTemplate:
    """Facts about a base template, gathered from its whole ``extends`` chain.

    Attributes:
        name: The template's name.
        blocks: Names of the blocks it defines.
        has_main: Whether it has a ``main`` element.
        has_header: Whether it has a ``header`` element.
        has_footer: Whether it has a ``footer`` element.
        has_lang: Whether its ``html`` element has a ``lang`` attribute.
        has_skip_link: Whether it has a link to skip to the content.
    """

    name: str
    blocks: frozenset[str]
    has_main: bool
    has_header: bool
    has_footer: bool
    has_lang: bool
    has_skip_link: bool

    @property
    def has_extra_css(self) -> bool:
        """Whether style sheets can go into the head."""
        return "extra_css" in self.blocks

    @property
    def has_extra_js(self) -> bool:
        """Whether scripts have a place of their own."""
        return "extra_js" in self.blocks


def _constant(expression: object) -> str | None:
    """The literal text of a template expression, or ``None`` for a variable."""
    value = getattr(expression, "var", None)
    return str(value) if isinstance(value, str) else None


def _load(name: str) -> Template:
    """The template itself; Django's loader hands out a wrapper of its backend."""
    wrapper: Any = loader.get_template(name)
    template: Template = wrapper.template
    return template


def _nodes(template: Template) -> Iterator[Node]:
    """All nodes of a template, its parents and what it includes by a fixed name."""
    pending, seen = [template], set()
    while pending:
        current = pending.pop()
        if current.name in seen:
            continue
        seen.add(current.name)
        for node in current.nodelist.get_nodes_by_type(Node):
            yield node
            if isinstance(node, ExtendsNode):
                if name := _constant(node.parent_name):
                    pending.append(_load(name))
            elif isinstance(node, IncludeNode) and (name := _constant(node.template)):
                try:
                    pending.append(_load(name))
                except TemplateDoesNotExist:
                    continue  # May stand in a branch that is never taken.


def read_base_template(name: str) -> BaseTemplate:
    """Read what a base template offers.

    Args:
        name: The template's name, as in ``WAGTAIL_HELPDESK["BASE_TEMPLATE"]``.

    Returns:
        Its blocks and landmarks.

    Raises:
        django.template.TemplateDoesNotExist: No such template.
    """
    blocks, text = set(), []
    for node in _nodes(_load(name)):
        if isinstance(node, BlockNode):
            blocks.add(node.name)
        elif isinstance(node, TextNode):
            text.append(node.s)
    html = "".join(text).lower()
    # ``lang`` may be followed by a template tag, so the value is not looked at.
    return BaseTemplate(
        name=name,
        blocks=frozenset(blocks),
        has_main=bool(re.search(r"<main[\s>]|role=[\"']?main", html)),
        has_header=bool(re.search(r"<header[\s>]|role=[\"']?banner", html)),
        has_footer=bool(re.search(r"<footer[\s>]|role=[\"']?contentinfo", html)),
        has_lang=bool(re.search(r"<html[^>]*\slang=", html)),
        has_skip_link=bool(
            re.search(
                r"<a[^>]*(skip[^>]*href=\"#|href=\"#[^>]*skip)|"
                r"<a[^>]*href=\"#[^>]*>\s*skip",
                html,
            )
        ),
    )


_cached = lru_cache(maxsize=16)(read_base_template)


def base_template(name: str) -> BaseTemplate:
    """The same, remembered between requests, except while developing.

    Args:
        name: The template's name.

    Returns:
        Its blocks and landmarks.
    """
    return read_base_template(name) if settings.DEBUG else _cached(name)
