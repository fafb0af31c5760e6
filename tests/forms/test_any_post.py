"""Whatever is sent to a form, the answer is never a 500."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import SupportFormFactory
from tests.forms.conftest import Sheet, add_page

pytestmark = pytest.mark.django_db

KINDS = ["text", "long_text", "email", "phone", "number", "date", "checkbox"]
NAMES = st.sampled_from(
    [*KINDS, "contact-name", "contact-email", "choice", "choices", "files"]
) | st.text(max_size=10)
# Surrogates cannot be sent as UTF-8; bytes that are no UTF-8 have a test of their own.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
ODD = st.sampled_from(
    ["", "\x00", "\ufffd", "NaN", "1e9999", "-0", "9" * 500, "9999-99-99", "a@b"]
)
ALLOWED = {200, 303, 400, 403, 404, 413, 422, 429}


@pytest.fixture
def every_kind(home):
    pair = [{"type": "choice", "value": {"value": "a", "label": "A"}}]
    fields = [
        {"type": kind, "value": {"label": kind, "key": kind}} for kind in KINDS
    ] + [
        {"type": kind, "value": {"label": kind, "key": kind, "choices": pair}}
        for kind in ("choice", "choices")
    ]
    return add_page(home, SupportFormFactory(key="contact", form_fields=fields))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.dictionaries(NAMES, TEXT | ODD, max_size=8), keep_token=st.booleans())
def test_no_post_makes_an_error_of_the_server(every_kind, configure, data, keep_token):
    configure(FORM_RATE_LIMIT="", FORM_MIN_SECONDS=0)
    client = Client()
    sheet = Sheet(client, client.get("/contact/"), "contact")
    sent = {f"hd-contact-{name}": value for name, value in data.items()}
    sent["form-token"] = sheet.token if keep_token else data.get("text", "")

    response = client.post(sheet.action, sent)

    assert response.status_code in ALLOWED


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=st.binary(max_size=300), html_id=st.text(max_size=20))
def test_no_bytes_make_an_error_of_the_server(every_kind, configure, body, html_id):
    configure(FORM_RATE_LIMIT="", FORM_MIN_SECONDS=0)
    client = Client()
    for content_type in (
        "multipart/form-data; boundary=b",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-16",
        "text/plain; charset=nonsense",
    ):
        response = client.generic(
            "POST",
            "/contact/",
            b"--b\r\n" + body,
            content_type,
            query_params={"hd_form": html_id.encode("utf-8", "ignore").decode()},
        )
        assert response.status_code in ALLOWED
