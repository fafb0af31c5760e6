"""Merging tickets and undoing it (N15, L5): what each person sees, and who may."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db.models import ProtectedError
from django.utils import timezone

from tests.factories import (
    AgentFactory,
    ContactFactory,
    ConversationFactory,
    InboxFactory,
    OrganizationFactory,
)
from tests.fulltext import searches
from wagtail_helpdesk.access.merge_readers import new_readers
from wagtail_helpdesk.actions import (
    AddNote,
    AddParticipant,
    AssignConversation,
    AssignTicket,
    ChangeParticipant,
    ChangeStage,
    CloseConversation,
    FollowTicket,
    MergeTickets,
    OpenTicket,
    PurgeTrash,
    ReceiveMessage,
    ReplyToTicket,
    RestoreConversation,
    TrashConversation,
    TrashTicket,
    UnmergeTicket,
)
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.indexing import handle_due
from wagtail_helpdesk.models import (
    Agent,
    Conversation,
    Event,
    Message,
    Participant,
    PortalRules,
    Ticket,
)

pytestmark = pytest.mark.django_db

ORIGINAL = PortalRules(thread_policy="original")
RULES = [PortalRules(), PortalRules(sharing="organization"), ORIGINAL]


@pytest.fixture
def luis(db):
    return ContactFactory(name="Luis", email="luis@other.example")


@pytest.fixture
def other(channel, contact):
    """A second ticket of the same contact."""
    return open_ticket(channel, contact, "Router again", "It restarts again.")


def open_ticket(channel, contact, subject, text):
    return (
        OpenTicket(channel=channel, contact=contact, subject=subject, body_text=text)
        .execute()
        .ticket
    )


def merge(source, target, agent, **kwargs):
    if "agreed" not in kwargs:
        kwargs["agreed"] = new_readers(source, target).key
    return MergeTickets(source=source, target=target, actor=agent, **kwargs).execute()


def unmerge(ticket, agent):
    return UnmergeTicket(ticket=Ticket.objects.get(pk=ticket.pk), actor=agent).execute()


def texts(contact, rules=RULES[0]):
    """What a contact reads: the texts by ticket."""
    found = {}
    for ticket in Ticket.objects.visible_to_contact(contact, rules).order_by("pk"):
        seen = Message.objects.visible_to_contact(contact, rules)
        seen = seen.filter(conversation__ticket=ticket).order_by("created_at", "pk")
        found[ticket.pk] = list(seen.values_list("body_text", flat=True))
    return found


def what_everybody_sees(people, agents):
    """Lists, threads and searches of each person under each rule."""
    handle_due()
    seen = {}
    for person in people:
        for number, rules in enumerate(RULES):
            tickets = Ticket.objects.visible_to_contact(person, rules)
            seen[person.pk, number] = (
                texts(person, rules),
                sorted(tickets.search("restarts", rules).values_list("pk", flat=True)),
            )
    for agent in agents:
        tickets = Ticket.objects.visible_to_agent(agent)
        messages = Message.objects.visible_to_agent(agent).order_by("pk")
        seen["agent", agent.pk] = (
            sorted(tickets.values_list("pk", flat=True)),
            list(messages.values_list("conversation__ticket", "pk")),
            sorted(
                tickets.search_with_notes("restarts", agent).values_list(
                    "pk", flat=True
                )
            ),
        )
    return seen


def rows_of(*tickets):
    """Everything that belongs to these tickets, but for their version."""
    pks = [ticket.pk for ticket in tickets]

    def rows(found):
        return list(found.order_by("pk").values())

    own = rows(Ticket.objects.filter(pk__in=pks))
    return (
        [{k: v for k, v in row.items() if k != "version"} for row in own],
        rows(Conversation.objects.filter(ticket__in=pks)),
        rows(Participant.objects.filter(ticket__in=pks)),
        rows(Message.objects.filter(conversation__ticket__in=pks)),
    )


class TestOneTimeline:
    @searches
    def test_the_target_shows_both_and_the_other_is_nowhere(
        self, ticket, other, agent, contact
    ):
        """R9, UX76: one timeline; the merged one leaves every list."""
        AddNote(ticket=ticket, agent=agent, body_text="A note").execute()
        merge(ticket, other, agent)
        assert texts(contact) == {
            other.pk: ["Every ten minutes.", "It restarts again."]
        }
        seen = Message.objects.visible_to_agent(agent).filter(
            conversation__ticket=other
        )
        assert seen.count() == 3
        assert list(Ticket.objects.visible_to_agent(agent)) == [other]
        handle_due()
        found = Ticket.objects.visible_to_agent(agent).search_with_notes("note", agent)
        assert list(found) == [other]
        kinds = Event.objects.filter(kind="ticket_merged").order_by("pk")
        assert [(e.ticket_id, e.data["after"]) for e in kinds] == [
            (ticket.pk, {"into": other.reference}),
            (other.pk, {"from": ticket.reference}),
        ]

    def test_the_first_conversation_of_each_is_shown_where_only_that_is(
        self, ticket, other, agent, contact
    ):
        """L2: an older ticket takes nothing of the target's out of sight."""
        ConversationFactory(ticket=ticket)
        merge(ticket, other, agent)
        assert texts(contact, ORIGINAL)[other.pk] == [
            "Every ten minutes.",
            "It restarts again.",
        ]

    def test_nothing_is_written_where_it_came_from(self, ticket, other, agent, contact):
        moved = ticket.conversations.get()
        merge(ticket, other, agent)
        ReceiveMessage(ticket=other, contact=contact, body_text="More").execute()
        ReplyToTicket(ticket=other, agent=agent, body_text="Answer").execute()
        ChangeStage(
            ticket=other,
            stage=other.pipeline.stages.get(key="closed"),
            actor=agent,
        ).execute()
        moved.refresh_from_db()
        assert (moved.ticket_id, moved.last_seq, moved.status) == (other.pk, 1, "open")


class TestUndo:
    def test_everybody_sees_what_they_saw_before(
        self, channel, ticket, other, agent, foreign_agent, contact, luis
    ):
        """N15: a merge and its undoing leave no trace but in the ledger."""
        acme = OrganizationFactory(name="Acme", sharing="organization")
        cole = ContactFactory(name="Cole", organization=acme)
        Ticket.objects.filter(pk=other.pk).update(organization=acme)
        other.refresh_from_db()
        hers = open_ticket(channel, luis, "Mine restarts", "Mine restarts too.")
        ConversationFactory(ticket=hers, is_customer_visible=False)
        ConversationFactory(ticket=hers, deleted_at=timezone.now())
        ChangeParticipant(ticket=hers, contact=contact, actor=agent).execute()
        people, agents = [contact, luis, cole], [agent, foreign_agent]
        seen, rows = what_everybody_sees(people, agents), rows_of(ticket, other, hers)
        for source in (ticket, hers):
            merge(source, other, agent)
        assert what_everybody_sees(people, agents) != seen
        for source in (ticket, hers):
            unmerge(source, agent)
        assert what_everybody_sees(people, agents) == seen
        assert rows_of(ticket, other, hers) == rows
        kinds = Event.objects.filter(kind="ticket_unmerged")
        assert kinds.count() == 4

    def test_what_was_written_since_stays(self, ticket, other, agent, contact):
        merge(ticket, other, agent)
        ReceiveMessage(ticket=other, contact=contact, body_text="Since").execute()
        unmerge(ticket, agent)
        assert texts(contact) == {
            ticket.pk: ["Every ten minutes."],
            other.pk: ["It restarts again.", "Since"],
        }

    def test_people_of_another_merged_ticket_stay(
        self, channel, ticket, agent, contact, luis
    ):
        first, second = (open_ticket(channel, luis, n, n) for n in ("One", "Two"))
        merge(first, ticket, agent)
        merge(second, ticket, agent)
        unmerge(first, agent)
        assert texts(luis)[ticket.pk] == ["Every ten minutes.", "Two"]
        unmerge(second, agent)
        assert ticket.pk not in texts(luis)

    def test_whom_an_agent_has_added_stays(self, channel, ticket, agent, luis):
        hers = open_ticket(channel, luis, "One", "One")
        merge(hers, ticket, agent)
        ChangeParticipant(ticket=ticket, contact=luis, actor=agent).execute()
        unmerge(hers, agent)
        assert texts(luis)[ticket.pk] == ["Every ten minutes."]

    def test_whom_a_customer_has_added_stays(
        self, channel, ticket, agent, luis, contact
    ):
        hers = open_ticket(channel, luis, "One", "One")
        merge(hers, ticket, agent)
        AddParticipant(
            ticket=ticket,
            contact=contact,
            portal=PortalRules(may_add_people="anyone"),
            email=luis.identities.get().value,
        ).execute()
        unmerge(hers, agent)
        assert texts(luis)[ticket.pk] == ["Every ten minutes."]

    def test_who_was_added_by_an_address_is_known_by_it_only(
        self, channel, ticket, other, agent, contact
    ):
        """UX47: the name of an address that a customer typed stays unsaid."""
        AddParticipant(
            ticket=ticket,
            contact=ticket.contact,
            portal=PortalRules(may_add_people="anyone"),
            email="bob@corp.example",
        ).execute()
        merge(ticket, other, agent)
        row = other.participants.get(contact__identities__value="bob@corp.example")
        assert (row.address, row.added_by) == ("bob@corp.example", ticket.contact)


class TestChain:
    """N15: a ticket that others were merged into may be merged further."""

    @pytest.fixture
    def chain(self, channel, ticket, other, contact, luis, agent):
        """Three tickets with different people; nothing is merged yet."""
        third = open_ticket(channel, luis, "Third restarts", "Third restarts too.")
        ChangeParticipant(
            ticket=ticket, contact=ContactFactory(name="Pia"), actor=agent
        ).execute()
        return ticket, other, third

    def people(self, ticket):
        rows = ticket.participants.select_related("contact").order_by("contact__name")
        return [row.contact.name for row in rows]

    @searches
    def test_all_of_it_is_read_on_the_last_one(self, chain, agent, luis, contact):
        first, second, third = chain
        merge(first, second, agent)
        merge(second, third, agent)
        whole = ["Every ten minutes.", "It restarts again.", "Third restarts too."]
        for rules in RULES:
            assert texts(luis, rules) == {third.pk: whole}
        for earlier in (first, second):
            named = Ticket.objects.visible_to_contact(luis, RULES[0])
            assert named.named(earlier.public_id).get() == third
        assert self.people(third) == sorted([contact.name, "Pia"])
        handle_due()
        found = Ticket.objects.visible_to_agent(agent).search_with_notes("ten", agent)
        assert list(found) == [third]

    @pytest.mark.parametrize("order", [(0, 1), (1, 0)])
    def test_undone_in_either_order_all_is_as_it_was(
        self, chain, order, agent, foreign_agent, contact, luis
    ):
        pia = chain[0].participants.get().contact
        people, agents = [contact, luis, pia], [agent, foreign_agent]
        seen, rows = what_everybody_sees(people, agents), rows_of(*chain)
        merge(chain[0], chain[1], agent)
        merge(chain[1], chain[2], agent)
        for number in order:
            unmerge(chain[number], agent)
        assert what_everybody_sees(people, agents) == seen
        assert rows_of(*chain) == rows

    def test_undone_in_the_middle_it_is_as_after_the_first_merge(
        self, chain, agent, contact, luis
    ):
        first, second, third = chain
        merge(first, second, agent)
        people, rows = [contact, luis], rows_of(*chain)
        seen = what_everybody_sees(people, [agent])
        merge(second, third, agent)
        unmerge(second, agent)
        assert what_everybody_sees(people, [agent]) == seen
        assert rows_of(*chain) == rows

    def test_the_first_one_leaves_the_others_merged(self, chain, agent, luis):
        first, second, third = chain
        merge(first, second, agent)
        merge(second, third, agent)
        unmerge(first, agent)
        assert texts(luis) == {third.pk: ["It restarts again.", "Third restarts too."]}
        assert self.people(third) == [second.contact.name]
        assert self.people(first) == ["Pia"]
        told = Event.objects.filter(kind="ticket_unmerged").order_by("pk")
        assert [(e.ticket, e.data["before"]) for e in told] == [
            (first, {"into": second.reference}),
            (second, {"from": first.reference}),
            (third, {"from": first.reference}),
        ]
        unmerge(second, agent)
        assert texts(luis) == {third.pk: ["Third restarts too."]}
        assert not self.people(second)

    def test_merged_anew_elsewhere_it_no_longer_goes_with_the_middle(
        self, chain, agent
    ):
        first, second, third = chain
        merge(first, second, agent)
        merge(second, third, agent)
        unmerge(first, agent)
        merge(first, third, agent)
        unmerge(second, agent)
        first.refresh_from_db()
        assert first.merged_into == third
        assert list(second.merged.all()) == []

    def test_a_second_click_on_either_changes_nothing(self, chain, agent):
        first, second, third = chain
        merge(first, second, agent)
        merge(second, third, agent)
        assert merge(second, third, agent) == third
        for earlier in (first, second):
            for _click in range(2):
                assert unmerge(earlier, agent) == earlier
        assert Event.objects.filter(kind="ticket_merged").count() == 4

    def test_of_four_the_third_takes_the_first_two_back(self, chain, channel, agent):
        fourth = open_ticket(channel, ContactFactory(), "Fourth", "Fourth")
        tickets = [*chain, fourth]
        for source, target in pairwise(tickets):
            rows = rows_of(*tickets)
            merge(source, target, agent)
        assert fourth.merged.count() == 3
        unmerge(chain[2], agent)
        assert rows_of(*tickets) == rows
        assert set(chain[2].merged.all()) == {chain[0], chain[1]}


class TestAgents:
    """N15: who follows and owns the merged ticket does not lose sight of it."""

    @pytest.fixture
    def colleague(self, channel):
        agent = AgentFactory()
        channel.inbox.memberships.create(agent=agent)
        return agent

    def followers(self, ticket):
        return set(Agent.objects.filter(watches__ticket=ticket))

    def owner(self, ticket):
        return Ticket.objects.get(pk=ticket.pk).owner

    def test_followers_follow_the_target_until_it_is_undone(
        self, ticket, other, agent, colleague
    ):
        FollowTicket(ticket=ticket, agent=agent).execute()
        FollowTicket(ticket=ticket, agent=colleague).execute()
        FollowTicket(ticket=other, agent=agent).execute()
        merge(ticket, other, agent)
        assert self.followers(other) == {agent, colleague}
        unmerge(ticket, agent)
        assert self.followers(other) == {agent}
        assert self.followers(ticket) == {agent, colleague}

    @pytest.mark.parametrize("stops", [True, False])
    def test_who_followed_it_themselves_since_stays(
        self, ticket, other, agent, colleague, stops
    ):
        FollowTicket(ticket=ticket, agent=colleague).execute()
        merge(ticket, other, agent)
        if stops:
            FollowTicket(ticket=other, agent=colleague, follow=False).execute()
        assert FollowTicket(ticket=other, agent=colleague).execute()
        assert not FollowTicket(ticket=other, agent=colleague).execute()
        unmerge(ticket, agent)
        assert self.followers(other) == {colleague}

    def test_who_stopped_since_does_not_come_back(
        self, ticket, other, agent, colleague
    ):
        FollowTicket(ticket=ticket, agent=colleague).execute()
        merge(ticket, other, agent)
        FollowTicket(ticket=other, agent=colleague, follow=False).execute()
        unmerge(ticket, agent)
        assert not self.followers(other)

    def test_followers_of_another_merged_ticket_stay(
        self, channel, contact, ticket, other, agent, colleague
    ):
        third = open_ticket(channel, contact, "Third", "Third")
        for source in (ticket, third):
            FollowTicket(ticket=source, agent=colleague).execute()
            merge(source, other, agent)
        unmerge(ticket, agent)
        assert self.followers(other) == {colleague}
        unmerge(third, agent)
        assert not self.followers(other)

    def test_a_target_without_an_owner_gets_the_one_of_the_merged_ticket(
        self, ticket, other, agent, colleague
    ):
        AssignTicket(ticket=ticket, owner=colleague, actor=agent).execute()
        Event.objects.update(due=0)
        merge(ticket, other, agent)
        assert self.owner(other) == colleague and not self.followers(other)
        history = Event.objects.filter(ticket=other, kind="ticket_assigned")
        assert history.get().data["after"]["name"] == str(colleague)
        # The page says that nobody gets a mail.
        assert not Event.objects.due(Event.Consumer.NOTIFICATIONS).exists()
        unmerge(ticket, agent)
        assert self.owner(other) is None and self.owner(ticket) == colleague
        assert history.count() == 2

    def test_an_owner_who_was_given_it_since_stays(
        self, ticket, other, agent, colleague
    ):
        AssignTicket(ticket=ticket, owner=colleague, actor=agent).execute()
        merge(ticket, other, agent)
        for owner in (agent, colleague):
            AssignTicket(ticket=other, owner=owner, actor=agent).execute()
        unmerge(ticket, agent)
        assert self.owner(other) == colleague

    def test_an_owner_who_took_a_conversation_since_stays(
        self, ticket, other, agent, colleague
    ):
        AssignTicket(ticket=ticket, owner=colleague, actor=agent).execute()
        merge(ticket, other, agent)
        conversation = other.conversations.own().get()
        AssignConversation(
            conversation=conversation, owner=colleague, actor=agent
        ).execute()
        unmerge(ticket, agent)
        assert self.owner(other) == colleague

    def test_where_both_have_one_the_merged_tickets_owner_follows(
        self, ticket, other, agent, colleague
    ):
        AssignTicket(ticket=ticket, owner=colleague, actor=agent).execute()
        AssignTicket(ticket=other, owner=agent, actor=agent).execute()
        merge(ticket, other, agent)
        assert (self.owner(other), self.followers(other)) == (agent, {colleague})
        unmerge(ticket, agent)
        assert (self.owner(other), self.followers(other)) == (agent, set())

    def test_the_same_owner_of_both_does_not_begin_to_follow(
        self, ticket, other, agent
    ):
        for each in (ticket, other):
            AssignTicket(ticket=each, owner=agent, actor=agent).execute()
        merge(ticket, other, agent)
        assert not self.followers(other)

    def test_owners_of_conversations_go_along_where_the_inbox_keeps_them_the_same(
        self, ticket, other, agent, colleague
    ):
        """B104."""
        ticket.inbox.owner_sync = "both"
        ticket.inbox.save()
        AssignTicket(ticket=ticket, owner=colleague, actor=agent).execute()
        rows = rows_of(ticket, other)
        merge(ticket, other, agent)
        assert other.conversations.own().get().owner == colleague
        unmerge(ticket, agent)
        assert rows_of(ticket, other) == rows

    def test_nobody_comes_who_does_not_work_the_targets_inbox(
        self, ticket, other, agent, colleague
    ):
        """B104: nor may anybody else be made the owner there."""
        FollowTicket(ticket=ticket, agent=colleague).execute()
        AssignTicket(ticket=ticket, owner=colleague, actor=agent).execute()
        boss = AgentFactory(user__is_superuser=True)
        FollowTicket(ticket=ticket, agent=boss).execute()
        elsewhere = InboxFactory(agents=[agent])
        Ticket.objects.filter(pk=other.pk).update(inbox=elsewhere)
        other.refresh_from_db()
        merge(ticket, other, agent)
        assert (self.owner(other), self.followers(other)) == (None, {boss})

    def test_along_a_chain_they_come_and_go_with_their_ticket(
        self, channel, contact, ticket, other, agent, colleague
    ):
        third = open_ticket(channel, contact, "Third", "Third")
        FollowTicket(ticket=ticket, agent=agent).execute()
        AssignTicket(ticket=ticket, owner=colleague, actor=agent).execute()
        merge(ticket, other, agent)
        merge(other, third, agent)
        assert (self.owner(third), self.followers(third)) == (colleague, {agent})
        unmerge(ticket, agent)
        for each in (other, third):
            assert (self.owner(each), self.followers(each)) == (None, set())


class TestClosedAndSpam:
    def test_a_closed_ticket_merged_into_an_open_one_leaves_it_open(
        self, ticket, other, agent, contact
    ):
        closed = ticket.pipeline.stages.get(key="closed")
        ChangeStage(ticket=ticket, stage=closed, actor=agent).execute()
        rows = rows_of(ticket, other)
        merge(ticket, other, agent)
        other.refresh_from_db()
        assert not other.is_closed
        assert texts(contact)[other.pk] == ["Every ten minutes.", "It restarts again."]
        unmerge(ticket, agent)
        assert rows_of(ticket, other) == rows

    def test_an_open_ticket_merged_into_a_closed_one_is_closed_with_it(
        self, ticket, other, agent
    ):
        closed = ticket.pipeline.stages.get(key="closed")
        ChangeStage(ticket=other, stage=closed, actor=agent).execute()
        merge(ticket, other, agent)
        other.refresh_from_db()
        assert other.is_closed and not Ticket.objects.live().open().exists()

    def test_spam_stays_out_of_customers_sight_on_either_side(
        self, ticket, other, agent, contact
    ):
        """R9: also where all that the target has of its own is spam."""
        ticket.conversations.update(status="spam")
        rows = rows_of(ticket, other)
        merge(ticket, other, agent)
        assert texts(contact) == {other.pk: ["It restarts again."]}
        unmerge(ticket, agent)
        assert rows_of(ticket, other) == rows
        merge(other, ticket, agent)
        assert texts(contact) == {ticket.pk: ["It restarts again."]}
        unmerge(other, agent)
        assert texts(contact) == {other.pk: ["It restarts again."]}


class TestWhoReadsMore:
    """R10: a merge shows nobody anything unless the agent has said so."""

    def refused(self, source, target, agent, agreed=""):
        with pytest.raises(ActionError) as error:
            merge(source, target, agent, agreed=agreed)
        return error.value.code == "new_readers"

    def test_people_of_either_ticket_need_the_agents_word(
        self, channel, ticket, agent, contact, luis
    ):
        hers = open_ticket(channel, luis, "Other", "Mine")
        readers = new_readers(hers, ticket)
        assert (readers.joining, readers.readers) == ((luis,), (contact,))
        assert self.refused(hers, ticket, agent)
        assert texts(luis) == {hers.pk: ["Mine"]}
        merge(hers, ticket, agent, agreed=readers.key)
        assert texts(luis) == {ticket.pk: ["Every ten minutes.", "Mine"]}

    def test_the_word_holds_for_the_people_that_were_named(
        self, channel, ticket, agent, luis
    ):
        hers = open_ticket(channel, luis, "Other", "Mine")
        agreed = new_readers(hers, ticket).key
        third = ContactFactory()
        ChangeParticipant(ticket=ticket, contact=third, actor=agent).execute()
        assert self.refused(hers, ticket, agent, agreed)

    def test_so_do_members_of_another_organization(self, ticket, other, agent):
        Ticket.objects.filter(pk=other.pk).update(organization=OrganizationFactory())
        other.refresh_from_db()
        assert self.refused(ticket, other, agent)
        assert not new_readers(other, ticket).key

    def test_members_of_one_organization_are_colleagues(self, channel, agent):
        acme = OrganizationFactory(name="Acme")
        one, two = ContactFactory(organization=acme), ContactFactory(organization=acme)
        first = open_ticket(channel, one, "One", "One")
        second = open_ticket(channel, two, "Two", "Two")
        assert new_readers(first, second).are_colleagues(first, second)
        third = ContactFactory()
        ChangeParticipant(ticket=second, contact=third, actor=agent).execute()
        assert not new_readers(first, second).are_colleagues(first, second)


class TestRefused:
    def code(self, source, target, agent):
        with pytest.raises(ActionError) as error:
            merge(source, target, agent)
        return error.value.code

    def test_itself_and_circles(self, channel, ticket, other, agent, contact):
        third = open_ticket(channel, contact, "Third", "Third")
        assert self.code(ticket, ticket, agent) == "same"
        merge(ticket, other, agent)
        assert self.code(other, ticket, agent) == "merged"
        assert self.code(third, ticket, agent) == "merged"
        assert self.code(ticket, third, agent) == "merged"
        merge(other, third, agent)
        for earlier in (ticket, other):
            assert self.code(third, earlier, agent) == "merged"

    def test_a_second_click_changes_nothing(self, ticket, other, agent):
        for _click in range(2):
            assert merge(ticket, other, agent) == other
        for _click in range(2):
            assert unmerge(ticket, agent) == ticket
        for kind in ("ticket_merged", "ticket_unmerged"):
            assert Event.objects.filter(kind=kind).count() == 2

    def test_agents_who_do_not_work_both_inboxes(
        self, ticket, other, agent, foreign_agent
    ):
        third = InboxFactory(agents=[agent])
        Ticket.objects.filter(pk=other.pk).update(inbox=third)
        other.refresh_from_db()
        half = AgentFactory()
        third.memberships.create(agent=half)
        for stranger in (half, foreign_agent):
            for source, target in ((ticket, other), (other, ticket)):
                with pytest.raises(ActionPermissionError):
                    merge(source, target, stranger)
        merge(ticket, other, agent)
        with pytest.raises(ActionPermissionError):
            unmerge(ticket, half)

    def test_one_that_is_gone_for_good_meanwhile(self, ticket, other, agent):
        """It is deleted after the agent's access was looked at."""
        Ticket.objects.filter(pk=other.pk).delete()
        merging = MergeTickets(source=ticket, target=other, actor=agent)
        with pytest.raises(ActionError) as error:
            merging.execute(skip_permission_checks=True)
        assert error.value.code == "changed"

    def test_nothing_is_done_to_what_came_with_a_merge(self, ticket, other, agent):
        """Undoing has to find it as it was, whoever calls the action."""
        conversation = ticket.conversations.get()
        trashed = ConversationFactory(ticket=ticket, deleted_at=timezone.now())
        merge(ticket, other, agent)
        conversation.refresh_from_db()
        trashed.refresh_from_db()
        for action in (
            ReplyToTicket(
                ticket=other, agent=agent, body_text="?", conversation=conversation
            ),
            TrashConversation(conversation=conversation, actor=agent),
            RestoreConversation(conversation=trashed, actor=agent),
            AssignConversation(conversation=conversation, owner=None, actor=agent),
            CloseConversation(conversation=conversation, actor=agent),
        ):
            with pytest.raises(ActionError) as error:
                action.execute()
            assert error.value.code == "merged"

    def test_nothing_is_written_to_a_merged_ticket(self, ticket, other, agent, contact):
        """Who looked before the merge is told; nothing goes where nobody reads."""
        merge(ticket, other, agent)
        for action in (
            ReplyToTicket(ticket=ticket, agent=agent, body_text="Lost?"),
            ReceiveMessage(ticket=ticket, contact=contact, body_text="Lost?"),
            TrashTicket(ticket=ticket, actor=agent),
        ):
            with pytest.raises(ActionError):
                action.execute(skip_permission_checks=True)
        assert not ticket.conversations.exists()


class TestTrash:
    def test_what_is_in_the_trash_is_restored_first(self, ticket, other, agent):
        merge(ticket, other, agent)
        TrashTicket(ticket=other, actor=agent).execute()
        with pytest.raises(ActionError):
            unmerge(ticket, agent)
        assert not Ticket.objects.trashed_for_agent(agent).filter(pk=ticket.pk).exists()

    def test_both_are_deleted_for_good_together(self, ticket, other, agent):
        merge(ticket, other, agent)
        with pytest.raises(ProtectedError):
            other.delete()
        TrashTicket(ticket=other, actor=agent).execute()
        Ticket.objects.filter(pk=other.pk).update(
            deleted_at=timezone.now() - timedelta(days=400)
        )
        assert PurgeTrash().execute() == 1
        assert not Ticket.objects.exists() and not Message.objects.exists()
