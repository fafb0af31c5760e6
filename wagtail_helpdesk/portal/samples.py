"""Sample tickets for the page editor's preview: nobody's real ones show there (B14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_helpdesk.models import Priority
from wagtail_helpdesk.portal.columns import Column, Head
from wagtail_helpdesk.portal.display import Row, Status


def sample_context(columns: Sequence[Column]) -> dict[str, Any]:
    """What the list's template needs, with three invented tickets.

    Args:
        columns: The columns beside the subject.
    """
    opened = Status("open", pgettext("status of a request", "Open"))
    closed = Status("closed", pgettext("status of a request", "Closed"))
    subject = Head(_("Subject"))
    return {
        "rows": [
            _row(18, "1042", _("The invoice shows the wrong address"), opened, columns),
            _row(16, "1038", _("How do I add a colleague?"), opened, columns),
            _row(9, "1017", _("The export stops half-way"), closed, columns),
        ],
        "columns": [subject, *(Head(column.label) for column in columns)],
        "is_preview": True,
    }


def _row(
    day: int, number: str, subject: str, status: Status, columns: Sequence[Column]
) -> Row:
    changed = datetime(2026, 11, day + 1, 14, 5, tzinfo=UTC)
    known = {
        "requester": pgettext("author of a message", "You"),
        "owner": "Amy",
        "status": status,
        "created": datetime(2026, 11, day, 9, 30, tzinfo=UTC),
        "activity": changed,
        "closed": changed if status.state == "closed" else None,
        "priority": Priority.NORMAL.label,
    }
    # Of a property, the first choice; of one without choices, nothing is known.
    values = {
        column.key: known.get(column.key, next(iter(column.choices), None))
        for column in columns
    }
    return Row(reference=f"HD-{number}", subject=subject, url="#", values=values)
