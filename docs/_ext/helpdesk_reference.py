"""Parts of the reference that are made from the code, so that they cannot go stale."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from django.test.utils import override_settings

from wagtail_helpdesk.conf import SETTING, AppSettings

_GROUP = re.compile(r"^    # -- (.+?) -+$")
_PROPERTY = re.compile(r"^    def ([A-Z][A-Z0-9_]+)\(")
_LONG_DEFAULT = 60


def grouped_settings() -> Iterator[tuple[str, list[str]]]:
    """Headings of ``conf.py`` with the names of the settings below each.

    Yields:
        A heading and its settings, both in the order of the module.
    """
    groups: dict[str, list[str]] = {}
    current = ""
    for line in inspect.getsource(AppSettings).splitlines():
        if heading := _GROUP.match(line):
            current = heading[1]
        elif setting := _PROPERTY.match(line):
            groups.setdefault(current, []).append(setting[1])
    yield from groups.items()


def default_of(name: str) -> Any:
    """The value a setting has in a project that does not set it."""
    with override_settings(**{SETTING: {}}):
        return getattr(AppSettings(), name)


def setting_rst(name: str) -> str:
    """The entry of one setting, in reStructuredText.

    Args:
        name: A property of ``AppSettings``.

    Raises:
        ValueError: It has no docstring or says not what it returns.
    """
    getter = inspect.getattr_static(AppSettings, name).fget
    meaning, kind = inspect.getdoc(getter), getter.__annotations__.get("return")
    if not meaning or not kind:
        raise ValueError(f"{name} in conf.py needs a docstring and a return type.")
    default = default_of(name)
    shown = repr(default)
    lines = [f".. confval:: {name}", f"   :type: ``{kind}``"]
    if len(shown) <= _LONG_DEFAULT:
        lines.append(f"   :default: ``{shown}``")
    lines += ["", textwrap.indent(meaning, "   "), ""]
    if len(shown) > _LONG_DEFAULT:
        words = ", ".join(f"``{item}``" for item in default)
        lines += [f"   Default: {words}.", ""]
    return "\n".join(lines)


def settings_rst() -> str:
    """All settings in reStructuredText, grouped as in ``conf.py``."""
    parts = []
    for heading, names in grouped_settings():
        parts += [f".. rubric:: {heading}", "", *map(setting_rst, names)]
    return "\n".join(parts)


def setup(app: Any) -> dict[str, Any]:
    """Register the directive ``helpdesk-settings``."""
    from docutils import nodes
    from sphinx.util.docutils import SphinxDirective

    class SettingsDirective(SphinxDirective):
        """Every setting with type, default and meaning."""

        def run(self) -> list[nodes.Node]:
            self.env.note_dependency(inspect.getfile(AppSettings))
            return self.parse_text_to_nodes(settings_rst())

    app.add_directive("helpdesk-settings", SettingsDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
