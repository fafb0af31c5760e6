"""Directions of import that a graph of packages cannot see (architecture, 1)."""

import ast
from pathlib import Path

from django.apps import apps
from wagtail.models import Page

import wagtail_helpdesk

PACKAGE = Path(wagtail_helpdesk.__file__).parent
WEB = (
    "django.contrib.messages",
    "django.http",
    "django.shortcuts",
    "django.views",
    "rest_framework",
    "wagtail.admin",
)


def imported_by(module: Path) -> set[str]:
    """Dotted names of the modules that a file imports, and of what it takes of them."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def test_actions_know_no_request_and_no_admin():
    found = {
        f"{module.name}: {name}"
        for module in (PACKAGE / "actions").rglob("*.py")
        for name in imported_by(module)
        if f"{name}.".startswith(tuple(f"{web}." for web in WEB))
    }

    assert found == set()


def test_core_has_no_page_model():
    """A concrete page in core breaks a site that swaps the base page (fields.E301)."""
    models = apps.get_app_config("wagtail_helpdesk").get_models()

    assert [model for model in models if issubclass(model, Page)] == []
