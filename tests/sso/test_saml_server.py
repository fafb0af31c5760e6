"""Set-up, sign-in and sign-out with somebody else's SAML server, over HTTP (B54)."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.conftest import in_ci
from wagtail_helpdesk.models import Contact, IdentityProvider

pytestmark = pytest.mark.django_db

HINT = "pysaml2 signs with the program xmlsec1: apt-get install xmlsec1"


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    """The address of a running server; it lives as long as these tests."""
    if shutil.which("xmlsec1") is None:
        if in_ci():
            pytest.fail(HINT)
        pytest.skip(HINT)
    folder = tmp_path_factory.mktemp("saml")
    root = Path(__file__).parents[2]
    process = subprocess.Popen(  # noqa: S603  (a script of ours)
        [sys.executable, str(Path(__file__).with_name("saml_server.py")), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"},
    )
    assert process.stdout is not None
    port = process.stdout.readline().strip()
    assert port, "the company's server did not start"
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


def test_a_company_is_set_up_and_its_people_come_and_go(server, settings, caplog):
    """From its metadata to a signed sign-out, nothing of it made by us."""
    settings.DEBUG = True  # The company's server here speaks plain HTTP.
    settings.ALLOWED_HOSTS = ["testserver"]
    boss = Client()
    boss.force_login(User.objects.create_superuser("boss", "boss@example.com"))
    answer = boss.post(
        reverse("helpdesk_identityprovider:add_kind", args=["saml"]),
        {
            "name": "Acme",
            "metadata": requests.get(f"{server}/metadata", timeout=20).text,
            "domains": "acme.example",
            "is_active": "on",
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    row = IdentityProvider.objects.get()
    assert row.options["sign_requests"]
    slug = [f"hd-{row.public_id}"]
    metadata = Client().get(reverse("helpdesk_saml_metadata", args=slug)).content
    requests.post(f"{server}/sp", metadata, timeout=20).raise_for_status()

    person = Client()
    login = reverse("helpdesk_saml_login", args=slug)
    asked = person.post(f"{login}?next=/support/")["Location"]
    page = requests.get(asked, timeout=20)
    form = BeautifulSoup(page.text, "html.parser").find("form")
    assert form is not None, page.text
    response = form.find("input")["value"]
    assert form["action"].endswith(reverse("helpdesk_saml_acs", args=slug))
    answer = person.post(form["action"], {"SAMLResponse": response})
    answer = person.get(answer["Location"])

    assert (answer.status_code, answer["Location"]) == (302, "/support/"), caplog.text
    user = User.objects.get(pk=person.session["_auth_user_id"])
    assert (user.email, user.get_full_name()) == ("ana@acme.example", "Ana García")
    assert Contact.objects.filter(user=user).exists()

    away = person.post(reverse("account_logout"))["Location"]
    assert away.startswith(f"{server}/slo?")
    answer = requests.get(away, timeout=20, allow_redirects=False)
    assert answer.status_code == 303, answer.text
    back = person.get(answer.headers["Location"])
    assert (back.status_code, back["Location"]) == (302, "/")
    assert "_auth_user_id" not in person.session
