"""A customer's open requests on any page: what the block "My open requests" shows.

The door is the portal's: who gets nothing there gets nothing here, and what is shown
are the first rows of its list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wagtail_helpdesk.access import sessions
from wagtail_helpdesk.access.contacts import contact_for
from wagtail_helpdesk.access.serving import sign_in_url
from wagtail_helpdesk.chosen_pages import shown_page
from wagtail_helpdesk.forms.live import PageForms
from wagtail_helpdesk.portal.columns import BUILT_IN, Column, Head
from wagtail_helpdesk.portal.denied import Denial, why_denied
from wagtail_helpdesk.portal.display import Row
from wagtail_helpdesk.portal.door import Door, door_of
from wagtail_helpdesk.portal.entry import (
    Visit,
    portal_url,
    time_zone_of,
    visit_of,
)
from wagtail_helpdesk.portal.labels import RequestLabels
from wagtail_helpdesk.portal.navigation import portal_models, portal_of
from wagtail_helpdesk.portal.reading import shown_rows
from wagtail_helpdesk.portal.row_html import rows_html
from wagtail_helpdesk.portal.samples import sample_context
from wagtail_helpdesk.portal.views.ticket_list import ListState, page_of

#: Beside the subject.
COLUMNS = (BUILT_IN["status"], BUILT_IN["activity"])
#: Who is refused for one of these can do something about it, and the portal says what.
_CAN_BE_MENDED = (Denial.UNVERIFIED, Denial.PROVIDER)


class State(StrEnum):
    """What a visitor is shown."""

    LIST = "list"
    EMPTY = "empty"
    SIGN_IN = "sign_in"
    CONSENT = "consent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class OpenRequests:
    """What the block shows.

    Attributes:
        state: Which of its faces.
        labels: What the portal calls its tickets.
        url: The portal's address, which is the list's; where a visitor signs in.
        new_url: The address of the form, or empty.
        columns: The heads of the list.
        rows_html: Its lines.
    """

    state: State
    labels: RequestLabels
    url: str
    new_url: str = ""
    columns: Sequence[Head] = field(
        default_factory=lambda: _heads([Head(_("Subject"))], COLUMNS)
    )
    rows_html: SafeString = SafeString("")


def portal_for(on_page: PageForms, chosen: Any) -> Any | None:
    """The portal whose tickets are shown: the chosen one, else the site's.

    Args:
        on_page: What the blocks of the request have in common.
        chosen: What the editor chose, or ``None``.

    Returns:
        A portal that is on and may be opened, in the language of the request where it
        has it; else ``None``.
    """
    page: Any = None
    if chosen is not None:
        page = shown_page(on_page, chosen)
    else:
        found = portal_of(on_page.request)
        # A link needs less of a portal than its list does.
        page = found and type(found)._default_manager.filter(pk=found.pk).first()
        if found is not None and page is not None:
            # What the link has read already.
            page.form_count = found.form_count or 0
            page.first_menu_text = found.first_menu_text or ""
    is_portal = isinstance(page, tuple(portal_models()))
    return page if is_portal and page.is_active else None


def open_requests(
    request: HttpRequest, page: Any, *, most: int, only_own: bool
) -> OpenRequests | None:
    """What whoever asks is shown of a portal's open tickets.

    Args:
        request: The request, which another page answers.
        page: The portal, which is on.
        most: How many tickets at most.
        only_own: Whether to leave out what others have opened.

    Returns:
        What to show; ``None`` for somebody whom the portal is not for.
    """
    url = portal_url(page, request)
    contact = contact_for(request.user)
    door = door_of(page, request, contact)
    if door is Door.SIGN_IN:
        return OpenRequests(State.SIGN_IN, page.labels, sign_in_url(request))
    if door is Door.CONSENT:
        return OpenRequests(State.CONSENT, page.labels, url)
    if contact is None or door is not Door.OPEN:
        if why_denied(page, request, contact) in _CAN_BE_MENDED:
            return OpenRequests(State.REFUSED, page.labels, url)
        return None
    # Who reads a portal's tickets here is signed out as early as there.
    sessions.open_portal(request, str(page.pk), page.idle_minutes)
    visit = visit_of(page, request, contact)
    with time_zone_of(contact):
        rows = _rows(visit, most, only_own)
        return OpenRequests(
            State.LIST if rows else State.EMPTY,
            page.labels,
            url,
            new_url=visit.new_url,
            rows_html=rows_html(rows, COLUMNS),
        )


def sample(request: HttpRequest, page: Any, *, most: int) -> OpenRequests:
    """Invented tickets for a preview: nobody's real ones show there (B14).

    Args:
        request: The request of the preview.
        page: The portal.
        most: How many tickets at most.
    """
    rows = [
        row
        for row in sample_context(COLUMNS)["rows"]
        if row.values["status"].state != "closed"
    ]
    return OpenRequests(
        State.LIST,
        page.labels,
        portal_url(page, request),
        rows_html=rows_html(rows[:most], COLUMNS),
    )


def _rows(visit: Visit, most: int, only_own: bool) -> list[Row]:
    """The first lines of the portal's own list, with the closed ones filtered out."""
    state = ListState(status="open", scope="mine" if only_own else "all")
    page = page_of(visit, state, QueryDict(), most, COLUMNS)
    return shown_rows(
        page,
        columns=COLUMNS,
        viewer=visit.contact,
        rules=visit.rules,
        url=visit.ticket_url_base,
    )


def _heads(first: list[Head], columns: Sequence[Column]) -> list[Head]:
    return [*first, *(Head(column.label) for column in columns)]
