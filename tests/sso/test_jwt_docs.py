"""The example of the documentation signs somebody in."""

import jwt
import pytest
from bs4 import BeautifulSoup

from tests.docs.markdown import DOCS, fences
from tests.sso.tokens import SECRET, Visitor, make_provider


@pytest.mark.django_db
def test_the_example_of_a_companys_application_works():
    visitor = Visitor(make_provider())
    text = (DOCS / "how-to/single-sign-on-jwt.md").read_text()
    (source,) = [block for block in fences(text, "python") if "def page_for" in block]
    example = {}
    exec(compile(source, "single-sign-on-jwt.md", "exec"), example)  # noqa: S102
    example["POST_TO"] = visitor.audience

    person = {"id": "4711", "email": "ana@acme.example", "name": "Ana"}
    page = example["page_for"](person, visitor.start()["state"], SECRET)

    form = BeautifulSoup(page, "html.parser").form
    assert form["action"] == visitor.audience
    token = form.find("input", {"name": "jwt"})["value"]
    assert jwt.get_unverified_header(token)["kid"] == "k1"
    assert visitor.bring(token).status_code == 302
    assert visitor.user_id
