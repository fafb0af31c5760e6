"""The benchmark's data: the same for the same seed, and skewed as real desks are."""

import statistics
from collections import Counter

import pytest

from benchmarks.dataset import COMMON, MEDIUM, RARE, Dataset
from benchmarks.mails import mails, threads

SIZE = 4_000


@pytest.fixture(scope="module")
def tickets():
    return list(Dataset(SIZE, 7).tickets())


def test_the_same_seed_gives_the_same_data():
    first, second, other = Dataset(200, 7), Dataset(200, 7), Dataset(200, 8)
    assert list(first.tickets()) == list(second.tickets())
    assert list(first.articles()) == list(second.articles())
    assert list(first.tickets()) != list(other.tickets())
    assert first.ticket(42) == list(second.tickets())[42]


def test_threads_have_one_to_two_hundred_messages_and_six_in_the_middle(tickets):
    lengths = [ticket.messages for ticket in tickets]
    assert statistics.median(lengths) == 6
    assert min(lengths) == 1
    assert max(lengths) == 200


def test_nothing_happens_out_of_order(tickets):
    assert tickets == sorted(tickets, key=lambda ticket: ticket.opened_at)
    for ticket in tickets:
        times = [ticket.opened_at, *(entry.at for entry in ticket.entries)]
        assert times == sorted(times)


def test_few_organizations_ask_often_and_many_once(tickets):
    asked = Counter(ticket.organization for ticket in tickets)
    del asked[None]
    assert asked.most_common(1)[0][0] == 0
    assert asked[0] > SIZE / 25
    assert sum(1 for count in asked.values() if count == 1) > 20
    assert asked[Dataset(SIZE, 7).people.organizations - 1] == 3


def test_few_tickets_are_open(tickets):
    open_ones = sum(ticket.stage != "closed" for ticket in tickets)
    assert 0.02 < open_ones / SIZE < 0.08


def test_planted_words_are_as_rare_as_they_should(tickets):
    found = {
        word: sum(word in ticket.body for ticket in tickets)
        for word in (RARE, MEDIUM, COMMON)
    }
    assert found[RARE] == 20
    assert 0.005 < found[MEDIUM] / SIZE < 0.015
    assert 0.12 < found[COMMON] / SIZE < 0.18


def test_the_tickets_of_the_workloads_are_what_they_should_be():
    data = Dataset(SIZE, 7)
    fifty, longest = data.ticket(data.fifty), data.ticket(data.longest)
    assert (fifty.messages, fifty.stage) == (50, "open")
    assert fifty.contact == data.people.huge_contact
    assert fifty.organization == 0
    assert longest.messages == 200
    assert [data.ticket(number).contact for number in data.small] == [
        data.people.small_contact
    ] * 3


def test_half_of_the_mails_answer_a_thread_and_a_second_run_writes_the_same():
    data = Dataset(1_000, 7)
    names = [
        {"number": str(t.number), "tag": f"[HD-{t.number}]", "in_reply_to": "<a@b>"}
        for t in threads(data)
    ]
    first, second = list(mails(data, 60, names)), list(mails(data, 60, names))
    assert first == second
    assert sum(b"In-Reply-To: <a@b>" in mail for mail in first) == 30
    assert any(b"text/html" in mail for mail in first)
    assert any(b"attachment" in mail for mail in first)
    assert not set(first) & set(mails(data, 60, names, turn=1))
