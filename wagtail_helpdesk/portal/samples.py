"""Sample tickets for the page editor's preview: nobody's real ones show there (B14)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_helpdesk.portal.display import Row, Status


def sample_context() -> dict[str, Any]:
    """What the list's template needs, with three invented tickets."""
    opened = Status("open", pgettext("status of a request", "Open"))
    closed = Status("closed", pgettext("status of a request", "Closed"))
    return {
        "rows": [
            _row(18, "1042", _("The invoice shows the wrong address"), opened),
            _row(16, "1038", _("How do I add a colleague?"), opened),
            _row(9, "1017", _("The export stops half-way"), closed),
        ],
        "is_preview": True,
    }


def _row(day: int, number: str, subject: str, status: Status) -> Row:
    return Row(
        reference=f"HD-{number}",
        subject=subject,
        url="#",
        requester=pgettext("author of a message", "You"),
        owner="Amy",
        status=status,
        created_at=datetime(2026, 11, day, 9, 30, tzinfo=UTC),
        last_activity_at=datetime(2026, 11, day + 1, 14, 5, tzinfo=UTC),
    )
