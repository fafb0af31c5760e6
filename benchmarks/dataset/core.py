"""The data set as a whole, and how its tickets come about."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from benchmarks.dataset import people
from benchmarks.dataset.articles import articles, categories
from benchmarks.dataset.records import (
    Agent,
    Article,
    Attachment,
    Category,
    Contact,
    Entry,
    Inbox,
    Organization,
    Stage,
    Ticket,
)
from benchmarks.dataset.words import LANGUAGES, Language

#: Words to search for, in opening messages and articles; in no language's vocabulary.
#: About 20 tickets whatever the size, 1 % and 15 % of the tickets.
RARE, MEDIUM, COMMON = "zirconette", "gantrypole", "hubstation"

#: When the history ends, always: the same data tomorrow.
END = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAYS = 730
#: Messages and notes of a ticket.
MEDIAN_MESSAGES, MOST_MESSAGES = 6, 200
_RARE_TICKETS = 20
_LEAST = 100
_TAGS = ("firmware", "billing", "pairing", "vpn", "returns", "how-to", "outage")
_INBOX_SHARES = (0.5, 0.75, 0.9, 1.0)


class Dataset:
    """Everything a system is loaded with.

    Args:
        size: How many tickets, at least 100.
        seed: The same size and seed give the same data, in every process.

    Attributes:
        people: How many organizations and contacts there are, and who of them the
            workloads sign in.
        fifty: Index of an open ticket with exactly 50 messages, by ``huge_contact``.
        longest: Index of a ticket with 200 messages.
        small: Indexes of the three tickets of the small organization; the last is
            open.
    """

    def __init__(self, size: int, seed: int) -> None:
        if size < _LEAST:
            raise ValueError(f"A data set has at least {_LEAST} tickets")
        self.size = size
        self.seed = seed
        self.people = people.People(size)
        self.fifty = size - size // 50 - 2
        self.longest = size // 2
        self.small = (size // 4, size * 3 // 4, size - size // 60 - 1)
        self._languages = {code: Language(code) for code in LANGUAGES}

    def organizations(self) -> Iterator[Organization]:
        """All organizations, the largest first."""
        return map(self.people.organization, range(self.people.organizations))

    def contacts(self) -> Iterator[Contact]:
        """All contacts, those of the largest organization first."""
        return map(self.people.contact, range(self.people.contacts))

    def agents(self) -> list[Agent]:
        """All agents."""
        return people.agents()

    def inboxes(self) -> list[Inbox]:
        """All inboxes."""
        return people.inboxes()

    def categories(self) -> list[Category]:
        """The sections of the knowledge base."""
        return categories()

    def articles(self) -> Iterator[Article]:
        """The articles of the knowledge base."""
        return articles(self.seed, COMMON, MEDIUM, RARE)

    def tickets(self) -> Iterator[Ticket]:
        """All tickets in the order they were opened; the business grows with time."""
        for index in range(self.size):
            yield self.ticket(index)

    def ticket(self, index: int) -> Ticket:
        """One ticket; it does not depend on the others."""
        rng = Random(f"{self.seed}/{self.size}/{index}")
        share = (index + rng.random()) / self.size
        opened = END - timedelta(seconds=int(DAYS * 86_400 * (1 - math.sqrt(share))))
        opened = min(opened, END - timedelta(seconds=1))
        contact = self._contact(index, rng)
        language = self.people.contact(contact).language
        inbox = next(i for i, s in enumerate(_INBOX_SHARES) if rng.random() < s)
        writer = _Writer(self._languages[language], rng)
        stage, owner, entries = writer.history(
            opened, self._length(index, rng), stays_open=index in self._open
        )
        return Ticket(
            number=index,
            subject=writer.language.subject(rng),
            body=self._opening(index, writer, rng),
            contact=contact,
            organization=self.people.organization_of(contact),
            inbox=inbox,
            opened_at=opened,
            language=language,
            priority=rng.choices((1, 2, 3, 4), (15, 70, 12, 3))[0],
            tags=tuple(rng.sample(_TAGS, 1 + (rng.random() < 0.3)))
            if rng.random() < 0.25
            else (),
            files=writer.files(),
            entries=tuple(entries),
            stage=stage,
            owner=owner,
        )

    @property
    def _open(self) -> tuple[int, int]:
        return self.fifty, self.small[-1]

    def _contact(self, index: int, rng: Random) -> int:
        if index == self.fifty:
            return self.people.huge_contact
        if index in self.small:
            return self.people.small_contact
        return self.people.random_contact(rng)

    def _length(self, index: int, rng: Random) -> int:
        """How many messages: log-normal around the median, with a long tail."""
        if index == self.fifty:
            return 50
        if index == self.longest:
            return MOST_MESSAGES
        if rng.random() < 0.002:
            return rng.randint(40, MOST_MESSAGES)
        length = round(math.exp(rng.gauss(math.log(MEDIAN_MESSAGES), 0.6)))
        return min(MOST_MESSAGES, max(1, length))

    def _opening(self, index: int, writer: _Writer, rng: Random) -> str:
        text = writer.language.text(rng, rng.randint(2, 8))
        words = []
        if index % (self.size // _RARE_TICKETS) == 3:
            words.append(RARE)
        if rng.random() < 0.01:
            words.append(MEDIUM)
        if rng.random() < 0.15:
            words.append(COMMON)
        return " ".join([text, *(f"It is about the {word}." for word in words)])


class _Writer:
    """Makes up what happens to one ticket."""

    def __init__(self, language: Language, rng: Random) -> None:
        self.language = language
        self.rng = rng

    def history(
        self, opened: datetime, length: int, *, stays_open: bool
    ) -> tuple[Stage, int | None, list[Entry]]:
        """The stage and owner it ends with, and the steps, none after ``END``."""
        rng, random, text = self.rng, self.rng.random, self.language.text
        entries: list[Entry] = []
        stage: Stage = "new"
        owner: int | None = None
        customers_turn = False
        closes = not stays_open and random() < _closed_share(opened)
        agent = int(random() * 8)
        # What is to have all its messages must not run into the end of history.
        pause = 8.0 if length < 40 else 1.0
        if stays_open:
            pause = min(pause, (END - opened).total_seconds() / 3_600 / length / 9)
        at = opened
        if length > 1 and random() < 0.9:
            at = self._later(at, pause / 4)
            if at >= END:
                return stage, owner, entries
            entries.append(Entry(at, "owner", agent, value=agent))
            entries.append(Entry(at, "stage", agent, value="open"))
            stage, owner = "open", agent
        for _ in range(1, length):
            at = self._later(at, pause)
            if at >= END:
                return stage, owner, entries
            if random() < 0.12:
                note = text(rng, 1 + int(random() * 3))
                entries.append(Entry(at, "note", agent, note))
            elif customers_turn:
                body = text(rng, 1 + int(random() * 5))
                entries.append(Entry(at, "message", None, body, files=self.files()))
                customers_turn = False
                stage = "open" if stage == "waiting" else stage
            else:
                entries.append(
                    Entry(at, "message", agent, text(rng, 2 + int(random() * 5)))
                )
                customers_turn = True
                if stage != "waiting" and random() < 0.15:
                    entries.append(Entry(at, "stage", agent, value="waiting"))
                    stage = "waiting"
            if random() < 0.02:
                priority = 1 + int(random() * 4)
                entries.append(Entry(at, "priority", agent, value=priority))
        at = self._later(at, 12)
        if closes and at < END:
            entries.append(Entry(at, "stage", agent, value="closed"))
            stage = "closed"
        return stage, owner, entries

    def _later(self, at: datetime, hours: float) -> datetime:
        """Later by ``hours`` on average, at least by a second."""
        seconds = 1 + int(-math.log(1 - self.rng.random()) * hours * 3_600)
        return at + timedelta(seconds=seconds)

    def files(self) -> tuple[Attachment, ...]:
        """Mostly none."""
        if self.rng.random() >= 0.01:
            return ()
        number = int(self.rng.random() * 900_000)
        lines = (f"{line:04d} link {number + line}" for line in range(40))
        content = "\n".join(lines).encode()
        return (Attachment(f"diagnostics-{number}.log", content),)


def _closed_share(opened: datetime) -> float:
    """How likely a ticket of this age is closed."""
    days = (END - opened).days
    return 0.985 if days > 30 else 0.4 + days * 0.019
