"""R8: customers close their tickets where the portal lets them."""

import pytest

from tests.factories import ContactFactory
from wagtail_helpdesk.actions import CloseOwnTicket, closed_stage_for
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import PortalRules, Stage

pytestmark = pytest.mark.django_db


def test_the_single_closed_stage_needs_no_choice(ticket, contact, stages):
    """B46, B47."""
    CloseOwnTicket(
        ticket=ticket, contact=contact, portal=PortalRules(may_close=True)
    ).execute()
    ticket.refresh_from_db()
    assert ticket.stage == stages["closed"]
    assert ticket.conversations.get().status == "closed"


def test_of_several_closed_stages_the_portals_choice_counts(ticket, contact):
    duplicate = Stage.objects.create(
        pipeline=ticket.pipeline, key="duplicate", name="Duplicate", category="closed"
    )
    portal = PortalRules(may_close=True)
    assert closed_stage_for(ticket.pipeline, portal) is None
    with pytest.raises(ActionError) as error:
        CloseOwnTicket(ticket=ticket, contact=contact, portal=portal).execute()
    assert error.value.code == "no_closed_stage"
    chosen = PortalRules(
        may_close=True, closed_stages={ticket.pipeline_id: duplicate.pk}
    )
    CloseOwnTicket(ticket=ticket, contact=contact, portal=chosen).execute()
    ticket.refresh_from_db()
    assert ticket.stage == duplicate


def test_a_choice_that_is_no_closed_stage_counts_as_none(ticket, stages):
    portal = PortalRules(closed_stages={ticket.pipeline_id: stages["open"].pk})
    assert closed_stage_for(ticket.pipeline, portal) is None


def test_the_portal_must_allow_it(ticket, contact):
    with pytest.raises(ActionPermissionError):
        CloseOwnTicket(ticket=ticket, contact=contact, portal=PortalRules()).execute()


def test_a_stranger_closes_nothing(ticket):
    with pytest.raises(ActionPermissionError):
        CloseOwnTicket(
            ticket=ticket, contact=ContactFactory(), portal=PortalRules(may_close=True)
        ).execute()
