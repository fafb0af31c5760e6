"""Workers that fork at once, with short leases; see ``tests.outbox.workshop``."""

from datetime import timedelta

import django

LEASE = timedelta(seconds=8)
HOLD = timedelta(seconds=3)

if __name__ == "__main__":
    django.setup()
    from tests.outbox import workshop
    from wagtail_helpdesk.intake import leases as intake_leases
    from wagtail_helpdesk.outbox import leases

    leases.LEASE = intake_leases.LEASE = LEASE
    leases.HOLD = HOLD
    workshop.main()
