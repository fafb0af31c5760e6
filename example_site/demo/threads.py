"""Reads the conversations of the demo from text files.

A thread begins with ``=== subject`` and header lines; then a line
``--- who +time [file]`` stands before each text.
``also:`` tells it again for another customer and place. ``rated: 5 | words`` is what
the customer said about the help, of the first telling alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from example_site.demo.articles import CONTENT
from example_site.demo.words import LANGUAGES

_ENTRY = re.compile(r"--- (note )?(\w+)(?: \+(\d+)([mhd]))?(?: \[([\w.-]+)\])?")
_VISITOR = re.compile(r"visitor (.+) <(.+)>")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One message or note.

    Attributes:
        author: ``customer``, or the mailbox of an agent such as ``agent2``.
        after: Time since the entry before.
        text: What was said.
        is_note: Whether only agents see it.
        file: Name of an attached file, or empty.
    """

    author: str
    after: timedelta
    text: str
    is_note: bool
    file: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A ticket's story.

    Attributes:
        key: Tells it from the others, also from those told again.
        language: Language code.
        subject: With the place filled in.
        email: Address of the customer.
        name: Name of a visitor without an account, or empty.
        channel: A name in ``desk.CHANNELS``.
        age: Days since it was opened.
        priority: Name of a ``Priority``, in lower case.
        owner: Mailbox of the agent who owns it, or empty.
        tags: Tags.
        article: Slug of the article it was opened from, or empty.
        score: The ``SatisfactionRating.Score`` that the customer gave, or 0.
        comment: What they added.
        end: ``new``, ``in-progress``, ``waiting``, ``closed`` or ``refunded``.
        entries: What was said.
    """

    key: str
    language: str
    subject: str
    email: str
    name: str
    channel: str
    age: int
    priority: str
    owner: str
    tags: tuple[str, ...]
    article: str
    score: int
    comment: str
    end: str
    entries: tuple[Entry, ...]


def read_threads() -> list[Thread]:
    """All threads of the demo, the oldest first."""
    found: list[Thread] = []
    for language in LANGUAGES:
        path = CONTENT / "threads" / f"{language}.txt"
        text = path.read_text(encoding="utf-8")
        for number, part in enumerate(text.split("=== ")[1:]):
            found += _read(part, language, f"{language}-{number}")
    return sorted(found, key=lambda thread: -thread.age)


def _read(text: str, language: str, key: str) -> Iterator[Thread]:
    head, *rest = re.split(r"^(?=--- )", text, flags=re.MULTILINE)
    subject, *lines = head.strip().splitlines()
    fields: dict[str, str] = {}
    retold: list[list[str]] = []
    for line in lines:
        name, _colon, value = line.partition(":")
        if name == "also":
            retold.append([part.strip() for part in value.split("|")])
        else:
            fields[name] = value.strip()
    entries = tuple(_entry(part) for part in rest)
    email, name = _contact(fields["contact"])
    owner = fields["owner"].replace("none", "")
    score, _bar, comment = fields.get("rated", "0").partition("|")
    first = Thread(
        key=key,
        language=language,
        subject=subject,
        email=email,
        name=name,
        channel=fields["channel"],
        age=int(fields["age"]),
        priority=fields["priority"],
        owner=owner,
        tags=tuple(tag.strip() for tag in fields["tags"].split(",") if tag.strip()),
        article=fields.get("article", ""),
        score=int(score),
        comment=comment.strip(),
        end=fields["end"],
        entries=entries,
    )
    yield _placed(first, fields["site"], 0)
    for place, (who, site, age, end, *owners) in enumerate(retold, 1):
        email, name = _contact(who)
        again = replace(
            first,
            key=f"{key}-{place}",
            email=email,
            name=name,
            age=int(age),
            end=end,
            owner=owners[0] if owners else owner,
            score=0,
            comment="",
        )
        yield _placed(again, site, place)


def _entry(text: str) -> Entry:
    line, _newline, body = text.partition("\n")
    match = _ENTRY.fullmatch(line)
    if match is None:
        raise ValueError(f"“{line}” is no line like “--- agent +2h [file.log]”.")
    note, author, count, unit, file = match.groups()
    after = timedelta(**{_UNITS[unit]: int(count)}) if count else timedelta()
    return Entry(author, after, body.strip(), bool(note), file or "")


def _contact(text: str) -> tuple[str, str]:
    match = _VISITOR.fullmatch(text)
    return (match[2], match[1]) if match else (text, "")


def _placed(thread: Thread, site: str, place: int) -> Thread:
    """The thread at one place, with a serial number of its own."""
    serial = str(771204 + sum(map(ord, thread.key)) * 37 + place * 101)

    def filled(text: str) -> str:
        return text.replace("{site}", site).replace("{serial}", serial)

    entries = tuple(replace(entry, text=filled(entry.text)) for entry in thread.entries)
    return replace(thread, subject=filled(thread.subject), entries=entries)
