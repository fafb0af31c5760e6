"""The documentation holds together: links, pictures, code and commands are real."""

import ast
import importlib
import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.docs.markdown import DOCS, ROOT, fences, pages, without_fences
from wagtail_helpdesk.conf import SETTING, setting_names

LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
MAX_PICTURE_BYTES = 150_000

every_page = pytest.mark.parametrize(
    "page", pages(), ids=lambda path: str(path.relative_to(ROOT))
)


def heading_anchors(path: Path) -> set[str]:
    """The anchors that a page's headings get."""
    headings = re.findall(r"^#{1,3} (.+)$", path.read_text(), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in headings
    }


@every_page
def test_every_link_within_the_documentation_leads_somewhere(page):
    for _picture, _label, target in LINK.findall(without_fences(page.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        name, _mark, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in heading_anchors(path), f"{page.name}: {target}"


@every_page
def test_every_picture_is_there_is_small_and_says_what_it_shows(page):
    """ux.md 4: a text for those who do not see it; nobody waits for it."""
    for picture, label, target in LINK.findall(without_fences(page.read_text())):
        if not picture:
            continue
        path = page.parent / target
        assert len(label) > 20, f"{target} wants a text that says what it shows"
        assert path.stat().st_size <= MAX_PICTURE_BYTES, target


def test_no_picture_lies_about_unused():
    used = "".join(page.read_text() for page in pages())

    assert [p.name for p in (DOCS / "images").iterdir() if p.name not in used] == []


@every_page
def test_python_in_the_documentation_compiles_and_imports_what_exists(page):
    for block in fences(page.read_text(), "python"):
        tree = ast.parse(block)
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            if not node.module.startswith(("wagtail", "django", "allauth", "model")):
                continue
            module = importlib.import_module(node.module)
            for name in node.names:
                assert hasattr(module, name.name), f"{node.module}.{name.name}"


@every_page
def test_the_settings_that_examples_set_exist(page):
    for block in fences(page.read_text(), "python"):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == SETTING
                for target in node.targets
            ):
                assert set(ast.literal_eval(node.value)) <= set(setting_names())


#: The packages that bring commands which the suite's own site does not have.
COMMANDS_OF = {"db_worker": "django-tasks-db", "rqworker": "django-tasks-rq"}


@every_page
def test_the_management_commands_that_are_shown_take_these_options(page):
    """Commands of a reader's own project have no place in the documentation.

    Those of a package that the page tells to install are that package's own business.
    """
    for block in fences(page.read_text(), "console"):
        for line in block.splitlines():
            if not line.startswith("python manage.py "):
                continue
            _python, _manage, name, *options = line.split()
            if name in COMMANDS_OF:
                assert f"pip install {COMMANDS_OF[name]}" in page.read_text()
                continue
            command = load_command_class(str(get_commands()[name]), name)
            command.create_parser("manage.py", name).parse_args(options)


def test_the_make_targets_that_are_named_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))

    for page in pages():
        named = re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(), re.MULTILINE)
        assert set(named) <= targets, page.name


def test_every_page_stands_in_a_table_of_contents():
    for page in DOCS.rglob("*.md"):
        if "_build" in page.parts or page == DOCS / "index.md":
            continue
        is_index = page.name == "index.md"
        index = DOCS / "index.md" if is_index else page.parent / "index.md"
        entry = page.relative_to(index.parent).with_suffix("").as_posix()
        listed = "\n".join(fences(index.read_text(), "{toctree}")).splitlines()
        assert entry in listed, f"{entry} is in no table of contents"
