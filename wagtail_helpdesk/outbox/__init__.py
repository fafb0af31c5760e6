"""The outbox: what has to leave the house leaves it, once, or says why not.

Actions write ``Delivery`` rows in the transaction of what caused them. From there on
this package alone changes their state (an agent's undo and retry are the two
exceptions, and touch only rows that no worker holds).

What an accident costs:

* Before the first byte of the mail's text has left, nothing: a lost worker's rows are
  taken again when its lease runs out, a refused connection is tried again later.
* While the text is handed over, nobody can tell (RFC 1047). Such a delivery becomes
  ``unknown``, is held for 90 seconds, and then sent **once** more under the same
  Message-ID, so that the other side can recognise the copy. Lost a second time, a
  person decides.
* When the server has the whole text and merely takes too long to answer, it most
  likely has the mail: such a delivery stays ``unknown`` and is **not** sent again by
  itself. The agent sees it on the message and may send it again.
"""

from wagtail_helpdesk.outbox.health import oldest_due_age
from wagtail_helpdesk.outbox.running import RunReport, run_due

__all__ = ["RunReport", "oldest_due_age", "run_due"]
