"""The headers of the help desk's pages (UX23, N19)."""

from __future__ import annotations

import pytest
from django.conf import settings as site_settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from tests.knowledge_base.factories import ArticleFactory, CategoryFactory, HomeFactory
from wagtail_helpdesk.headers import HeadersMiddleware, mark_page

pytestmark = pytest.mark.django_db

HEADER = "Content-Security-Policy"


@pytest.fixture
def helpdesk(settings):
    """Change settings of the help desk."""

    def change(**values: object) -> None:
        settings.WAGTAIL_HELPDESK = {**site_settings.WAGTAIL_HELPDESK, **values}

    return change


def policy_of(path: str) -> dict[str, str]:
    header = Client().get(path)[HEADER]
    return dict(part.strip().partition(" ")[::2] for part in header.split(";"))


@pytest.fixture
def article():
    category = CategoryFactory(parent=HomeFactory(), title="Setup")
    return ArticleFactory(parent=category, title="Install")


def test_every_page_of_ours_says_what_it_may_load(article):
    for path in (
        "/help/",
        article.get_url(),
        "/help/search/?q=install",
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
    ):
        policy = policy_of(path)
        assert policy["default-src"] == "'self'", path
        assert policy["object-src"] == policy["base-uri"] == "'none'"
        assert "https://player.vimeo.com" in policy["frame-src"]
        assert "unsafe" not in str(policy)


def test_the_hosts_of_files_are_allowed(article, settings):
    settings.STATIC_URL = "https://static.example.com/s/"
    settings.MEDIA_URL = "//media.example.com/m/"
    policy = policy_of("/help/")
    assert policy["default-src"] == "'self' https://static.example.com"
    assert policy["img-src"].endswith("https://static.example.com media.example.com")


def test_pages_of_the_site_are_left_alone(article):
    for path in ("/", "/admin/login/", "/sitemap.xml"):
        assert HEADER not in Client().get(path)


def test_the_site_decides(article, helpdesk, settings):
    helpdesk(CONTENT_SECURITY_POLICY="default-src 'none'")
    assert policy_of("/help/") == {"default-src": "'none'"}
    helpdesk(CONTENT_SECURITY_POLICY="")
    assert HEADER not in Client().get("/help/")
    helpdesk(CONTENT_SECURITY_POLICY=None)
    settings.SECURE_CSP = {"default-src": ["'self'"]}
    assert HEADER not in Client().get("/help/")
    del settings.SECURE_CSP
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {}}
    assert HEADER not in Client().get("/help/")


@pytest.mark.parametrize("case", ["own", "preview"])
def test_a_policy_that_is_there_stays_and_the_preview_has_none(case):
    request = RequestFactory().get("/")
    request.is_preview = case == "preview"

    def answer(request):
        mark_page(request)
        return HttpResponse(headers={HEADER: "sandbox"} if case == "own" else {})

    response = HeadersMiddleware(answer)(request)
    assert response.get(HEADER) == ("sandbox" if case == "own" else None)
