"""A real SMTP server on the loopback address, which misbehaves as it is told."""

from __future__ import annotations

import asyncio
import email
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as SMTPProtocol
from django.test import override_settings

#: How long a test waits for something that must happen. It fails afterwards.
DEADLINE = 30


@dataclass
class Envelope:
    """A mail the server has taken."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def message(self) -> Message:
        return email.message_from_bytes(self.raw)

    def text(self, subtype: str = "plain") -> str:
        for part in self.message.walk():
            if part.get_content_type() == f"text/{subtype}":
                return part.get_payload(decode=True).decode()
        raise AssertionError(f"The mail has no text/{subtype}")


@dataclass
class MailHost:
    """An aiosmtpd handler.

    Attributes:
        taken: The mails it has taken, in order.
        refuse_recipient: Answer to RCPT, by address.
        answer_to_data: Answers to the next texts, the first one first; ``None`` closes
            the connection without an answer.
        takes_anyway: Take a text whatever the answer to it is.
        never_answers: Take the text and say nothing.
        on_step: Called with each step of the dialogue: ``ehlo``, ``mail``, ``rcpt``,
            ``data`` (before 354), ``text`` (after 354) and ``taken``.
    """

    taken: list[Envelope] = field(default_factory=list)
    refuse_recipient: dict[str, str] = field(default_factory=dict)
    answer_to_data: list[str | None] = field(default_factory=list)
    takes_anyway: bool = False
    never_answers: bool = False
    on_step: Callable[[str], None] = lambda step: None
    arrived: threading.Condition = field(default_factory=threading.Condition)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        self.on_step("ehlo")
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        self.on_step("mail")
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.on_step("rcpt")
        if address in self.refuse_recipient:
            return self.refuse_recipient[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        got = Envelope(envelope.mail_from, list(envelope.rcpt_tos), envelope.content)
        answer = self.answer_to_data.pop(0) if self.answer_to_data else "250 OK"
        if self.takes_anyway or (answer is not None and answer.startswith("2")):
            with self.arrived:
                self.taken.append(got)
                self.arrived.notify_all()
            self.on_step("taken")
        if self.never_answers:
            # Until the client gives up: its leaving cancels this.
            await asyncio.Event().wait()
        if answer is None:
            server.transport.abort()
            return "421 closing"
        return answer

    def wait_for(self, count: int) -> list[Envelope]:
        """Wait until so many mails are there."""
        with self.arrived:
            enough = self.arrived.wait_for(lambda: len(self.taken) >= count, DEADLINE)
        assert enough, f"{len(self.taken)} of {count} mails arrived"
        return self.taken


class _Protocol(SMTPProtocol):
    """Tells the handler about the two ends of the DATA command's first answer."""

    async def smtp_DATA(self, arg):
        self.event_handler.on_step("data")
        await super().smtp_DATA(arg)

    async def push(self, status):
        await super().push(status)
        if status.startswith("354"):
            self.event_handler.on_step("text")


class _Controller(Controller):
    def factory(self) -> SMTPProtocol:
        return _Protocol(self.handler, **self.SMTP_kwargs)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_mail_host(port: int | None = None) -> Iterator[tuple[MailHost, int]]:
    """A server that runs for the length of the block."""
    host = MailHost()
    controller = _Controller(
        host, hostname="127.0.0.1", port=port or free_port(), ready_timeout=DEADLINE
    )
    controller.start()
    try:
        yield host, controller.port
    finally:
        controller.stop(no_assert=True)


@contextmanager
def sending_to(port: int) -> Iterator[None]:
    """Django sends its mail to this port."""
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        EMAIL_TIMEOUT=DEADLINE,
    ):
        yield
