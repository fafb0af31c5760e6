"""Our intake: each mail is stored, then a worker's pass takes all in."""

from __future__ import annotations

import json
import sys
import time

from benchmarks.intakes import measured, prepare


def main() -> int:
    """Take in, then carry out what follows: events, mails, the search's words."""
    raw, _content = prepare("helpdesk")
    from benchmarks.dataset.people import inboxes
    from benchmarks.mails import INBOX
    from wagtail_helpdesk import indexing, intake, notifications, outbox
    from wagtail_helpdesk.channels.email.addressing import channel_for
    from wagtail_helpdesk.models import Receipt

    address = inboxes()[INBOX].email
    channel = channel_for([address])
    last = Receipt.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    new = Receipt.objects.filter(pk__gt=last)

    def taken() -> int:
        return new.filter(state=Receipt.State.DONE).count()

    alone: dict[str, float] = {}
    after: dict[str, float] = {}
    with measured(alone, taken):
        for mail in raw:
            intake.store(channel, mail, headers={"recipients": [address]})
        # As the worker does: what follows is carried out afterwards.
        while intake.take_in(budget_seconds=60).handled:
            pass
    with measured(after, taken):
        ends_at = time.monotonic() + 120
        notifications.handle_due(ends_at=ends_at)
        outbox.run_due(budget_seconds=60)
        indexing.handle_due(ends_at=ends_at)
    if taken() < len(raw) * 0.95:
        states = {state: new.filter(state=state).count() for state in Receipt.State}
        print(f"Of {len(raw)} mails {states}", file=sys.stderr)
        return 1
    whole = {name: alone[name] + after[name] for name in alone}
    whole["messages"] = alone["messages"]
    print(json.dumps({"intake": alone, "intake_all": whole}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
