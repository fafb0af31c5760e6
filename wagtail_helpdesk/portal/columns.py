"""The columns of a portal's list (B38 to B41): which there are, and what a cell holds.

The subject stands first and cannot be taken away: it is the link to the request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from wagtail_helpdesk.models import TicketProperty
from wagtail_helpdesk.portal.display import Status
from wagtail_helpdesk.templatetags.helpdesk_tags import hd_time

#: Before the key of a custom property.
PROPERTY = "property:"
#: What a portal shows whose editor has chosen nothing (B41).
RECOMMENDED = ("requester", "created", "owner", "activity", "status")


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: ``requester`` and the like, or ``property:`` with a property's key.
        label: Its head.
        sort: What the list can be ordered by, a key of ``list_state.SORTS``; or empty.
        fields: Columns of the ticket beside those that each list reads.
        choices: Stored value to label, of a property with choices.
        is_yes_or_no: Whether the values are true and false.
    """

    key: str
    label: str | Promise
    sort: str = ""
    fields: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    is_yes_or_no: bool = False

    def text(self, value: Any) -> str:
        """A value in plain text, for a file; times as every spreadsheet reads them.

        Args:
            value: As ``reading.shown_rows`` found it.
        """
        if isinstance(value, Status):
            return value.label
        if isinstance(value, datetime):
            return localtime(value).strftime("%Y-%m-%d %H:%M")
        if self.is_yes_or_no and isinstance(value, bool):
            return _("Yes") if value else _("No")
        if value is None:
            return ""
        text = str(value)
        return self.choices.get(text, text)

    def html(self, value: Any) -> str:
        """A value as the inside of a table's cell; whatever is in it is escaped.

        Args:
            value: As ``reading.shown_rows`` found it.
        """
        if isinstance(value, Status):
            return _STATUS.format(state=escape(value.state), label=escape(value.label))
        if isinstance(value, datetime):
            return hd_time(value)
        text = self.text(value)
        if text:
            return f"<bdi>{escape(text)}</bdi>"
        missing = _("Nobody yet") if self.key == "owner" else "–"
        return f'<span class="hd-muted">{escape(missing)}</span>'


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column.

    Attributes:
        label: Its name.
        url: Where a click leads; empty where the list cannot be ordered by it.
        aria_sort: ``ascending``, ``descending`` or empty.
    """

    label: str | Promise
    url: str = ""
    aria_sort: str = ""


_STATUS = """\
<span class="hd-status hd-status--{state}">\
<span class="hd-status__mark" aria-hidden="true"></span><bdi>{label}</bdi></span>"""

#: In the order in which the editor is offered them.
BUILT_IN = {
    column.key: column
    for column in (
        Column("requester", gettext_lazy("Requested by")),
        Column("created", gettext_lazy("Created"), "created"),
        Column("owner", gettext_lazy("Owner")),
        Column("activity", gettext_lazy("Last activity"), "activity"),
        Column("status", gettext_lazy("Status")),
        Column("closed", pgettext_lazy("when", "Closed"), fields=("closed_at",)),
        Column("priority", gettext_lazy("Priority"), fields=("priority",)),
        Column("type", gettext_lazy("Type"), fields=("type",)),
        Column(
            "organization",
            gettext_lazy("Organization"),
            fields=("organization__name",),
        ),
    )
}


def column_choices() -> list[tuple[str, str | Promise]]:
    """Every column a portal can show, for its editor.

    Custom properties are offered that are shown to customers, by their labels in the
    editor's language.
    """
    found: list[tuple[str, str | Promise]] = [
        (column.key, column.label) for column in BUILT_IN.values()
    ]
    shown = _properties().values()
    return found + [(f"{PROPERTY}{row.key}", row.label) for row in shown]


def columns_of(keys: Sequence[str]) -> list[Column]:
    """The columns of a list, without the subject.

    A property that is gone, or that is no longer shown to customers, is left out.
    Takes a query if there are properties among them.

    Args:
        keys: As the editor chose them; empty means the recommended ones.
    """
    wanted = list(keys) or list(RECOMMENDED)
    named = [key.removeprefix(PROPERTY) for key in wanted if key.startswith(PROPERTY)]
    properties = _properties(named) if named else {}
    found = []
    for key in dict.fromkeys(wanted):
        if key in BUILT_IN:
            found.append(BUILT_IN[key])
        elif row := properties.get(key.removeprefix(PROPERTY)):
            found.append(
                Column(
                    key,
                    row.label,
                    fields=("properties",),
                    choices=row.choice_labels(),
                    is_yes_or_no=row.type == TicketProperty.Type.CHECKBOX,
                )
            )
    return found


def _properties(keys: Iterable[str] | None = None) -> dict[str, TicketProperty]:
    """Properties that customers may see, in the active language where it has them."""
    rows = TicketProperty.objects.filter(is_customer_visible=True)
    if keys is not None:
        rows = rows.filter(key__in=list(keys))
    language = get_language()
    found: dict[str, TicketProperty] = {}
    for row in rows.select_related("locale").order_by("label", "pk"):
        if row.key not in found or row.locale.language_code == language:
            found[row.key] = row
    return found


def as_value(column: Column, row: Any) -> Any:
    """What a property, a date or another plain column of a ticket holds.

    Args:
        column: Not one of those that ``reading`` makes of several columns.
        row: A row as ``reading`` reads it.
    """
    if column.key.startswith(PROPERTY):
        value = row.properties.get(column.key.removeprefix(PROPERTY))
        # Forms store dates as text (ISO 8601), so text is what comes back.
        return value.isoformat() if isinstance(value, date) else value
    return getattr(row, column.fields[0])
