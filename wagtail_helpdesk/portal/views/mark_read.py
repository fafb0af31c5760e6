"""The button that marks everything in the list as read (F6)."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions import MarkAllRead
from wagtail_helpdesk.portal.entry import Visit

#: Django sends nobody to a longer address.
MAX_URL = 2000


def show(visit: Visit) -> HttpResponse:
    """Mark it, on a POST, and go back to the list as it was.

    Anything else leads to the list: whoever has signed in again comes here by a GET.

    Args:
        visit: Its address has the query of the list; ``until`` says when that was made.
    """
    request = visit.request
    if request.method == "POST":
        MarkAllRead(
            contact=visit.contact,
            portal=visit.rules,
            until=_moment(request.POST.get("until", "")),
        ).execute()
        messages.success(
            request, _("What was new when you opened the list is marked as read.")
        )
    url = f"{visit.url}{query_of(visit)}"
    return HttpResponseRedirect(url if len(url) <= MAX_URL else visit.url)


def query_of(visit: Visit) -> str:
    """The query of the list's address, with its question mark; empty without any.

    Args:
        visit: A request of the list, or of the button by it.
    """
    query = visit.request.GET.urlencode()
    return f"?{query}" if query else ""


def _moment(text: str) -> datetime:
    """The time that a form says; now, if it says none."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or timezone.is_naive(found):
        return timezone.now()
    return found
