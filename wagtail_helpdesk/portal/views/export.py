"""The list as a CSV file: rows, columns and order of the view (B64, R18)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpResponseBase, QueryDict
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from wagtail_helpdesk.csv_export import csv_response
from wagtail_helpdesk.pagination import read_in_steps
from wagtail_helpdesk.portal.display import Row
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.reading import TicketRows, shown_rows
from wagtail_helpdesk.portal.views.ticket_list import ListState, columns, page_of

#: Rows read at a time; the file is never in memory as a whole.
BATCH = 500


def show(visit: Visit) -> HttpResponseBase:
    """Stream what the list shows, on all of its pages.

    Each step asks anew what this customer sees: who loses the right meanwhile gets the
    rows until then.

    Args:
        visit: Its address says what is searched for and filtered.
    """
    state = ListState.from_query(visit.request.GET)
    # The middleware has left the language and the zone of this request behind by the
    # time the file is read.
    language = translation.get_language()
    zone = timezone.get_current_timezone()

    def page_from(params: QueryDict) -> TicketRows:
        return page_of(visit, state, params, BATCH)

    def batches() -> Iterator[list[list[str]]]:
        for found in read_in_steps(page_from):
            with translation.override(language), timezone.override(zone):
                rows = shown_rows(
                    found,
                    viewer=visit.contact,
                    rules=visit.rules,
                    url=visit.ticket_url_base,
                )
                yield [_cells(row) for row in rows]

    header = [_("Number"), *(column.label for column in columns(state))]
    name = slugify(visit.labels.plural) or "requests"
    today = timezone.localdate().isoformat()
    return csv_response(f"{name}-{today}.csv", header, batches())


def _cells(row: Row) -> list[str]:
    """A line of the list; the number, which stands below the subject there, first."""
    return [
        row.reference,
        row.subject,
        row.requester,
        _moment(row.created_at),
        row.owner,
        _moment(row.last_activity_at),
        row.status.label,
    ]


def _moment(moment: datetime) -> str:
    """A time in the customer's zone, as spreadsheets of every language read it."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
