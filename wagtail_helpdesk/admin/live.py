"""The list keeps itself fresh: what has changed of the rows on a screen, if anything.

Every open list asks again and again, so the answer "nothing" has to cost next to
nothing. It is given before Wagtail loads permissions, language and profile: it tells
nobody anything but that what they have is still true. Whatever tells more goes through
Wagtail's door like every page of the workspace.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    JsonResponse,
    QueryDict,
)
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.generic import View
from wagtail.admin.auth import require_admin_access

from wagtail_helpdesk.access.sessions import leave_no_trace
from wagtail_helpdesk.admin.filters import TicketList
from wagtail_helpdesk.admin.pages import PAGE_SIZE, TicketPage
from wagtail_helpdesk.admin.row_html import rows_html
from wagtail_helpdesk.admin.tables import ROW_FIELDS, rows, with_preview
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.permissions import agent_of
from wagtail_helpdesk.statements.slots import KeptQuery

#: Number and version of a ticket, as in ``1042.3``; a list of them has hyphens between.
_SHOWN = re.compile(r"(\d{1,18})\.(\d{1,9})", re.ASCII)


def live_state(params: QueryDict) -> dict[str, Any]:
    """What the page's script needs to ask for news of the list.

    Args:
        params: The list's parameters with the position in it.
    """
    return {
        "url": f"{reverse('wagtail_helpdesk:inbox_poll')}?{params.urlencode()}",
        "seconds": helpdesk_settings.INBOX_REFRESH_SECONDS,
    }


class InboxPollView(View):
    """News of a list: 304 if there is none, else the changed rows.

    The address is the list's, with ``shown``: number and version of each row on the
    screen. The answer is JSON:

    * ``rows``: HTML of the rows that changed, also of those that moved to another page;
    * ``gone``: numbers of rows that are no longer in the list;
    * ``news``: a sentence about tickets that came in above, or an empty text;
    * ``counts``: the numbers beside the views, as texts.
    """

    http_method_names = ["get"]

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Say that nothing is new, or let Wagtail look who asks."""
        leave_no_trace(request)
        agent = agent_of(request)
        if agent is None:
            return require_admin_access(_refuse)(request)
        tickets = TicketList(request.GET, agent=agent)
        page = TicketPage(
            tickets, fields=("number", "version"), params=request.GET, size=PAGE_SIZE
        )
        now = {ticket.number: ticket.version for ticket in page}
        asked = request.GET.get("shown", "")
        state = blake2b(f"{asked} {now}".encode(), digest_size=12).hexdigest()
        etag = f'W/"{state}"'
        response: HttpResponseBase
        if state in request.headers.get("If-None-Match", ""):
            response = HttpResponseNotModified()
        else:
            response = require_admin_access(_news)(request, tickets, now, _shown(asked))
        if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "private, no-store"
        return response


def _refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def _shown(text: str) -> dict[int, int]:
    """The rows on the screen: versions by number. Never more than two pages."""
    found = _SHOWN.findall(text[: 30 * PAGE_SIZE * 2])
    return {int(number): int(version) for number, version in found[: PAGE_SIZE * 2]}


def _news(
    request: HttpRequest,
    tickets: TicketList,
    now: dict[int, int],
    shown: dict[int, int],
) -> HttpResponse:
    changed = [
        number for number in now if shown.get(number, now[number]) != now[number]
    ]
    gone: list[int] = []
    if missing := [number for number in shown if number not in now]:
        # On another page by now, or out of the list.
        elsewhere = tickets.queryset().filter(number__in=missing)
        left = dict(elsewhere.values_list("number", "version"))
        changed += [number for number in left if left[number] != shown[number]]
        gone = [number for number in missing if number not in left]
    new = _above(list(now), shown)
    answer: dict[str, Any] = {"rows": "", "gone": gone, "news": ""}
    if changed:
        fresh = tickets.queryset().filter(number__in=changed)
        keys = tickets.choices.inbox_keys
        asked = KeptQuery.of(with_preview(fresh, len(keys)), ROW_FIELDS)
        found = asked.rows({"readable": keys}) if asked else []
        answer["rows"] = rows_html(rows(found, tickets.choices))
    if new:
        answer["news"] = ngettext(
            "Show %(count)d new or changed ticket",
            "Show %(count)d new or changed tickets",
            new,
        ) % {"count": new}
    if changed or gone or new:
        counts = tickets.counts()
        answer["counts"] = {view: str(count) for view, count in counts.items()}
    return JsonResponse(answer)


def _above(now: list[int], shown: dict[int, int]) -> int:
    """How many rows came in above or between those on the screen.

    Those below have only moved up, because one above them has left.
    """
    places = [place for place, number in enumerate(now) if number in shown]
    reach = now[: places[-1]] if places else now
    return sum(number not in shown for number in reach)
