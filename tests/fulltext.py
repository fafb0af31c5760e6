"""For tests that search tickets whose rows were written without actions."""

import pytest
from django.db import connection

from wagtail_helpdesk import indexing
from wagtail_helpdesk.models import Ticket

#: Marks tests that search by words: what a transaction has written, MariaDB and MySQL
#: find after the commit only.
searches = pytest.mark.django_db(transaction=connection.vendor == "mysql")


def index_all() -> None:
    """Index every ticket as it is now."""
    indexing.index_tickets(Ticket.objects.values_list("pk", flat=True))
