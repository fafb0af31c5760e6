"""What staff change about the desk itself is in the ledger too."""

import pytest

from tests.factories import AgentFactory, OrganizationFactory
from wagtail_helpdesk.actions import (
    ChangeOrganization,
    DeleteSavedView,
    SaveView,
    SetInboxMembers,
)
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Event, Organization, SavedView

pytestmark = pytest.mark.django_db


def change(organization, actor=None, **values):
    usual = {"name": "Acme", "domains": ["acme.example"], "sharing": "own"}
    return ChangeOrganization(
        organization=organization, actor=actor, **{**usual, **values}
    ).execute()


def test_an_organization_is_made_and_changed_with_its_history(agent):
    made = change(Organization(), agent)
    change(made, agent, sharing="organization")
    change(made, agent, sharing="organization")
    events = Event.objects.filter(kind="organization_changed").order_by("pk")
    assert [event.data["fields"] for event in events] == [
        ["name", "domains", "sharing"],
        ["sharing"],
    ]
    assert {event.actor_agent for event in events} == {agent}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": " "}, "empty"),
        ({"domains": ["no domain"]}, "bad_domain"),
        ({"domains": ["globex.example"]}, "taken_domain"),
        ({"sharing": "everything"}, "bad_sharing"),
    ],
)
def test_a_bad_organization_is_refused(values, code):
    OrganizationFactory(domains=["globex.example"])
    with pytest.raises(ActionError) as error:
        change(Organization(), **values)
    assert error.value.code == code
    assert Organization.objects.count() == 1


def test_members_come_and_go_with_their_history(inbox, agent):
    newcomer = AgentFactory()
    for _time in range(2):
        SetInboxMembers(
            inbox=inbox, members=[newcomer], notified=[newcomer], actor=agent
        ).execute()
    assert list(inbox.members.all()) == [newcomer]
    (event,) = Event.objects.filter(kind="inbox_members_changed")
    assert event.data == {
        "inbox": inbox.pk,
        "added": [newcomer.pk],
        "removed": [agent.pk],
    }


def test_only_mails_about_new_tickets_change(inbox, agent):
    SetInboxMembers(inbox=inbox, members=[agent], notified=[]).execute()
    assert not inbox.memberships.get().notify


def test_a_view_is_saved_over_itself_and_deleted_by_its_owner(agent):
    first = SaveView(agent=agent, name="Mine", query="view=mine").execute()
    again = SaveView(agent=agent, name=" Mine ", query="view=all").execute()
    assert first == again
    assert SavedView.objects.get().query == "view=all"
    with pytest.raises(ActionPermissionError):
        DeleteSavedView(view=again, agent=AgentFactory()).execute()
    DeleteSavedView(view=again, agent=agent).execute()
    assert not SavedView.objects.exists()
    kinds = Event.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["view_saved", "view_saved", "view_deleted"]
