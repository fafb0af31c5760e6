"""Every URL pattern that is ours, or is Wagtail's over one of our models."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

OURS = ("wagtail_helpdesk", "helpdesk_knowledge_base", "helpdesk_portal")


class Pattern(NamedTuple):
    """A URL pattern.

    Attributes:
        name: With its namespaces, such as ``wagtail_helpdesk_admin:ticket``; for a
            pattern without a name, its route.
        route: As it is mounted.
    """

    name: str
    route: str


def our_patterns() -> list[Pattern]:
    """The patterns of the example site that the matrix has to know."""
    models = {m for app in OURS for m in apps.get_app_config(app).get_models()}
    found = []
    for namespaces, pattern, route in walk(get_resolver()):
        view = getattr(pattern.callback, "view_class", None)
        options = getattr(pattern.callback, "view_initkwargs", {})
        model = options.get("model") or getattr(view, "model", None)
        module = getattr(view or pattern.callback, "__module__", "")
        is_ours = module.startswith("wagtail_helpdesk.") or model in models
        if is_ours or any("helpdesk" in namespace for namespace in namespaces):
            name = ":".join([*namespaces, pattern.name]) if pattern.name else route
            found.append(Pattern(name, route))
    return found


def walk(
    resolver: URLResolver, namespaces: tuple[str, ...] = (), prefix: str = ""
) -> Iterator[tuple[tuple[str, ...], URLPattern, str]]:
    """Every pattern below a resolver: its namespaces, itself, and its whole route."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield namespaces, pattern, route
        else:
            inner = (pattern.namespace,) if pattern.namespace else ()
            yield from walk(pattern, (*namespaces, *inner), route)
