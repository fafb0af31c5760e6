"""R9 and R10: one QuerySet method decides who reads a ticket, one a message."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    AgentFactory,
    ContactFactory,
    ConversationFactory,
    InboxFactory,
    MessageFactory,
    OrganizationFactory,
    ParticipantFactory,
    TicketFactory,
    UserFactory,
)
from tests.fulltext import index_all, searches
from wagtail_helpdesk.models import (
    Attachment,
    Conversation,
    Inbox,
    InboxMembership,
    Message,
    PortalRules,
    Ticket,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(db):
    return OrganizationFactory(name="Acme", sharing="organization")


@pytest.fixture
def ana(acme):
    return ContactFactory(organization=acme)


@pytest.fixture
def luis(acme):
    return ContactFactory(organization=acme)


def tickets(contact, **rules):
    return set(Ticket.objects.visible_to_contact(contact, PortalRules(**rules)))


def texts(contact, **rules):
    messages = Message.objects.visible_to_contact(contact, PortalRules(**rules))
    return list(messages.for_thread().values_list("body_text", flat=True))


class TestTicketsOfAContact:
    def test_their_own(self, ana, luis):
        """B15."""
        mine, theirs = TicketFactory(contact=ana), TicketFactory(contact=luis)
        assert tickets(ana) == {mine}
        assert tickets(luis) == {theirs}

    def test_the_organizations_where_portal_and_organization_share(self, ana, luis):
        """B16."""
        mine, theirs = TicketFactory(contact=ana), TicketFactory(contact=luis)
        TicketFactory()
        assert tickets(ana, sharing="organization") == {mine, theirs}

    def test_an_organization_that_does_not_share_keeps_them_apart(
        self, acme, ana, luis
    ):
        TicketFactory(contact=luis)
        acme.sharing = "own"
        acme.save()
        assert tickets(ana, sharing="organization") == set()

    def test_only_the_primary_organization_counts(self, ana, luis):
        TicketFactory(contact=luis)
        ana.memberships.update(is_primary=False)
        assert tickets(ana, sharing="organization") == set()

    def test_leaving_the_organization_ends_it(self, ana, luis):
        TicketFactory(contact=luis)
        ana.memberships.all().delete()
        assert tickets(ana, sharing="organization") == set()

    def test_those_they_take_part_in(self, ana):
        taken_part = ParticipantFactory(contact=ana).ticket
        assert tickets(ana) == {taken_part}

    def test_not_one_in_the_trash(self, ana):
        TicketFactory(contact=ana, deleted_at=timezone.now())
        assert tickets(ana) == set()

    def test_not_one_that_is_all_spam(self, ana):
        ticket = TicketFactory(contact=ana)
        ConversationFactory(ticket=ticket, status="spam")
        assert tickets(ana) == set()
        ConversationFactory(ticket=ticket)
        assert tickets(ana) == {ticket}

    def test_nothing_through_a_portal_that_is_off(self, ana):
        """B10."""
        TicketFactory(contact=ana)
        assert tickets(ana, is_active=False) == set()

    def test_nothing_for_nobody_and_for_the_blocked(self, ana):
        TicketFactory(contact=ana)
        assert tickets(None) == set()
        ana.is_blocked = True
        assert tickets(ana) == set()


class TestMessagesOfAContact:
    @pytest.fixture
    def ticket(self, ana):
        return TicketFactory(contact=ana)

    @pytest.fixture
    def first(self, ticket):
        conversation = ConversationFactory(ticket=ticket)
        MessageFactory(conversation=conversation, body_text="first")
        return conversation

    @pytest.fixture
    def second(self, ticket, first):
        conversation = ConversationFactory(ticket=ticket)
        MessageFactory(conversation=conversation, body_text="second")
        return conversation

    def test_all_threads_in_one_timeline(self, ana, second):
        """L2, UX52."""
        assert texts(ana) == ["first", "second"]

    def test_the_original_thread_only_where_the_portal_says_so(self, ana, second):
        """B21."""
        assert texts(ana, thread_policy="original") == ["first"]

    def test_the_original_is_each_tickets_own(self, ana, second):
        other = ConversationFactory(ticket=TicketFactory(contact=ana))
        MessageFactory(conversation=other, body_text="another ticket")
        assert texts(ana, thread_policy="original") == ["first", "another ticket"]

    def test_never_a_note(self, ana, first):
        """B22, L13."""
        MessageFactory(conversation=first, direction="internal", body_text="secret")
        assert texts(ana) == ["first"]

    def test_no_reply_that_may_still_be_taken_back(self, ana, first):
        soon = timezone.now() + timedelta(seconds=10)
        MessageFactory(conversation=first, direction="outbound", release_at=soon)
        assert texts(ana) == ["first"]

    @pytest.mark.parametrize(
        "hidden",
        [
            {"is_customer_visible": False},
            {"status": "spam"},
            {"deleted_at": timezone.now()},
        ],
        ids=["hidden", "spam", "trash"],
    )
    def test_no_conversation_that_is_hidden(self, ana, second, hidden):
        Conversation.objects.filter(pk=second.pk).update(**hidden)
        assert texts(ana) == ["first"]

    def test_a_file_goes_with_its_message(self, ana, luis, first):
        for direction in ("outbound", "internal"):
            message = MessageFactory(conversation=first, direction=direction)
            Attachment.objects.create(
                message=message,
                name=f"{direction}.txt",
                file=f"{direction}.txt",
                content_type="text/plain",
                size=1,
                sha256="0" * 64,
            )

        def files(contact):
            found = Attachment.objects.visible_to_contact(contact, PortalRules())
            return list(found.values_list("name", flat=True))

        assert files(ana) == ["outbound.txt"]
        assert files(luis) == []


class TestTicketsOfAnAgent:
    def test_those_of_their_inboxes(self):
        amy, bob = AgentFactory(), AgentFactory()
        ticket = TicketFactory(inbox=InboxFactory(agents=[amy]))
        message = MessageFactory(conversation__ticket=ticket)
        assert list(Ticket.objects.visible_to_agent(amy)) == [ticket]
        assert list(Message.objects.visible_to_agent(amy)) == [message]
        assert not Ticket.objects.visible_to_agent(bob).exists()
        assert not Message.objects.visible_to_agent(bob).exists()
        assert not Ticket.objects.visible_to_agent(None).exists()

    def test_a_superuser_works_every_inbox(self):
        boss = AgentFactory(user=UserFactory(is_superuser=True))
        ticket = TicketFactory()
        assert list(Ticket.objects.visible_to_agent(boss)) == [ticket]

    @pytest.mark.parametrize("switch", ["agent", "account"])
    @pytest.mark.parametrize("is_superuser", [False, True])
    def test_switched_off_they_see_nothing(self, switch, is_superuser):
        amy = AgentFactory(user=UserFactory(is_superuser=is_superuser))
        TicketFactory(inbox=InboxFactory(agents=[amy]))
        if switch == "agent":
            amy.is_active = False
        else:
            amy.user.is_active = False
        assert not Ticket.objects.visible_to_agent(amy).exists()
        assert not Inbox.objects.visible_to_agent(amy).exists()


@searches
class TestSearch:
    @pytest.fixture
    def ticket(self, ana):
        ticket = TicketFactory(contact=ana, subject="Router restarts")
        conversation = ConversationFactory(ticket=ticket)
        MessageFactory(conversation=conversation, body_text="It is the blue one.")
        MessageFactory(
            conversation=conversation, direction="internal", body_text="Recall 77"
        )
        TicketFactory(subject="Something else")
        index_all()
        return ticket

    @pytest.mark.parametrize(
        "query", ["router", "BLUE ONE", "  restarts ", "{ref}", "#{n}", "{n}", "hd{n}"]
    )
    def test_by_number_subject_and_text(self, ticket, query):
        """UX41."""
        query = query.format(ref=ticket.reference, n=ticket.number)
        assert list(Ticket.objects.search(query, PortalRules())) == [ticket]

    def test_a_customer_finds_nothing_by_a_note(self, ticket):
        assert not Ticket.objects.search("Recall", PortalRules()).exists()
        amy = AgentFactory()
        InboxMembership.objects.create(inbox=ticket.inbox, agent=amy)
        assert list(Ticket.objects.search_with_notes("Recall", amy)) == [ticket]

    def test_an_agent_finds_nothing_by_what_another_inbox_reads(self, ticket):
        amy = AgentFactory()
        InboxMembership.objects.create(inbox=ticket.inbox, agent=amy)
        other = ConversationFactory(ticket=ticket, inbox=InboxFactory())
        MessageFactory(conversation=other, body_text="Not for Amy")
        index_all()
        assert not Ticket.objects.search_with_notes("Not for Amy", amy).exists()

    def test_agents_find_by_who_asks(self, ticket, ana):
        for query in (ana.name, ana.email.upper()):
            assert list(Ticket.objects.search_with_notes(query, None)) == [ticket]

    @pytest.mark.parametrize(
        "query", ["%", "_", "'", '"', "\\", "\x00", "HD-", "#", "9" * 400, "-", "²"]
    )
    def test_no_input_breaks_it(self, ticket, query):
        found = Ticket.objects.search(query, PortalRules())
        assert found.count() in {0, 2}
        assert Ticket.objects.search_with_notes(query, None).count() in {0, 2}

    @pytest.mark.parametrize(
        "hidden",
        [
            {"is_customer_visible": False},
            {"status": "spam"},
            {"deleted_at": timezone.now()},
        ],
        ids=["hidden", "spam", "trash"],
    )
    def test_nobody_finds_by_a_conversation_the_portal_does_not_show(
        self, ticket, hidden
    ):
        other = ConversationFactory(ticket=ticket, **hidden)
        MessageFactory(conversation=other, body_text="Unshown words")
        index_all()
        assert not Ticket.objects.search("Unshown", PortalRules()).exists()

    def test_the_thread_policy_counts_for_the_search_too(self, ticket):
        """L2."""
        MessageFactory(
            conversation=ConversationFactory(ticket=ticket), body_text="Second thread"
        )
        index_all()
        original = PortalRules(thread_policy="original")
        assert list(Ticket.objects.search("Second", PortalRules())) == [ticket]
        assert not Ticket.objects.search("Second", original).exists()

    def test_nothing_typed_is_everything(self, ticket):
        assert Ticket.objects.search(" ", PortalRules()).count() == 2
