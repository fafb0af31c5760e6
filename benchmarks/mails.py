"""Mails for the intake, the same for every system: half new, half answers to threads.

Pure standard library. ``python -m benchmarks.mails --system helpdesk --size 10000 --db
postgres --count 1000 --to DIRECTORY`` writes ``0000.eml`` and so on. What an answer
belongs to is named as each system's own mails do, by the loaded manifest's
``mail_threads``: the tag in the subject and, where the system has one, the Message-ID
of the mail that is answered.
"""

from __future__ import annotations

import argparse
import base64
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from random import Random

from benchmarks import manifest
from benchmarks.dataset import Dataset, Ticket
from benchmarks.dataset.core import END
from benchmarks.dataset.words import Language

#: The inbox of the data set that all mails are for.
INBOX = 0
#: How many threads are answered, at most.
_THREADS = 500
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


def threads(data: Dataset) -> list[Ticket]:
    """The tickets that are answered: the newest open ones with a reply of an agent.

    Not those of the huge organization, which has one address in one of the systems,
    nor those that other workloads read.
    """
    special = {data.fifty, data.longest, *data.small}
    found = []
    for number in range(data.size - 1, -1, -1):
        if number in special:
            continue
        ticket = data.ticket(number)
        replied = any(
            e.kind == "message" and e.agent is not None for e in ticket.entries
        )
        is_open = ticket.stage != "closed" and ticket.organization != 0
        if replied and is_open and ticket.inbox == INBOX:
            found.append(ticket)
        if len(found) == _THREADS or data.size - number > 50_000:
            break
    return found


def mails(
    data: Dataset,
    count: int,
    names: Sequence[Mapping[str, str]],
    *,
    turn: int = 0,
) -> Iterator[bytes]:
    """Raw mails, new requests and answers by turns.

    Args:
        data: The data set that is loaded.
        count: How many.
        names: ``mail_threads`` of the manifest: for each thread its ``number`` in the
            data set, the ``tag`` for the subject, and ``in_reply_to`` or an empty text.
        turn: Another one gives other mails, with other Message-IDs.
    """
    rng = Random(f"{data.seed}/mails/{turn}")
    languages = {code: Language(code) for code in ("en", "es", "pt")}
    to = data.inboxes()[INBOX].email
    for place in range(count):
        if place % 2 and names:
            name = names[place // 2 % len(names)]
            ticket = data.ticket(int(name["number"]))
            contact = data.people.contact(ticket.contact)
            mail = _mail(languages[contact.language], rng, quoted=_last_reply(ticket))
            mail["Subject"] = f"Re: {name['tag']} {ticket.subject}"
            if name["in_reply_to"]:
                mail["In-Reply-To"] = name["in_reply_to"]
                mail["References"] = name["in_reply_to"]
        else:
            # Half of them are from people who have written before.
            known = int(rng.random() * data.people.contacts)
            contact = data.people.contact(known)
            mail = _mail(languages[contact.language], rng)
            mail["Subject"] = languages[contact.language].subject(rng)
        sender = contact.email
        if place % 4 == 0:
            sender = f"stranger{turn}.{place}@new.example"
        mail["From"] = f"{contact.name} <{sender}>"
        mail["To"] = f"Support <{to}>"
        mail["Date"] = format_datetime(END + timedelta(seconds=place))
        mail["Message-ID"] = f"<{turn}.{place}.{data.seed}.{data.size}@new.example>"
        for number, part in enumerate(mail.walk()):
            if part.is_multipart():
                # Else it is random.
                part.set_boundary(f"part-{turn}-{place}-{number}")
        yield mail.as_bytes(policy=SMTP)


def _last_reply(ticket: Ticket) -> str:
    return next(
        entry.text
        for entry in reversed(ticket.entries)
        if entry.kind == "message" and entry.agent is not None
    )


def _mail(language: Language, rng: Random, quoted: str = "") -> EmailMessage:
    """A mail as usual programs write it: most have HTML too, few have files."""
    mail = EmailMessage()
    text = language.text(rng, rng.randint(2, 8))
    quote = ""
    if quoted:
        lines = "\n".join(f"> {line}" for line in quoted.splitlines())
        quote = f"\n\nOn Sun, 1 Nov 2026 at 10:00, Support wrote:\n{lines}\n"
    mail.set_content(text + quote)
    if rng.random() < 0.6:
        paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
        cited = ""
        if quoted:
            cited = (
                '<div class="gmail_quote"><div>On Sun, 1 Nov 2026 at 10:00, Support '
                f"wrote:</div><blockquote>{quoted}</blockquote></div>"
            )
        mail.add_alternative(
            f"<html><body><div>{paragraphs}</div>{cited}</body></html>", subtype="html"
        )
    if rng.random() < 0.15:
        log = "\n".join(f"{line:04d} link up" for line in range(50))
        mail.add_attachment(log.encode(), "text", "plain", filename="diagnostics.txt")
    if rng.random() < 0.05:
        mail.add_attachment(_PIXEL, "image", "png", filename="screen.png")
    return mail


def main() -> None:
    """Write the mails for a loaded system."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--system", required=True)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--db", choices=("postgres", "sqlite"), required=True)
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--turn", type=int, default=0)
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    content = manifest.read(db=options.db, size=options.size, system=options.system)
    data = Dataset(options.size, content["seed"])
    options.to.mkdir(parents=True, exist_ok=True)
    names = content["mail_threads"]
    for place, mail in enumerate(mails(data, options.count, names, turn=options.turn)):
        Path(options.to, f"{place:04d}.eml").write_bytes(mail)


if __name__ == "__main__":
    main()
