"""Six clicks at the same moment make one portal, one inbox and one form."""

import pytest
from wagtail.models import Site

from tests.actions.test_parallel import together
from tests.factories import UserFactory
from wagtail_helpdesk.models import Channel, Inbox, Pipeline, SupportForm
from wagtail_helpdesk.portal.models import PortalHomePage
from wagtail_helpdesk.portal.setup.connecting import ConnectForm, ConnectInbox
from wagtail_helpdesk.portal.setup.creating import CreatePortal

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def test_at_the_same_moment():
    root = Site.objects.get(is_default_site=True).root_page
    user = UserFactory(is_superuser=True)
    together(
        lambda n: CreatePortal(
            parent=root, title="Help", slug="help", user=user
        ).execute()
    )
    page = PortalHomePage.objects.get()
    together(lambda n: ConnectInbox(page=page, user=user, name="Front").execute())
    assert Inbox.objects.count() == Pipeline.objects.count() == 1
    together(lambda n: ConnectForm(page=page, user=user, name="Ask").execute())
    assert SupportForm.objects.count() == 1
    assert sorted(Channel.objects.values_list("type", flat=True)) == ["form", "portal"]
    page = PortalHomePage.objects.get().get_latest_revision_as_object()
    assert page.channel is not None and page.support_forms.count() == 1
