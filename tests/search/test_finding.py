"""Who finds which ticket by which text (R9, R10, B61, UX41)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import (
    AgentFactory,
    ContactFactory,
    ConversationFactory,
    InboxFactory,
    MessageFactory,
    TicketFactory,
    UserFactory,
)
from tests.fulltext import index_all, searches
from wagtail_helpdesk import indexing
from wagtail_helpdesk.models import (
    Conversation,
    Inbox,
    InboxMembership,
    Message,
    PortalRules,
    Ticket,
    TicketText,
)

pytestmark = searches

ALL, ORIGINAL = PortalRules(), PortalRules(thread_policy="original")


@pytest.fixture
def ticket(db):
    ticket = TicketFactory(subject="Reinicio del módem")
    conversation = ConversationFactory(ticket=ticket)
    write(conversation, "La facturación de marzo está mal.")
    write(conversation, "Thank you for the serial number WX-118.", "outbound")
    write(conversation, "Probably the mother-in-law again.", "internal")
    other = TicketFactory(subject="Something else")
    write(ConversationFactory(ticket=other), "Nothing of the kind.")
    index_all()
    return ticket


@pytest.fixture
def amy(ticket):
    amy = AgentFactory()
    InboxMembership.objects.create(inbox=ticket.inbox, agent=amy)
    return amy


@pytest.fixture
def superuser(db):
    return AgentFactory(user=UserFactory(is_superuser=True))


def write(conversation, text, direction="inbound", **fields):
    return MessageFactory(
        conversation=conversation, body_text=text, direction=direction, **fields
    )


def by_customer(text, rules=ALL):
    return list(Ticket.objects.search(text, rules).order_by("pk"))


def by_agent(text, agent):
    return list(Ticket.objects.search_with_notes(text, agent).order_by("pk"))


@pytest.mark.parametrize(
    "text",
    [
        "facturacion",
        "FACTURACIÓN",
        "factu",
        "modem",
        "marzo modem",
        "marzo serial",
        "WX-118",
        "wx-11",
        '"facturacion de marzo"',
        '"serial number" marzo',
        "(marzo) & modem*",
        "modem; DROP TABLE --",
    ],
)
def test_all_words_are_found_anywhere_in_the_ticket(ticket, amy, text):
    if "DROP" in text:
        write(ticket.conversations.get(), "drop the table")
        index_all()
    assert by_customer(text) == [ticket]
    assert by_agent(text, amy) == [ticket]


@pytest.mark.parametrize(
    "text",
    [
        "acturacion",
        "factu marzo",
        "marzo unheard",
        '"marzo de facturacion"',
        '"modem la"',
        "modem NOT marzo kind",
    ],
)
def test_other_texts_find_nothing(ticket, amy, text):
    assert by_customer(text) == []
    assert by_agent(text, amy) == []


def test_agents_find_by_notes_and_by_who_asks_and_customers_do_not(ticket, amy):
    name, address = ticket.contact.name, ticket.contact.email
    for text in ("mother-in-law", f"{name} modem", f'"{name}"', address.upper()):
        assert by_agent(text, amy) == [ticket]
        assert by_customer(text) == []


@pytest.mark.parametrize("shape", ["{}", "#{}", "HD-{}", "hd{}"])
def test_by_number_even_before_it_is_indexed(ticket, amy, shape):
    TicketText.objects.all().delete()
    text = shape.format(ticket.number)
    assert by_customer(text) == by_agent(text, amy) == [ticket]


@pytest.mark.parametrize("text", ["?!", "🔥", "''", '"', "---", "()", "ـ", "*", ":*"])
def test_punctuation_alone_finds_nothing_and_blanks_find_all(ticket, amy, text):
    assert by_customer(text) == by_agent(text, amy) == []
    for blank in ("", "  ", "\x00"):
        assert ticket in by_customer(blank)
        assert ticket in by_agent(blank, amy)


ODD = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="\"'*:&|!()<>-+~@\\%_ \x00ab路ﷺ🔥م", max_size=60),
    st.sampled_from(["a" * 10_000, "a " * 5_000, "AND OR NOT NEAR", "zz", "the of to"]),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=ODD)
def test_no_text_is_an_error(ticket, amy, text):
    assert len(by_customer(text)) <= 2
    assert len(by_agent(text, amy)) <= 2
    assert len(Ticket.objects.best_matches(text, amy)) <= 2


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1))
def test_whatever_was_written_is_found(ticket, amy, text):
    from wagtail_helpdesk.fulltext.words import words_of

    Ticket.objects.filter(pk=ticket.pk).update(subject=text[:255])
    indexing.index_tickets([ticket.pk])
    if words_of(text):
        assert ticket in by_agent(text[:200], amy)


class TestWhatIsNotShown:
    """Each word is searched for right after the change and again when indexed."""

    @pytest.mark.parametrize(
        "change",
        [
            {"is_customer_visible": False},
            {"status": "spam"},
            {"deleted_at": timezone.now()},
        ],
        ids=["hidden", "spam", "trash"],
    )
    @pytest.mark.parametrize("is_only_one", [True, False])
    def test_customers_find_nothing_in_a_hidden_conversation(
        self, ticket, amy, change, is_only_one
    ):
        hidden = ticket.conversations.get()
        if not is_only_one:
            write(ConversationFactory(ticket=ticket), "A second matter")
            index_all()
            assert by_customer("marzo matter") == [ticket]
        Conversation.objects.filter(pk=hidden.pk).update(**change)
        for _turn in ("stale", "indexed"):
            assert by_customer("marzo") == []
            assert by_customer("marzo modem") == []
            assert by_customer("modem") == [ticket]
            is_read_by_agents = "deleted_at" not in change
            assert by_agent("marzo modem", amy) == ([ticket] * is_read_by_agents)
            if not is_only_one:
                assert by_customer("modem matter") == [ticket]
                assert by_customer("marzo matter") == []
            index_all()

    def test_customers_find_no_reply_within_its_undo_window(self, ticket, amy):
        release_at = timezone.now() + timedelta(minutes=1)
        conversation = ticket.conversations.get()
        reply = write(conversation, "Premature", "outbound", release_at=release_at)
        write(conversation, "Crossing")
        index_all()
        assert by_customer("premature") == []
        assert by_agent("premature crossing", amy) == [ticket]
        Message.objects.filter(pk=reply.pk).update(release_at=timezone.now())
        TicketText.objects.exclude(due_at=None).update(due_at=timezone.now())
        indexing.handle_due()
        assert by_customer("premature crossing") == [ticket]

    def test_the_original_thread_alone_counts_where_the_portal_says_so(self, ticket):
        """L2."""
        write(ConversationFactory(ticket=ticket), "A second matter")
        index_all()
        assert by_customer("matter", ORIGINAL) == []
        assert by_customer("marzo modem", ORIGINAL) == [ticket]
        assert by_customer("marzo matter", ALL) == [ticket]
        first = ticket.conversations.order_by("pk")[:1]
        Conversation.objects.filter(pk=first[0].pk).update(is_customer_visible=False)
        for _turn in ("stale", "indexed"):
            assert by_customer("matter modem", ORIGINAL) == [ticket]
            assert by_customer("marzo", ORIGINAL) == []
            index_all()

    def test_agents_find_nothing_in_another_inbox(self, ticket, amy, superuser):
        other = ConversationFactory(ticket=ticket, inbox=InboxFactory())
        write(other, "Not for Amy")
        index_all()
        assert by_agent("amy", amy) == by_agent("amy modem", amy) == []
        assert by_agent("marzo modem", amy) == [ticket]
        assert by_agent("amy marzo modem", superuser) == [ticket]

    def test_nobody_finds_what_is_in_the_trash(self, ticket, amy, superuser):
        Ticket.objects.filter(pk=ticket.pk).update(deleted_at=timezone.now())
        visible = Ticket.objects.visible_to_agent(superuser)
        assert not visible.search_with_notes("marzo", superuser).exists()
        contact = Ticket.objects.visible_to_contact(ticket.contact, ALL)
        assert not contact.search("marzo", ALL).exists()

    def test_deleting_a_ticket_deletes_its_words(self, ticket):
        ticket.delete()
        assert not TicketText.objects.filter(words__matches=_phrases("marzo")).exists()

    def test_an_agent_who_left_finds_nothing_but_what_the_ticket_says(self, ticket):
        assert by_agent("marzo", AgentFactory()) == []
        assert by_agent("marzo", None) == []


def _phrases(text):
    from wagtail_helpdesk.fulltext.words import phrases_of

    return phrases_of(text)


@pytest.mark.parametrize("policy", ["all", "original"])
def test_a_portal_shows_the_messages_of_the_conversations_it_shows(db, policy):
    """The search asks for conversations what the thread asks for messages (R10)."""
    rules = PortalRules(thread_policy=policy)
    ticket = TicketFactory()
    for change in (
        {"is_customer_visible": False},
        {"status": "spam"},
        {"deleted_at": timezone.now()},
        {},
        {"status": "closed"},
    ):
        write(ConversationFactory(ticket=ticket, **change), "x")
    assert set(Conversation.objects.shown_in(rules)) == {
        message.conversation
        for message in Message.objects.shown_in(rules).select_related("conversation")
    }


WORDS = ("alpha", "beta", "gamma", "delta")
MESSAGES = st.lists(
    st.tuples(
        st.sampled_from(WORDS),
        st.sampled_from(["inbound", "outbound", "internal"]),
        st.booleans(),
    ),
    max_size=4,
)
THREADS = st.lists(
    st.tuples(
        MESSAGES,
        st.sampled_from(["open", "closed", "spam"]),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    max_size=3,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    subject=st.sampled_from(["nothing", "alpha"]),
    threads=THREADS,
    asked=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True),
)
def test_a_ticket_is_found_by_exactly_the_words_that_may_be_read(
    amy, superuser, subject, threads, asked
):
    """The exact rule decides, whatever the index has collected (R9, R10)."""
    inbox = Inbox.objects.get(memberships__agent=amy)
    ticket = TicketFactory(
        subject=subject, inbox=inbox, contact=ContactFactory(name="Nobody")
    )
    later = timezone.now() + timedelta(hours=1)
    for messages, status, is_shown, is_trashed, is_elsewhere in threads:
        conversation = ConversationFactory(
            ticket=ticket,
            inbox=InboxFactory() if is_elsewhere else inbox,
            channel=None,
            status=status,
            is_customer_visible=is_shown,
            deleted_at=timezone.now() if is_trashed else None,
        )
        for word, direction, is_waiting in messages:
            write(
                conversation,
                word,
                direction,
                release_at=later if is_waiting and direction == "outbound" else None,
            )
    indexing.index_tickets([ticket.pk])

    def expected(messages):
        readable = {subject} | set(
            messages.filter(conversation__ticket=ticket).values_list(
                "body_text", flat=True
            )
        )
        return set(asked) <= readable

    text = " ".join(asked)
    for rules in (ALL, ORIGINAL):
        found = ticket in by_customer(text, rules)
        visible = expected(Message.objects.shown_in(rules))
        # What follows a reply that may still be taken back is found a moment later.
        waits = Message.objects.filter(release_at__gt=timezone.now()).exists()
        assert found == visible or (waits and visible)
    for agent in (amy, superuser):
        found = ticket in by_agent(text, agent)
        assert found == expected(Message.objects.visible_to_agent(agent))
    ticket.delete()


class TestBestFirst:
    """The order by how well a ticket fits, for searches of the workspace."""

    @pytest.fixture
    def word(self, amy):
        """One that no other test writes.

        InnoDB weighs a word by how many rows have it, and counts deleted ones, too.
        """
        return f"printer{amy.pk}"

    @pytest.fixture
    def fits(self, amy, word):
        inbox = Inbox.objects.get(memberships__agent=amy)
        texts = [word, f"a {word} among many other things that are said here"]
        now = timezone.now()
        made = [
            TicketFactory(
                inbox=inbox,
                subject="Question" if number else word,
                last_activity_at=now - timedelta(hours=number * 5),
            )
            for number in range(2)
        ]
        for made_ticket, text in zip(made, texts, strict=True):
            write(ConversationFactory(ticket=made_ticket), text)
        Ticket.objects.filter(pk=made[0].pk).update(
            last_activity_at=now - timedelta(days=9)
        )
        # A word that all have says nothing: MariaDB and MySQL give it no weight.
        for _number in range(8):
            TicketFactory(inbox=inbox, subject="Kettle")
        index_all()
        return made

    def test_the_better_match_comes_first_though_it_is_older(self, fits, word, amy):
        best = Ticket.objects.best_matches(word, amy)
        assert list(best.order_by("-match", "-pk")) == fits

    def test_it_finds_no_more_than_the_search(self, fits, word, amy, superuser):
        for agent in (amy, AgentFactory(), superuser):
            found = set(by_agent(word, agent))
            assert set(Ticket.objects.best_matches(word, agent)) == found

    @pytest.mark.parametrize("expected", [0, 10_000])
    def test_a_common_word_is_found_like_a_rare_one(
        self, fits, word, amy, monkeypatch, expected
    ):
        """PostgreSQL walks the list where it expects many matches."""
        monkeypatch.setattr(
            "wagtail_helpdesk.fulltext.postgresql.estimate", lambda _rows: expected
        )
        assert by_agent(word, amy) == fits
        assert by_agent(f"{word} question", amy) == fits[1:]
        assert by_customer(f"{word} question") == fits[1:]
        assert by_agent(fits[0].reference, amy) == fits[:1]
        best = Ticket.objects.best_matches(word, amy)
        assert list(best.order_by("-match", "-pk")) == fits

    def test_only_the_newest_are_weighed(self, fits, word, amy, monkeypatch):
        monkeypatch.setattr("wagtail_helpdesk.models.ticket_search.MOST_RANKED", 1)
        assert list(Ticket.objects.best_matches(word, amy)) == fits[1:]
