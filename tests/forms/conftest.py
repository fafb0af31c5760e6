"""A page of the example site with a support form on it, and a visitor who sends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse
from django.test import Client
from wagtail.models import Page, Site

from example_site.home.models import HomePage, StandardPage
from tests.factories import SupportFormFactory
from wagtail_helpdesk.models import SupportForm


@pytest.fixture(autouse=True)
def _no_time_trap(settings: Any) -> None:
    """Tests are quicker than people."""
    settings.WAGTAIL_HELPDESK = {**settings.WAGTAIL_HELPDESK, "FORM_MIN_SECONDS": 0}


@pytest.fixture
def configure(settings: Any) -> Callable[..., None]:
    """Set settings of the help desk for one test."""

    def set_values(**values: Any) -> None:
        settings.WAGTAIL_HELPDESK = {**settings.WAGTAIL_HELPDESK, **values}

    return set_values


@pytest.fixture
def home(db: None) -> HomePage:
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="Northwind Devices", slug="front"))
    Site.objects.update(root_page=home)
    Site.clear_site_root_paths_cache()
    return home


@pytest.fixture
def support_form(db: None) -> SupportForm:
    return SupportFormFactory(key="contact")


@pytest.fixture
def contact_page(home: HomePage, support_form: SupportForm) -> StandardPage:
    """The page ``/contact/`` with one form."""
    return add_page(home, support_form)


def add_page(home: Page, *forms: SupportForm, slug: str = "contact") -> StandardPage:
    """A page with these forms on it, published."""
    body = [("support_form", {"heading": "Ask us", "form": form}) for form in forms]
    page = home.add_child(
        instance=StandardPage(title=slug.title(), slug=slug, body=body)
    )
    page.save_revision().publish()
    return page


class Visitor:
    """Somebody with a browser: opens a page, fills a form in, sends it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def open(self, url: str = "/contact/", html_id: str = "contact") -> Sheet:
        response = self.client.get(url)
        assert response.status_code == 200, response.status_code
        return Sheet(self.client, response, html_id)

    def send(self, url: str = "/contact/", **answers: Any) -> HttpResponse:
        """Open the page, fill in what a form needs, and send it."""
        return self.open(url).send(**answers)


class Sheet:
    """A form as it arrived in the browser."""

    def __init__(self, client: Client, response: HttpResponse, html_id: str) -> None:
        self.client = client
        self.html = BeautifulSoup(response.content, "html.parser")
        self.section = self.html.find(id=f"hd-form-{html_id}")
        assert self.section is not None, "the form is not on this page"
        self.prefix = f"hd-{html_id}-"

    @property
    def form(self) -> Tag:
        found = self.section.find("form")
        assert found is not None
        return found

    @property
    def token(self) -> str:
        return self.form.find("input", {"name": "form-token"})["value"]

    @property
    def action(self) -> str:
        return self.form["action"].partition("#")[0]

    def names(self) -> set[str]:
        """Names of the inputs, without the form's prefix."""
        found = self.form.find_all(["input", "textarea", "select"])
        return {tag["name"].removeprefix(self.prefix) for tag in found}

    def value(self, name: str) -> str:
        tag = self.form.find(attrs={"name": self.prefix + name})
        return tag.get("value", "") if tag.name == "input" else tag.text.lstrip("\n")

    @property
    def errors(self) -> str:
        summary = self.section.find("hd-error-summary")
        return " ".join(summary.text.split()) if summary else ""

    def data(self, **answers: Any) -> dict[str, Any]:
        """What the browser would send: what is needed, and ``answers`` over it."""
        needed = {
            "contact-name": "Ana",
            "contact-email": "ana@acme.example",
            "subject": "The hub is offline",
            "description": "It blinks red.",
        }
        own = {
            name.replace("_", "-") if name.startswith("contact_") else name: value
            for name, value in answers.items()
            if name not in ("token", "trap", "extra")
        }
        filled = {**{k: v for k, v in needed.items() if k in self.names()}, **own}
        data = {self.prefix + name: value for name, value in filled.items()}
        data["form-token"] = answers.get("token", self.token)
        data["website-address"] = answers.get("trap", "")
        seen = self.form.find("input", {"name": "unreadable-seen"})
        if seen is not None:
            data["unreadable-seen"] = seen["value"]
        return {**data, **answers.get("extra", {})}

    def send(self, **answers: Any) -> HttpResponse:
        return self.client.post(self.action, self.data(**answers))

    def again(self, response: HttpResponse) -> Sheet:
        """The form as it came back in ``response``."""
        html_id = self.section["id"].removeprefix("hd-form-")
        return Sheet(self.client, response, html_id)


@pytest.fixture
def visitor(client: Client) -> Visitor:
    return Visitor(client)
