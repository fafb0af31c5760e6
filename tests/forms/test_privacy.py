"""A form on a private page is answered inside the page's privacy check."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import PageViewRestriction

from tests.factories import UserFactory
from wagtail_helpdesk.models import Ticket

pytestmark = pytest.mark.django_db
SECRET = "Only partners read this"


@pytest.fixture
def private_page(contact_page):
    contact_page.introduction = SECRET
    contact_page.save()
    group = Group.objects.create(name="Partners")
    restriction = PageViewRestriction.objects.create(
        page=contact_page, restriction_type=PageViewRestriction.GROUPS
    )
    restriction.groups.add(group)
    return contact_page


def test_an_anonymous_post_to_a_private_page_gets_the_sign_in(client, private_page):
    """A hook before the check would show the page with the form's errors."""
    response = client.post("/contact/?hd_form=contact", {})

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
    assert SECRET not in response.text
    assert not Ticket.objects.exists()


def test_a_valid_form_from_outside_is_not_taken(
    visitor, contact_page, django_user_model
):
    sheet = visitor.open()
    PageViewRestriction.objects.create(
        page=contact_page, restriction_type=PageViewRestriction.LOGIN
    )

    assert sheet.send().status_code == 302
    assert not Ticket.objects.exists()


def test_a_member_sends_the_form_of_a_private_page(visitor, private_page):
    member = UserFactory()
    member.groups.add(Group.objects.get(name="Partners"))
    visitor.client.force_login(
        member, backend="django.contrib.auth.backends.ModelBackend"
    )

    assert visitor.send().status_code == 303


def test_a_signed_in_stranger_gets_no_content_by_post(visitor, private_page):
    visitor.client.force_login(
        UserFactory(), backend="django.contrib.auth.backends.ModelBackend"
    )

    response = visitor.client.post("/contact/?hd_form=contact", {})

    assert response.status_code in (302, 403)
    assert SECRET not in response.text
