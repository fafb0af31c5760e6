"""The intake: what comes from outside is stored first, then has its effect once.

``store`` writes a ``Receipt`` with everything that came; from then on nothing can be
lost. ``run_due`` claims receipts with a lease, has the channel's adapter read them, and
applies what they say in one transaction together with an ``EventReceipt`` for each
event and the receipt's own new state. So:

* Killed before the commit, nothing has happened: the lease runs out and another worker
  begins anew.
* Killed after it, everything has happened, and the receipt says so.
* The same delivery ten times meets the unique ``EventReceipt(channel, key)``.

What goes wrong is tried again with back-off and is ``failed`` in the end, with the
reason and everything that came; a person may try again.
"""

from wagtail_helpdesk.intake.health import oldest_due_age
from wagtail_helpdesk.intake.leases import dismiss, try_again
from wagtail_helpdesk.intake.running import RunReport, is_taking_in, run_due, take_in
from wagtail_helpdesk.intake.storing import TooLarge, delete_old, store

__all__ = [
    "RunReport",
    "TooLarge",
    "delete_old",
    "dismiss",
    "is_taking_in",
    "oldest_due_age",
    "run_due",
    "store",
    "take_in",
    "try_again",
]
