"""One pass over what came in: what a worker, a cron job or a request does."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, IntegrityError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wagtail_helpdesk.channels.registry import adapter_for
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.intake import leases
from wagtail_helpdesk.intake.applying import (
    LeaseLost,
    MergedMeanwhile,
    Unusable,
    Work,
    apply,
)
from wagtail_helpdesk.intake.lookups import Site
from wagtail_helpdesk.models import Receipt
from wagtail_helpdesk.outbox.running import never

logger = logging.getLogger("wagtail_helpdesk.intake")

#: Receipts claimed at once. They are applied in one transaction, which holds the locks
#: of their tickets for about a tenth of a second.
BATCH = 25
FIRST_BACK_OFF = timedelta(seconds=30)
LONGEST_BACK_OFF = timedelta(hours=1)
#: Bytes of files that go on the storage within such a transaction: what it takes is
#: time in which the locks are held. Mails with more have a transaction of their own.
FILES_TOGETHER = 1_000_000
#: Seconds after which channels, stages and our own addresses are read again.
SITE_SECONDS = 30.0

_taking_in: ContextVar[bool] = ContextVar("helpdesk_taking_in", default=False)


@dataclass(slots=True)
class RunReport:
    """What one pass did.

    Attributes:
        reclaimed: Receipts taken back from lost workers.
        done: Taken into account.
        ignored: Without effect, on purpose.
        postponed: To be tried again later.
        failed: Not to be tried again by itself.
    """

    reclaimed: int = 0
    done: int = 0
    ignored: int = 0
    postponed: int = 0
    failed: int = 0

    @property
    def handled(self) -> int:
        """How many receipts the pass looked at."""
        return self.done + self.ignored + self.postponed + self.failed


def back_off(attempts: int) -> timedelta:
    """How long a receipt waits after its ``attempts``-th failure."""
    return min(FIRST_BACK_OFF * 2 ** min(attempts - 1, 10), LONGEST_BACK_OFF)


def run_due(
    *,
    limit: int | None = None,
    budget_seconds: float = 5.0,
    should_stop: Callable[[], bool] = never,
) -> RunReport:
    """Take into account what came in. Any number of workers may do this at once.

    Args:
        limit: Stop after so many receipts; ``None``: no limit.
        budget_seconds: Claim nothing more after so many seconds.
        should_stop: Asked before each claim; for a worker that was told to end.

    Returns:
        What was done.

    Raises:
        DatabaseError: The database does not answer. What was claimed is taken again
            when its lease runs out.
    """
    return _Run(limit, budget_seconds, should_stop).execute()


def take_in(
    *, budget_seconds: float, should_stop: Callable[[], bool] = never
) -> RunReport:
    """``run_due`` for a caller that handles events and sends mail right after.

    Commits then kick no task that would do the same in between, for each batch.
    """
    token = _taking_in.set(True)
    try:
        return run_due(budget_seconds=budget_seconds, should_stop=should_stop)
    finally:
        _taking_in.reset(token)


def is_taking_in() -> bool:
    """Whether events and mail are handled right after this commit anyway."""
    return _taking_in.get()


class _Run:
    def __init__(
        self, limit: int | None, budget_seconds: float, should_stop: Callable[[], bool]
    ) -> None:
        self.limit = limit
        self.ends_at = time.monotonic() + budget_seconds
        self.should_stop = should_stop
        self.owner = str(uuid.uuid4())
        self.report = RunReport()
        self._site: Site | None = None
        self._site_read_at = 0.0

    def execute(self) -> RunReport:
        # Reasons are read by agents, so they are in the site's language.
        with translation.override(settings.LANGUAGE_CODE):
            self.report.reclaimed = leases.reclaim_lost()
            while not self._is_over():
                receipts = leases.claim(self.owner, limit=self._room())
                if not receipts:
                    break
                self._handle(receipts)
        return self.report

    def _room(self) -> int:
        if self.limit is None:
            return BATCH
        return min(BATCH, self.limit - self.report.handled)

    def _is_over(self) -> bool:
        return (
            self._room() <= 0 or time.monotonic() >= self.ends_at or self.should_stop()
        )

    def _what_holds(self) -> Site:
        now = time.monotonic()
        if self._site is None or now - self._site_read_at > SITE_SECONDS:
            self._site, self._site_read_at = Site.read(), now
        return self._site

    def _handle(self, receipts: Sequence[Receipt]) -> None:
        """Read the receipts, and apply them: what is plain together, the rest alone."""
        works = [work for receipt in receipts if (work := self._read(receipt))]
        together: list[Work] = []
        alone: list[Work] = []
        waiting: set[str] = set()
        room = FILES_TOGETHER
        for work in works:
            # Nobody's mails overtake each other.
            if work.file_bytes > room or work.senders & waiting:
                alone.append(work)
                waiting |= work.senders
            else:
                together.append(work)
                room -= work.file_bytes
        if len(together) > 1:
            try:
                apply(together, self.owner, self._what_holds())
            except Exception:
                # One of them; which one shows when each is tried alone.
                logger.info("Several receipts are applied one by one", exc_info=True)
                alone = [*together, *alone]
            else:
                self._count(together)
        else:
            alone = [*together, *alone]
        for work in alone:
            self._apply_alone(work)

    def _count(self, works: Sequence[Work]) -> None:
        ignored = sum(bool(work.ignored) for work in works)
        self.report.ignored += ignored
        self.report.done += len(works) - ignored

    def _read(self, receipt: Receipt) -> Work | None:
        """Have the channel's adapter read a receipt."""
        channel = self._what_holds().channels.get(receipt.channel_id)
        adapter = adapter_for(channel.type) if channel is not None else None
        if channel is None or adapter is None:
            kind = channel.type if channel is not None else ""
            reason = _("No channel of the type “%(type)s” is installed.")
            self._fail(receipt, reason % {"type": kind})
            return None
        try:
            events = tuple(adapter.parse(receipt.raw(), receipt.headers))
            return Work(receipt, channel, events)
        except Exception as error:
            logger.exception("Receipt %s cannot be read", receipt.pk)
            self._later(receipt, _described(error))
            return None

    def _apply_alone(self, work: Work, *, again: bool = True) -> None:
        work.message, work.ignored = None, ""
        receipt = work.receipt
        try:
            apply([work], self.owner, self._what_holds())
        except LeaseLost:
            logger.warning("Receipt %s was taken over by another worker", receipt.pk)
        except (Unusable, ActionError, ActionPermissionError) as error:
            self._fail(receipt, str(error))
        except (IntegrityError, MergedMeanwhile) as error:
            # Somebody wrote the same at this moment: the same delivery, or the first
            # mail of the same sender; or merged its ticket. The next look finds it.
            if again:
                self._apply_alone(work, again=False)
            else:
                self._later(receipt, _described(error))
        except DatabaseError as error:
            logger.warning("Receipt %s: %s", receipt.pk, error)
            self._later(receipt, _described(error))
        except Exception as error:
            logger.exception("Receipt %s cannot be applied", receipt.pk)
            self._later(receipt, _described(error))
        else:
            self._count([work])

    def _later(self, receipt: Receipt, reason: str) -> None:
        if receipt.attempts >= leases.MAX_ATTEMPTS:
            self._fail(receipt, reason)
            return
        run_at = timezone.now() + back_off(receipt.attempts)
        leases.finish_for_later(receipt, self.owner, run_at=run_at, reason=reason)
        self.report.postponed += 1

    def _fail(self, receipt: Receipt, reason: str) -> None:
        leases.finish_failed(receipt, self.owner, reason)
        self.report.failed += 1
        logger.warning("Receipt %s failed: %s", receipt.pk, reason)


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:1_000]
