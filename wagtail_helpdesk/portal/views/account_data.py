"""Downloading one's own data, and asking for its deletion (F11)."""

from __future__ import annotations

from django.contrib import messages
from django.http import (
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions import (
    AskForDeletion,
    Origin,
    RecordDataDownload,
    open_deletion_request,
)
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.frontend import Crumb
from wagtail_helpdesk.models import Channel
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.fresh_sign_in import is_fresh, where_to_show
from wagtail_helpdesk.portal.own_data import own_data
from wagtail_helpdesk.portal.views.account import account_crumb
from wagtail_helpdesk.rate_limits import count_attempt, parse_rate
from wagtail_helpdesk.system_pages import too_many_requests

_SETTING = "DATA_DOWNLOAD_RATE_LIMIT"


def download(visit: Visit) -> HttpResponseBase:
    """The customer's data as a file, for a POST after a fresh sign-in.

    Whoever comes any other way, such as back from the consent, is led to the button.
    """
    request, account_url = visit.request, f"{visit.url}account/"
    if request.method != "POST":
        return HttpResponseRedirect(f"{account_url}#data")
    if not is_fresh(request):
        return _to_fresh_sign_in(visit, f"{account_url}#data")
    rate = parse_rate(helpdesk_settings.DATA_DOWNLOAD_RATE_LIMIT, setting=_SETTING)
    attempt = count_attempt(rate, scope="own data", who=visit.contact.public_id)
    if attempt.wait:
        return too_many_requests(request, wait=attempt.wait)
    RecordDataDownload(contact=visit.contact).execute()
    response = StreamingHttpResponse(
        own_data(visit), content_type="application/json; charset=utf-8"
    )
    name = f"my-data-{timezone.localdate():%Y-%m-%d}.json"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    # Nothing in it runs, should a browser ever show it.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def deletion(visit: Visit) -> HttpResponse:
    """What will happen, with the button; a POST asks, once."""
    if visit.request.method == "POST":
        return _ask(visit)
    return _deletion_page(visit)


def _to_fresh_sign_in(visit: Visit, back: str) -> HttpResponse:
    target = where_to_show(visit.request, back)
    if target:
        text = _("Show that it is you, then press “Download my data” once more.")
    else:
        target = back
        text = _(
            "Sign out and in again first: your data leaves only within a few minutes "
            "after a sign-in."
        )
    messages.info(visit.request, text)
    return HttpResponseRedirect(target)


def _channel(visit: Visit) -> Channel | None:
    """Where a wish for deletion arrives, or ``None`` if the portal takes no requests.

    It goes through no form, so the portal's own channel comes first, unlike with what
    customers write (``setup.trying.channel_for_tests``): a form may lead to a team
    that has nothing to do with it. Only a portal without one uses its first form's.
    """
    if visit.page.channel is not None:
        return visit.page.channel
    first = next(iter(visit.page.open_forms), None)
    return first.form.channel if first is not None else None


def _deletion_page(
    visit: Visit, *, problem: str = "", status: int = 200
) -> HttpResponse:
    asked = open_deletion_request(visit.contact)
    ticket = asked.ticket if asked else None
    if ticket is not None and ticket.contact_id != visit.contact.pk:
        ticket = None  # Somebody else's by now.
    context = {
        "asked": asked,
        "ticket": ticket,
        "ticket_url": visit.ticket_url(ticket) if ticket else "",
        "takes_requests": _channel(visit) is not None,
        "problem": problem,
        "account_url": f"{visit.url}account/",
        "deletion_url": f"{visit.url}account/deletion/",
        "crumbs": [
            Crumb(visit.labels.mine, visit.url),
            account_crumb(visit),
            Crumb(_("Delete my data")),
        ],
    }
    return visit.render("account_deletion.html", context, status=status)


def _ask(visit: Visit) -> HttpResponse:
    channel, page = _channel(visit), visit.page
    if channel is None:
        return _deletion_page(visit, status=404)
    origin = Origin(
        page_id=page.pk,
        revision_id=page.live_revision_id,
        locale=page.locale.language_code,
    )
    try:
        opened = AskForDeletion(
            contact=visit.contact, channel=channel, origin=origin
        ).execute()
    except ActionPermissionError as error:
        return _deletion_page(visit, problem=str(error), status=403)
    except ActionError as error:
        return _deletion_page(visit, problem=str(error), status=409)
    if opened.created:
        messages.success(visit.request, _("We have your request."))
    # Reloading the page asks nothing again (UX26).
    return HttpResponseRedirect(f"{visit.url}account/deletion/")
