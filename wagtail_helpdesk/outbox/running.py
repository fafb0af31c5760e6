"""One pass over what is due: what a worker, a cron job or a request does."""

from __future__ import annotations

import logging
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wagtail_helpdesk.channels.email.addresses import AddressNotDeliverable
from wagtail_helpdesk.channels.email.composing import compose
from wagtail_helpdesk.channels.email.content import NoLongerWanted
from wagtail_helpdesk.channels.email.mail import Mail
from wagtail_helpdesk.models import Delivery
from wagtail_helpdesk.outbox import leases
from wagtail_helpdesk.outbox.handover import (
    STEP_SECONDS,
    MailServer,
    Outcome,
    Result,
    ServerUnavailable,
)

logger = logging.getLogger("wagtail_helpdesk.outbox")

#: Deliveries claimed at once: few, so that a lost worker delays few.
BATCH = 10
FIRST_BACK_OFF = timedelta(seconds=30)
LONGEST_BACK_OFF = timedelta(hours=4)
#: With the back-off above, the last attempt is three days after the first (EM28).
MAX_ATTEMPTS = 26
#: A mail that cannot be composed is our mistake, not the server's mood.
MAX_COMPOSING_ATTEMPTS = 4


@dataclass(slots=True)
class RunReport:
    """What one pass did.

    Attributes:
        reclaimed: Deliveries taken back from lost workers or released from the hold.
        sent: Taken by the mail server.
        postponed: To be tried again later.
        failed: Not to be tried again by itself.
        unknown: May have been sent.
        cancelled: Nobody wants them any more.
        server_unavailable: The mail server did not answer or did not let us in.
    """

    reclaimed: int = 0
    sent: int = 0
    postponed: int = 0
    failed: int = 0
    unknown: int = 0
    cancelled: int = 0
    server_unavailable: bool = False

    @property
    def handled(self) -> int:
        """How many deliveries the pass looked at."""
        return self.sent + self.postponed + self.failed + self.unknown + self.cancelled


def back_off(attempts: int) -> timedelta:
    """How long a delivery waits after its ``attempts``-th failure.

    Twice as long each time, up to four hours, and up to a fifth more or less, so that
    what failed together does not come back together.
    """
    doubled = FIRST_BACK_OFF * 2 ** min(attempts - 1, 20)
    jitter = 0.8 + 0.4 * random.random()  # noqa: S311 (nobody gains by guessing it)
    return min(doubled, LONGEST_BACK_OFF) * jitter


def never() -> bool:
    """The default of ``run_due``'s ``should_stop``."""
    return False


def run_due(
    *,
    limit: int | None = None,
    budget_seconds: float = 5.0,
    should_stop: Callable[[], bool] = never,
) -> RunReport:
    """Send what is due. Any number of workers may do this at the same time.

    Args:
        limit: Stop after so many deliveries; ``None``: no limit.
        budget_seconds: Begin no further delivery after so many seconds; the
            connection to the mail server may not take longer either.
        should_stop: Asked before each delivery; for a worker that was told to end.

    Returns:
        What was done.
    """
    return _Run(limit, budget_seconds, should_stop).execute()


class _Run:
    def __init__(
        self, limit: int | None, budget_seconds: float, should_stop: Callable[[], bool]
    ) -> None:
        self.limit = limit
        self.ends_at = time.monotonic() + budget_seconds
        self.should_stop = should_stop
        self.owner = str(uuid.uuid4())
        self.report = RunReport()
        self.server = MailServer(
            step_seconds=min(max(budget_seconds, 1.0), STEP_SECONDS)
        )

    def execute(self) -> RunReport:
        # Reasons are read by agents, so they are in the site's language even when a
        # customer's request does the work.
        with translation.override(settings.LANGUAGE_CODE), self.server:
            self.report.reclaimed = leases.reclaim_lost()
            while not self._is_over():
                batch = leases.claim(self.owner, limit=self._room())
                if not batch:
                    break
                for delivery in batch:
                    self._handle(delivery)
        return self.report

    def _room(self) -> int:
        if self.limit is None:
            return BATCH
        return min(BATCH, self.limit - self.report.handled)

    def _is_over(self) -> bool:
        return (
            self.report.server_unavailable
            or self._room() <= 0
            or time.monotonic() >= self.ends_at
            or self.should_stop()
        )

    def _handle(self, delivery: Delivery) -> None:
        if self.report.server_unavailable:
            leases.give_back(
                delivery, self.owner, run_at=timezone.now() + FIRST_BACK_OFF
            )
        elif self._is_over():
            leases.give_back(delivery, self.owner)
        else:
            mail = self._compose(delivery)
            if mail is not None:
                self._send(delivery, mail)

    def _compose(self, delivery: Delivery) -> Mail | None:
        try:
            return compose(delivery)
        except NoLongerWanted as change:
            leases.finish_cancelled(delivery, self.owner, str(change))
            self.report.cancelled += 1
        except AddressNotDeliverable as error:
            self._fail(delivery, str(error))
        except Exception as error:
            # A template of the site's own may raise anything, and a mail that cannot
            # be composed may not keep the others from leaving.
            logger.exception("Mail %s cannot be composed", delivery.key)
            reason = _("The mail could not be composed: %(error)s") % {
                "error": f"{type(error).__name__}: {error}"
            }
            self._later(delivery, reason, attempts=MAX_COMPOSING_ATTEMPTS)
        return None

    def _send(self, delivery: Delivery, mail: Mail) -> None:
        external_id = mail.extra_headers["Message-ID"]
        try:
            self.server.connect()
        except ServerUnavailable as error:
            self.report.server_unavailable = True
            reason = _("The mail server is not available: %(error)s") % {"error": error}
            self._later(delivery, reason)
            return
        result = self.server.send(
            mail,
            lambda: leases.begin_sending(delivery, self.owner, external_id=external_id),
        )
        self._finish(delivery, result)

    def _finish(self, delivery: Delivery, result: Result) -> None:
        match result.outcome:
            case Outcome.SENT:
                if leases.finish_sent(delivery, self.owner):
                    self.report.sent += 1
            case Outcome.LATER:
                self._later(delivery, result.reason)
            case Outcome.REFUSED:
                self._fail(delivery, result.reason)
            case Outcome.LOST | Outcome.UNANSWERED:
                hold = result.outcome is Outcome.LOST
                leases.finish_unknown(delivery, self.owner, result.reason, hold=hold)
                self.report.unknown += 1
            case Outcome.NOT_OURS:
                logger.warning("Mail %s was taken over by another worker", delivery.key)

    def _later(
        self, delivery: Delivery, reason: str, *, attempts: int = MAX_ATTEMPTS
    ) -> None:
        if delivery.attempts >= attempts:
            self._fail(delivery, reason)
            return
        run_at = timezone.now() + back_off(delivery.attempts)
        leases.finish_for_later(delivery, self.owner, run_at=run_at, reason=reason)
        self.report.postponed += 1

    def _fail(self, delivery: Delivery, reason: str) -> None:
        leases.finish_failed(delivery, self.owner, reason)
        self.report.failed += 1
        logger.warning("Mail %s failed: %s", delivery.key, reason)
