"""Who may send which delivery: claims with a lease, and what becomes of lost ones.

Every change here is one conditional UPDATE that names the state it starts from, so a
delivery is claimed once on every database, also where there are no row locks (SQLite),
and a worker that lost its lease changes nothing any more.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import connections, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_helpdesk.models import Delivery

Status = Delivery.Status

#: How long a worker may take for one delivery before it counts as lost.
LEASE = timedelta(seconds=120)
#: How long a delivery that may have been sent waits before it is sent again.
HOLD = timedelta(seconds=90)


def _first_in_line() -> Combinable:
    """No earlier mail of the conversation to the same reader is still on its way."""
    on_its_way = Q(status__in=[Status.QUEUED, Status.CLAIMED, Status.SENDING])
    held = Q(status=Status.UNKNOWN, lease_until__isnull=False)
    earlier = Delivery.objects.filter(
        on_its_way | held,
        conversation=OuterRef("conversation"),
        address=OuterRef("address"),
        pk__lt=OuterRef("pk"),
    )
    return ~Exists(earlier)


def claim(owner: str, *, limit: int) -> list[Delivery]:
    """Take due deliveries for a worker, the oldest first.

    Args:
        owner: Names the worker's run; nobody else uses it.
        limit: How many at most.

    Returns:
        The deliveries that are now this worker's, until their lease ends.
    """
    now = timezone.now()
    due = Delivery.objects.due(now).filter(_first_in_line())
    with transaction.atomic(using=due.db):
        if connections[due.db].features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        ids = list(due.values_list("pk", flat=True)[:limit])
        if not ids:
            return []
        # Without row locks another worker may have been faster: hence the state again.
        Delivery.objects.filter(
            pk__in=ids, status=Status.QUEUED, run_at__lte=now
        ).update(
            status=Status.CLAIMED,
            lease_owner=owner,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
        )
    mine = Delivery.objects.filter(pk__in=ids, lease_owner=owner, status=Status.CLAIMED)
    return list(
        mine.select_related(
            "ticket__inbox",
            "ticket__contact",
            "contact",
            "agent__user__wagtail_userprofile",
            "event__actor_agent__user",
            "event__actor_contact",
            "message__author_agent__user",
        ).order_by("run_at", "pk")
    )


def _held_by(delivery: Delivery, owner: str, *states: Status) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        pk=delivery.pk, lease_owner=owner, status__in=[*states]
    )


def begin_sending(delivery: Delivery, owner: str, *, external_id: str) -> bool:
    """Say that from now on an accident is ambiguous.

    Args:
        delivery: A delivery that was claimed.
        owner: Who claimed it.
        external_id: The Message-ID it goes out under, now and at later attempts.

    Returns:
        ``False`` if the lease is over; the mail must then not be sent.
    """
    now = timezone.now()
    return bool(
        _held_by(delivery, owner, Status.CLAIMED)
        .filter(lease_until__gt=now)
        .update(status=Status.SENDING, lease_until=now + LEASE, external_id=external_id)
    )


def finish_sent(delivery: Delivery, owner: str) -> bool:
    """The server has taken the mail.

    Also when the lease ran out meanwhile, as long as nobody began to send it again.
    """
    return bool(
        _held_by(delivery, owner, Status.SENDING, Status.UNKNOWN).update(
            status=Status.SENT,
            sent_at=timezone.now(),
            lease_until=None,
            lease_owner="",
            error="",
        )
    )


def finish_failed(delivery: Delivery, owner: str, reason: str) -> bool:
    """It cannot be sent; a person sees the reason and may try again."""
    return bool(
        _held_by(delivery, owner, Status.CLAIMED, Status.SENDING).update(
            status=Status.FAILED, lease_until=None, lease_owner="", error=reason
        )
    )


def finish_bounced(token: uuid.UUID, reason: str) -> bool:
    """The other side reports that a mail it had taken did not arrive.

    Args:
        token: The delivery's token.
        reason: What it says; agents read it on the message.
    """
    taken = Delivery.objects.filter(
        token=token, status__in=[Status.SENT, Status.UNKNOWN]
    )
    return bool(
        taken.update(
            status=Status.FAILED, lease_until=None, lease_owner="", error=reason
        )
    )


def finish_cancelled(delivery: Delivery, owner: str, reason: str) -> bool:
    """Nobody wants it any more."""
    return bool(
        _held_by(delivery, owner, Status.CLAIMED).update(
            status=Status.CANCELLED, lease_until=None, lease_owner="", error=reason
        )
    )


def finish_for_later(
    delivery: Delivery, owner: str, *, run_at: datetime, reason: str
) -> bool:
    """It has certainly not been taken; it is tried again at ``run_at``."""
    return bool(
        _held_by(delivery, owner, Status.CLAIMED, Status.SENDING).update(
            status=Status.QUEUED,
            run_at=run_at,
            lease_until=None,
            lease_owner="",
            error=reason,
        )
    )


def finish_unknown(delivery: Delivery, owner: str, reason: str, *, hold: bool) -> bool:
    """It may have been taken.

    Args:
        delivery: A delivery that was being sent.
        owner: Who sent it.
        reason: What happened.
        hold: Send it once more after the hold, unless that was done before.
    """
    again = hold and delivery.accidents == 0
    return bool(
        _held_by(delivery, owner, Status.SENDING).update(
            status=Status.UNKNOWN,
            accidents=F("accidents") + 1,
            lease_until=timezone.now() + HOLD if again else None,
            lease_owner="",
            error=reason,
        )
    )


def give_back(
    delivery: Delivery, owner: str, *, run_at: datetime | None = None
) -> bool:
    """Return a claimed delivery that was not tried.

    Args:
        delivery: A delivery that was claimed.
        owner: Who claimed it.
        run_at: When it is due now; ``None``: as before.
    """
    return bool(
        _held_by(delivery, owner, Status.CLAIMED).update(
            status=Status.QUEUED,
            run_at=run_at or delivery.run_at,
            attempts=F("attempts") - 1,
            lease_until=None,
            lease_owner="",
        )
    )


def reclaim_lost() -> int:
    """Take back what lost workers held, and release what was held long enough.

    Returns:
        How many deliveries changed their state.
    """
    now = timezone.now()
    over = Delivery.objects.filter(lease_until__lt=now)
    if not over.filter(
        status__in=[Status.CLAIMED, Status.SENDING, Status.UNKNOWN]
    ).exists():
        return 0
    # The hold comes first, so that what is lost now is held for its full time.
    changed = over.filter(status=Status.UNKNOWN).update(
        status=Status.QUEUED, lease_until=None, lease_owner=""
    )
    changed += over.filter(status=Status.CLAIMED).update(
        status=Status.QUEUED, lease_until=None, lease_owner=""
    )
    # The owner stays: if it lives after all, it may still say that it was sent.
    lost = over.filter(status=Status.SENDING)
    reason = _("The sender was interrupted; the mail may have been sent.")
    changed += lost.filter(accidents__gt=0).update(
        status=Status.UNKNOWN,
        accidents=F("accidents") + 1,
        lease_until=None,
        error=reason,
    )
    changed += lost.filter(accidents=0).update(
        status=Status.UNKNOWN, accidents=1, lease_until=now + HOLD, error=reason
    )
    return changed
