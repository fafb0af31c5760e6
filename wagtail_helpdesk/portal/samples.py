"""Sample tickets for the page editor's preview: nobody's real ones show there (B14)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.portal.display import Row, Status

_SAMPLES = (
    ("1042", _("The invoice shows the wrong address"), "open", _("Open")),
    ("1038", _("How do I add a colleague?"), "open", _("Open")),
    ("1017", _("The export stops half-way"), "closed", _("Closed")),
)


def _row(day: int, number: str, subject: Any, state: str, label: Any) -> Row:
    return Row(
        reference=f"HD-{number}",
        subject=lazystr(subject),
        url="#",
        requester=lazystr(_("You")),
        owner="Amy",
        status=Status(state, lazystr(label)),
        created_at=datetime(2026, 11, day, 9, 30, tzinfo=UTC),
        last_activity_at=datetime(2026, 11, day + 1, 14, 5, tzinfo=UTC),
    )


SAMPLE_CONTEXT: dict[str, Any] = {
    "rows": [_row(18 - day, *sample) for day, sample in enumerate(_SAMPLES)],
    "is_preview": True,
}
