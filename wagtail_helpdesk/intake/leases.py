"""Who may read which receipt: claims with a lease, and what becomes of lost ones.

As in the outbox, every change is one conditional UPDATE that names the state it starts
from: a receipt is claimed once on every database, and a worker that lost its lease
changes nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connections, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_helpdesk.models import Receipt

State = Receipt.State

#: How long a worker may take for what it has claimed before it counts as lost.
LEASE = timedelta(seconds=300)
#: So often a receipt is tried, or may take its worker along, before a person decides.
MAX_ATTEMPTS = 6


def claim(owner: str, *, limit: int) -> list[Receipt]:
    """Take due receipts for a worker, in the order in which they arrived.

    What was tried before is taken alone: if it takes its worker along, it takes
    nothing else.

    Args:
        owner: Names the worker's run; nobody else uses it.
        limit: How many at most.

    Returns:
        The receipts that are now this worker's, until their lease ends.
    """
    now = timezone.now()
    due = Receipt.objects.due(now)
    with transaction.atomic(using=due.db):
        if connections[due.db].features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        rows = list(due.values_list("pk", "attempts")[:limit])
        if rows and rows[0][1]:
            rows = rows[:1]
        ids = [pk for pk, attempts in rows if not attempts or pk == rows[0][0]]
        if not ids:
            return []
        # Without row locks another worker may have been faster: hence the state again.
        Receipt.objects.filter(pk__in=ids, state=State.NEW, run_at__lte=now).update(
            state=State.CLAIMED,
            lease_owner=owner,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
        )
    mine = Receipt.objects.filter(pk__in=ids, lease_owner=owner, state=State.CLAIMED)
    return list(mine.order_by("run_at", "pk"))


def _held_by(receipts: Iterable[Receipt], owner: str) -> QuerySet[Receipt]:
    return Receipt.objects.filter(
        pk__in=[receipt.pk for receipt in receipts],
        lease_owner=owner,
        state=State.CLAIMED,
    )


def finish_done(receipts: Iterable[Receipt], owner: str) -> int:
    """They have their effect: part of the transaction of that effect.

    Returns:
        How many were still this worker's. If not all, the effect must be undone.
    """
    return _held_by(receipts, owner).update(
        state=State.DONE, lease_until=None, lease_owner="", error=""
    )


def mark_ignored(receipts: Iterable[Receipt], reason: str) -> None:
    """They have no effect, on purpose; people may read why.

    After ``finish_done``, in the same transaction.
    """
    ids = [receipt.pk for receipt in receipts]
    done = Receipt.objects.filter(pk__in=ids, state=State.DONE)
    done.update(state=State.IGNORED, error=reason)


def finish_failed(receipt: Receipt, owner: str, reason: str) -> bool:
    """It cannot be used; a person reads the reason and may try again."""
    return _finish(receipt, owner, State.FAILED, reason)


def finish_for_later(
    receipt: Receipt, owner: str, *, run_at: datetime, reason: str
) -> bool:
    """It had no effect, and is tried again at ``run_at``."""
    return _finish(receipt, owner, State.NEW, reason, run_at=run_at)


def _finish(
    receipt: Receipt, owner: str, state: State, reason: str, **values: datetime
) -> bool:
    return bool(
        _held_by([receipt], owner).update(
            state=state, lease_until=None, lease_owner="", error=reason, **values
        )
    )


def give_back(receipts: Iterable[Receipt], owner: str) -> int:
    """Return claimed receipts that were not tried."""
    return _held_by(receipts, owner).update(
        state=State.NEW,
        lease_until=None,
        lease_owner="",
        attempts=F("attempts") - 1,
    )


def reclaim_lost() -> int:
    """Take back what lost workers held.

    Returns:
        How many receipts changed their state.
    """
    lost = Receipt.objects.filter(state=State.CLAIMED, lease_until__lt=timezone.now())
    if not lost.exists():
        return 0
    reason = _("The worker that read it was interrupted.")
    changed = lost.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=State.FAILED, lease_until=None, lease_owner="", error=reason
    )
    return changed + lost.update(
        state=State.NEW, lease_until=None, lease_owner="", error=reason
    )


def dismiss(receipt: Receipt, reason: str) -> bool:
    """A person has looked at what failed, and wants nothing to come of it.

    Args:
        receipt: It stays, ignored, as long as others that were ignored.
        reason: Who decided, for those who look at it later.

    Returns:
        ``False``: it was not failed any more.
    """
    failed = Receipt.objects.filter(pk=receipt.pk, state=State.FAILED)
    return bool(failed.update(state=State.IGNORED, error=reason))


def try_again(receipt: Receipt) -> bool:
    """A person wants what failed or was ignored to be read once more.

    Returns:
        ``False``: it was in neither of these states any more.
    """
    return bool(
        Receipt.objects.filter(
            pk=receipt.pk, state__in=[State.FAILED, State.IGNORED]
        ).update(
            state=State.NEW, attempts=0, run_at=timezone.now(), error="", lease_owner=""
        )
    )
