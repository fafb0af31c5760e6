"""The reference says all there is, and nothing that is not."""

import importlib.util
import inspect
import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

import wagtail_helpdesk
from tests.docs.markdown import DOCS, sections, table
from wagtail_helpdesk import actions, urls
from wagtail_helpdesk.admin import urls as admin_urls
from wagtail_helpdesk.conf import setting_names
from wagtail_helpdesk.frontend import Frame
from wagtail_helpdesk.knowledge_base import urls as knowledge_base_urls
from wagtail_helpdesk.models import Event

PACKAGE = Path(wagtail_helpdesk.__file__).parent
TEMPLATES = PACKAGE / "templates/wagtail_helpdesk"


def page(name: str) -> str:
    return (DOCS / "reference" / f"{name}.md").read_text()


@pytest.fixture(scope="module")
def generator():
    """The module that renders the settings, which is no part of the package."""
    path = DOCS / "_ext/helpdesk_reference.py"
    spec = importlib.util.spec_from_file_location("helpdesk_reference", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_setting_is_documented_with_its_default(generator):
    grouped = [name for _, names in generator.grouped_settings() for name in names]
    rendered = generator.settings_rst()

    assert grouped == setting_names()
    for name in setting_names():
        assert f".. confval:: {name}\n   :type: ``" in rendered
    assert ":default: ``'HD-'``" in rendered
    assert "Seconds an agent's reply waits" in rendered
    assert "``pdf``" in rendered


def test_a_setting_without_a_meaning_stops_the_documentation(generator, monkeypatch):
    monkeypatch.setattr(
        generator.AppSettings, "NEW", property(lambda self: 1), raising=False
    )

    with pytest.raises(ValueError, match="NEW"):
        generator.setting_rst("NEW")


def test_the_page_of_settings_is_made_by_the_generator():
    assert ".. helpdesk-settings::" in page("settings")


def test_every_system_check_has_cause_and_fix_and_no_other_is_described():
    source = "".join(p.read_text() for p in PACKAGE.rglob("*.py"))
    in_code = set(re.findall(r'id="([a-z_]+\.[EW]\d+)"', source))
    text = page("checks")
    entries = re.split(r"^### (.+)$", text, flags=re.MULTILINE)
    described = dict(zip(entries[1::2], entries[2::2], strict=True))

    assert set(described) == in_code
    for name, entry in described.items():
        assert "Cause\n: " in entry, name
        assert "Fix\n: " in entry, name


def test_every_command_is_described_with_its_own_options_and_defaults():
    ours = {
        name: app
        for name, app in get_commands().items()
        if str(app).startswith("wagtail_helpdesk")
    }
    described = sections(page("commands"))
    usual = BaseCommand().create_parser("manage.py", "usual")
    shared = set(usual._option_string_actions)

    assert {name for name in described if name.startswith("helpdesk_")} == set(ours)
    for name, app in ours.items():
        parser = load_command_class(app, name).create_parser("manage.py", name)
        options = set(parser._option_string_actions) - shared
        told = set(re.findall(r"^`(--[a-z-]+)", described[name], re.MULTILINE))
        assert told == options, name
        for option in options:
            default = parser._option_string_actions[option].default
            is_number = isinstance(default, int | float)
            if is_number and not isinstance(default, bool):
                entry = described[name].split(f"`{option}")[-1].split("\n`")[0]
                assert f"Default: {default:g}." in entry, option


def test_every_public_action_is_documented():
    documented = re.findall(r"\.\. auto(?:class|function):: (\w+)", page("actions"))

    assert len(documented) == len(set(documented))
    assert {*documented, "Actor"} == set(actions.__all__)


def test_every_public_action_says_what_it_is_for_and_names_its_arguments():
    for name in actions.__all__:
        action = getattr(actions, name)
        if not inspect.isclass(action) or not issubclass(action, actions.Action):
            continue
        text = inspect.getdoc(action) or ""
        for parameter in list(inspect.signature(action.__init__).parameters)[1:]:
            if parameter in {"args", "kwargs"}:
                continue
            assert re.search(rf"\b{parameter}\b", text), f"{name}: {parameter}"


def blocks_of(template: Path) -> set[str]:
    return set(re.findall(r"{% block (hd_\w+) %}", template.read_text()))


def test_every_block_is_listed_and_every_listed_block_is_where_it_is_said_to_be():
    """UX53: an upgrade that renames a block cannot go unnoticed."""
    rows = table(page("template-blocks"))
    told: set[str] = set()
    for cells in rows:
        names = re.findall(r"`(hd_\w+)`", cells[0])
        told.update(names)
        files = re.findall(r"`([\w/]+\.html)`", cells[1]) or ["system_page.html"]
        if not names or cells[0].startswith("`hd."):
            continue
        folder = TEMPLATES / Path(files[0]).parent
        for file in files:
            path = TEMPLATES / file if "/" in file else folder / file
            for name in names:
                assert name in blocks_of(path), f"{name} in {file}"
    public = [
        path
        for path in TEMPLATES.rglob("*.html")
        if path.relative_to(TEMPLATES).parts[0] not in {"admin", "email", "accounts"}
    ]
    there = set().union(*map(blocks_of, public))

    assert there == told


def test_every_include_is_listed_with_what_it_takes():
    rows = table(sections(page("template-blocks"))["Includes"])
    told = {cells[0].strip("`"): " ".join(cells[1:]) for cells in rows}

    assert set(told) == {path.name for path in (TEMPLATES / "includes").iterdir()}
    for name, arguments in told.items():
        source = (TEMPLATES / "includes" / name).read_text()
        for argument in re.findall(r"`(\w+)`", arguments):
            if argument not in {"new", "open", "waiting", "closed", "KeysetPage"}:
                assert re.search(rf"\b{argument}\b", source), f"{name}: {argument}"


def test_everything_the_frame_offers_is_listed():
    listed = set(re.findall(r"`hd\.(\w+)`", page("template-blocks")))
    offered = {name for name in vars(Frame) if not name.startswith("_")}
    offered |= {"request", "page"}

    assert listed == offered


def test_every_url_name_is_listed_with_its_arguments():
    rows = table(page("url-names"))
    told = {
        cells[0].strip("`"): set(re.findall(r"`(\w+)`", cells[1])) for cells in rows
    }
    for app_name, patterns in (
        ("wagtail_helpdesk", urls.urlpatterns),
        ("wagtail_helpdesk_admin", admin_urls.urlpatterns),
        ("helpdesk_knowledge_base", knowledge_base_urls.urlpatterns),
    ):
        there: dict[str, set[str]] = {}
        for pattern in patterns:
            arguments = set(pattern.pattern.converters)
            there.setdefault(f"{app_name}:{pattern.name}", set()).update(arguments)
        assert there == {
            name: arguments
            for name, arguments in told.items()
            if name.startswith(f"{app_name}:")
        }


def test_every_kind_of_event_is_listed():
    rows = table(sections(page("signals"))["The ledger"])

    assert {cells[0].strip("`") for cells in rows} == set(Event.Kind.values)
