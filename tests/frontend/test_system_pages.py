"""Pages that say why there is nothing to show (F12)."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client

from wagtail_helpdesk.frontend import frame_context
from wagtail_helpdesk.system_pages import access_denied

pytestmark = pytest.mark.django_db


def test_a_missing_page_stands_in_the_frame_and_leads_on(rf):
    request = rf.get("/no/such/page/")

    html = render_to_string(
        "wagtail_helpdesk/system_page.html", frame_context(request), request
    )

    assert re.search(r"<title>\s*Page not found", html)
    assert '<h1 class="hd-h1">Page not found</h1>' in html
    assert 'id="hd-main"' in html
    assert "Go to the front page" in html


def test_a_form_without_its_token_says_that_nothing_was_sent():
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a"})

    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


def test_a_refused_visitor_is_told_as_whom_they_are_signed_in(rf, django_user_model):
    request = rf.get("/help/secret/")
    request.user = django_user_model(username="ana", email="ana@acme.example")

    answer = access_denied(request).render()

    assert answer.status_code == 403
    assert "ana@acme.example" in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
