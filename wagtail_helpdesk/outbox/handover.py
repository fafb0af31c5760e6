"""Handing one mail to the mail server, and knowing afterwards what became of it."""

from __future__ import annotations

import logging
import re
import smtplib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend as SMTPBackend
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.text import clean_text
from wagtail_helpdesk.compat import mail_backend

logger = logging.getLogger("wagtail_helpdesk.outbox")

#: Seconds for each step before the text has left, where EMAIL_TIMEOUT says nothing.
STEP_SECONDS = 30.0
#: Seconds the server may take for its answer to the text. Giving up costs certainty,
#: so this is long even inside a request.
ANSWER_SECONDS = 60.0
_MAX_REASON = 500
_LINE_WITH_DOT = re.compile(rb"(?m)^\.")


class Outcome(Enum):
    """What became of a mail."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    LOST = "lost"
    UNANSWERED = "unanswered"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome with the server's own words."""

    outcome: Outcome
    reason: str = ""


class ServerUnavailable(Exception):
    """No mail can be handed over now: no connection, or no sign-in."""


class _LeaseLost(Exception):
    """Somebody else has taken the delivery over."""


def _said(code: int, words: bytes | str) -> str:
    """A server's answer as one short text."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return clean_text(f"{code} {text}")[:_MAX_REASON]


def _by_code(code: int, words: bytes | str) -> Result:
    """4yz is worth another try, 5yz is not (RFC 5321, section 4.2.1)."""
    permanent = 500 <= code <= 599
    outcome = Outcome.REFUSED if permanent else Outcome.LATER
    return Result(outcome, _said(code, words))


class _WatchedData:
    """The DATA command of one SMTP connection, watched.

    ``smtplib`` raises the same error for a connection that broke before the final dot,
    when the server has nothing, and after it, when it may have everything.

    Attributes:
        handed_over: The final dot has left.
        timed_out: It has, and the server did not answer in time.
    """

    def __init__(self, smtp: smtplib.SMTP, begin: Callable[[], bool]) -> None:
        self._smtp = smtp
        self._begin = begin
        self.handed_over = self.timed_out = False

    def __call__(self, text: bytes) -> tuple[int, bytes]:
        """Do what ``smtplib.SMTP.data`` does, and take note (RFC 5321, 4.1.1.4)."""
        self._smtp.putcmd("data")
        code, answer = self._smtp.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, answer)
        if not self._begin():
            raise _LeaseLost
        text = _LINE_WITH_DOT.sub(b"..", text)
        end = b".\r\n" if text.endswith(b"\r\n") else b"\r\n.\r\n"
        self._smtp.send(text + end)
        self.handed_over = True
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(ANSWER_SECONDS)
        try:
            return self._smtp.getreply()
        except smtplib.SMTPServerDisconnected as error:
            self.timed_out = isinstance(error.__context__, TimeoutError)
            raise


class MailServer:
    """The site's mail backend, connected when it is first needed.

    Works with every backend of Django's mail framework. With SMTP it knows exactly
    how far a mail came; with others, what they raise decides.
    """

    def __init__(self, *, step_seconds: float = STEP_SECONDS) -> None:
        self._step_seconds = step_seconds
        self._backend: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; what the server thinks of that is of no interest."""
        backend, self._backend = self._backend, None
        if backend is not None:
            try:
                backend.close()
            except OSError as error:
                logger.debug("Closing the connection: %s", error)

    def connect(self) -> None:
        """Open the connection, if there is none.

        Raises:
            ServerUnavailable: It does not answer, or does not let us in.
        """
        if self._backend is not None:
            return
        backend = mail_backend()
        if isinstance(backend, SMTPBackend):
            configured = backend.timeout or STEP_SECONDS
            backend.timeout = min(configured, self._step_seconds)
        try:
            backend.open()
        except (OSError, ValueError) as error:
            # smtplib's errors are OSErrors too; a password it cannot encode is none.
            logger.warning("The mail server is not available: %s", error)
            raise ServerUnavailable(clean_text(str(error))[:_MAX_REASON]) from error
        self._backend = backend

    def send(self, mail: EmailMessage, begin: Callable[[], bool]) -> Result:
        """Hand over one mail.

        Args:
            mail: The mail.
            begin: Called at the last moment at which an accident costs nothing; says
                whether the delivery is still ours.
        """
        smtp = getattr(self._backend, "connection", None)
        if isinstance(smtp, smtplib.SMTP):
            return self._send_by_smtp(smtp, mail, begin)
        return self._send_by_other(mail, begin)

    def _send_by_smtp(
        self, smtp: smtplib.SMTP, mail: EmailMessage, begin: Callable[[], bool]
    ) -> Result:
        watched = _WatchedData(smtp, begin)
        # On this connection only: the site's backend still does all the rest.
        vars(smtp)["data"] = watched
        usable = False
        try:
            self._backend.send_messages([mail])
            usable = True
        except _LeaseLost:
            return Result(Outcome.NOT_OURS)
        except smtplib.SMTPRecipientsRefused as error:
            usable = True
            return _by_code(*next(iter(error.recipients.values())))
        except smtplib.SMTPResponseException as error:
            usable = True
            return _by_code(error.smtp_code, error.smtp_error)
        except smtplib.SMTPNotSupportedError as error:
            usable = True
            return Result(Outcome.REFUSED, clean_text(str(error))[:_MAX_REASON])
        except OSError as error:
            reason = clean_text(str(error))[:_MAX_REASON]
            if not watched.handed_over:
                return Result(Outcome.LATER, reason)
            if watched.timed_out:
                return Result(Outcome.UNANSWERED, reason)
            return Result(Outcome.LOST, reason)
        finally:
            if smtp.sock is None or not usable:
                self.close()
            else:
                smtp.sock.settimeout(self._backend.timeout)
        return Result(Outcome.SENT)

    def _send_by_other(self, mail: EmailMessage, begin: Callable[[], bool]) -> Result:
        if not begin():
            return Result(Outcome.NOT_OURS)
        try:
            sent = self._backend.send_messages([mail])
        except Exception as error:
            # A backend of the site's own may raise anything, and none of it may keep
            # the other mails from leaving.
            logger.exception("The mail backend failed")
            return _by_exception(error)
        finally:
            # Django's file backend writes one file per connection.
            self.close()
        if sent == 0:
            return Result(Outcome.LATER, _("The mail backend sent nothing."))
        return Result(Outcome.SENT)


def _by_exception(error: Exception) -> Result:
    """What an error of a backend that is not SMTP says about the mail."""
    reason = clean_text(f"{type(error).__name__}: {error}")[:_MAX_REASON]
    # The status of a provider's answer, as django-anymail keeps it.
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status >= 400:
        again = status == 429 or status >= 500
        return Result(Outcome.LATER if again else Outcome.REFUSED, reason)
    if isinstance(error, TimeoutError):
        return Result(Outcome.UNANSWERED, reason)
    if isinstance(error, ConnectionRefusedError | socket.gaierror):
        return Result(Outcome.LATER, reason)
    return Result(Outcome.LOST, reason)
