"""What a site gets when it installs the package."""

import zipfile
from pathlib import Path

import pytest

PACKAGE = "wagtail_helpdesk"


@pytest.fixture(scope="session")
def content(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("ending", [".html", ".txt", ".css", ".js", ".svg", ".py"])
def test_every_file_of_the_package_is_in_the_wheel(source, content, ending):
    wanted = {
        path.relative_to(source).as_posix()
        for path in (source / PACKAGE).rglob(f"*{ending}")
    }

    assert wanted - content == set()


def test_the_wheel_carries_its_translations_compiled(content):
    for language in ("es", "pt_BR", "it", "ar"):
        assert f"{PACKAGE}/locale/{language}/LC_MESSAGES/django.mo" in content


def test_the_wheel_says_that_it_is_typed(content):
    assert f"{PACKAGE}/py.typed" in content


def test_nothing_but_the_package_is_in_the_wheel(content):
    roots = {name.split("/")[0] for name in content}

    assert {root for root in roots if not root.endswith(".dist-info")} == {PACKAGE}


def test_the_wheel_carries_its_licence_and_sets_no_upper_bounds(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = next(name for name in names if name.endswith("/METADATA"))
        lines = archive.read(metadata).decode().splitlines()

    assert "License-Expression: BSD-3-Clause" in lines
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    requirements = [
        line.partition(";")[0] for line in lines if line.startswith("Requires-Dist:")
    ]
    assert requirements
    assert not [line for line in requirements if "<" in line or "==" in line]
