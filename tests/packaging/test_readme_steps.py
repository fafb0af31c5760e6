"""The README's "Add it to your site", followed on a site made by ``wagtail start``."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"
SNIPPET = re.compile(r"At the end of `([^`]+)`:\n\n```python\n(.*?)```", re.DOTALL)
COMMANDS = re.compile(r"```console\n(.*?)```", re.DOTALL)

# What the fifth step does by hand in the admin, and a look at the result.
VISIT = """
from django.test import Client
from wagtail.models import Page, Site
from wagtail_helpdesk.portal.models import PortalHomePage

home = Site.objects.get(is_default_site=True).root_page.specific
portal = home.add_child(instance=PortalHomePage(title="Support", slug="support"))
portal.save_revision().publish()
answer = Client().get("/support/", follow=True)
print("STATUS", answer.status_code, answer.request["PATH_INFO"])
print(answer.content.decode())
"""


def run(*command: str | Path, folder: Path) -> str:
    """Run a command in a clean environment and give back what it printed."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONPATH", "DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV"}
        and not name.startswith(("COV_", "COVERAGE_", "PYTEST_", "HELPDESK_"))
    }
    result = subprocess.run(
        command, cwd=folder, env=kept, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout + result.stderr


@pytest.fixture(scope="session")
def steps() -> str:
    return README.read_text().split("## Add it to your site")[1].split("\n## ")[0]


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory, wheel: Path, steps: str
) -> tuple[Path, Path]:
    """A new site after the first three steps, and the Python it runs on."""
    folder = tmp_path_factory.mktemp("site")
    run(sys.executable, "-m", "venv", "venv", folder=folder)
    python = folder / "venv/bin/python"
    install, *_others = commands_of(steps)
    assert install == "pip install wagtail-helpdesk"
    run(python, "-m", "pip", "install", "-q", wheel, folder=folder)
    run(folder / "venv/bin/wagtail", "start", "mysite", folder=folder)
    project = folder / "mysite"
    snippets = SNIPPET.findall(steps)
    assert [path for path, _code in snippets] == [
        "mysite/settings/base.py",
        "mysite/urls.py",
    ]
    for path, code in snippets:
        with (project / path).open("a") as file:
            file.write(f"\n{code}")
    return project, python


def commands_of(steps: str) -> list[str]:
    return [line for block in COMMANDS.findall(steps) for line in block.splitlines()]


def test_the_steps_give_a_portal_inside_the_sites_own_base_template(site, steps):
    """B24, UX53: three edits and two commands, and nothing of the site is replaced."""
    project, python = site
    _install, *commands = commands_of(steps)
    output = ""
    for command in commands:
        program, *arguments = command.split()
        assert program == "python"
        output += run(python, *arguments, folder=project)

    assert "wagtail_helpdesk.E" not in output
    assert "wagtail_helpdesk.W004" not in output
    assert "wagtail_helpdesk.W006" not in output
    assert "wagtail_helpdesk.W007" not in output
    assert "wagtail_helpdesk.W008" not in output

    page = run(python, "manage.py", "shell", "-c", VISIT, folder=project)
    assert "STATUS 200 " in page
    # The site's own style sheet and script, from its base.html, and our page within.
    assert "css/mysite.css" in page
    assert "js/mysite.js" in page
    assert "wagtail_helpdesk/css/helpdesk" in page
    assert 'class="hd-' in page
    assert page.count("<html") == 1


def test_the_models_match_their_migrations_on_a_new_site(site):
    project, python = site

    run(
        python,
        "manage.py",
        "makemigrations",
        "--check",
        "--dry-run",
        "wagtail_helpdesk",
        "helpdesk_knowledge_base",
        "helpdesk_portal",
        folder=project,
    )
