"""The list as a CSV file: rows, columns and order of the view (B64, R18)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import HttpResponseBase, QueryDict
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from wagtail_helpdesk.csv_export import csv_response
from wagtail_helpdesk.pagination import read_in_steps
from wagtail_helpdesk.portal.columns import Column
from wagtail_helpdesk.portal.display import Row
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.list_state import ListState
from wagtail_helpdesk.portal.reading import TicketRows, shown_rows
from wagtail_helpdesk.portal.views.ticket_list import heads, page_of

#: Rows read at a time; the file is never in memory as a whole.
BATCH = 500


def show(visit: Visit) -> HttpResponseBase:
    """Stream what the list shows, on all of its pages.

    Each step asks anew what this customer sees: who loses the right meanwhile gets the
    rows until then.

    Args:
        visit: Its address says what is searched for and filtered.
    """
    shown = visit.page.shown_columns
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
                    columns=shown,
                    viewer=visit.contact,
                    rules=visit.rules,
                    url=visit.ticket_url_base,
                )
                yield [_cells(row, shown) for row in rows]

    header = [_("Number"), *(head.label for head in heads(state, shown))]
    name = slugify(visit.labels.plural) or "requests"
    today = timezone.localdate().isoformat()
    return csv_response(f"{name}-{today}.csv", header, batches())


def _cells(row: Row, shown: Sequence[Column]) -> list[str]:
    """A line of the list; the number, which stands below the subject there, first."""
    values = [column.text(row.values[column.key]) for column in shown]
    return [row.reference, row.subject, *values]
