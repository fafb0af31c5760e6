"""The choice among several forms, and which one an address names (F8)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wagtail_helpdesk.access.follow_ups import FOLLOW_UP_PARAM
from wagtail_helpdesk.forms import bindings
from wagtail_helpdesk.forms.live import FORM_PARAM, page_forms, prefix_of
from wagtail_helpdesk.frontend import Crumb
from wagtail_helpdesk.models import SupportForm, Ticket
from wagtail_helpdesk.portal.entry import Visit

#: In the address of the form for something new: the key of the form.
PARAM = "form"
#: What goes on from the choice to the form.
_PASSED_ON = ("article", "subject", FOLLOW_UP_PARAM)
_LONGEST = 200


def chosen(visit: Visit) -> Any | None:
    """The portal's row of the form that the address names.

    The only form needs no name; one that comes back with errors is itself.

    Args:
        visit: The visit.
    """
    forms = visit.page.open_forms
    posted = page_forms(visit.request, visit.page).posted
    named = posted.support_form.key if posted is not None else _named(visit.request)
    found = next((row for row in forms if row.form.key == named), None)
    return found or (forms[0] if len(forms) == 1 else None)


def problem(visit: Visit) -> tuple[str, int]:
    """What to say of a form that this portal does not have, and the HTTP status.

    One that exists elsewhere is answered like one that does not exist.
    """
    named = _named(visit.request)
    if not named or any(row.form.key == named for row in visit.page.open_forms):
        return "", HTTPStatus.OK
    told = _("The form that you asked for is not here. Please use what is here now.")
    return told, HTTPStatus.NOT_FOUND


def _named(request: HttpRequest) -> str:
    return request.GET.get(PARAM, "")


def show(
    visit: Visit, follows: Ticket | None, *, notice: str = "", status: int = 200
) -> HttpResponse:
    """The list of the portal's forms.

    Args:
        visit: The visit.
        follows: The closed ticket that the new one follows, which they may see.
        notice: Why the customer is here, if they did not ask for it.
        status: The HTTP status.
    """
    passed = _passed_on(visit.request)
    if follows is not None:
        passed[FOLLOW_UP_PARAM] = follows.public_id
    heading = visit.page.form_header_text or visit.labels.new
    choices = [
        {
            # A draft may have had no words for it yet.
            "label": row.menu_text or row.header_text or visit.labels.new,
            "description": row.description,
            "url": f"{visit.new_url}?{urlencode({PARAM: row.form.key, **passed})}",
        }
        for row in visit.page.open_forms
    ]
    context = {
        "form_title": visit.labels.new,
        "form_heading": heading,
        "choices": choices,
        "notice": notice,
        "follows": follows,
        "follows_url": visit.ticket_url(follows) if follows else "",
        "crumbs": crumbs_to(visit),
    }
    return visit.render("choose_form.html", context, status=status)


def words_of(visit: Visit, row: Any = None) -> dict[str, str]:
    """Title and heading of a form's page (B24, B25).

    Args:
        visit: The visit.
        row: The portal's row of the form; ``None``: the built-in one.
    """
    page, new = visit.page, visit.labels.new
    if row is None:
        return {"form_title": new, "form_heading": page.form_header_text or new}
    title = row.menu_text or new
    heading = row.header_text or row.menu_text
    if not heading and page.form_count == 1:
        heading = page.form_header_text
    return {"form_title": title, "form_heading": heading or new}


def crumbs_to(visit: Visit, row: Any = None) -> list[Crumb]:
    """The way to a form's page; among several it leads by the choice.

    Args:
        visit: The visit.
        row: The portal's row of the form.
    """
    mine, new = Crumb(visit.labels.mine, visit.url), visit.labels.new
    if row is None or visit.page.form_count == 1:
        return [mine, Crumb(new)]
    passed = _passed_on(visit.request)
    query = f"?{urlencode(passed)}" if passed else ""
    title = words_of(visit, row)["form_title"]
    return [mine, Crumb(new, f"{visit.new_url}{query}"), Crumb(title)]


def sent_texts(request: HttpRequest) -> dict[str, str]:
    """Subject and description of a form that was sent and is not taken.

    Args:
        request: The POST.
    """
    html_id = request.GET.get(FORM_PARAM, "")
    if not html_id:
        # The built-in form, of a page that was open when others were connected.
        sent = {name: request.POST.get(name, "") for name in ("subject", "body")}
        return {name: text.replace("\x00", "") for name, text in sent.items() if text}
    key = html_id.partition("_")[0]
    if "\x00" in html_id:
        return {}
    form = SupportForm.objects.filter(key=key).order_by("pk").first()
    names = {bindings.SUBJECT: "subject", bindings.DESCRIPTION: "body"}
    found: dict[str, str] = {}
    for child in form.form_fields if form is not None else ():
        name = names.get(child.value.get("binding") or "")
        text = request.POST.get(f"{prefix_of(html_id)}-{child.value.get('key')}", "")
        if name and text:
            found[name] = text.replace("\x00", "")
    return found


def _passed_on(request: HttpRequest) -> dict[str, str]:
    values = {name: request.GET.get(name, "")[:_LONGEST] for name in _PASSED_ON}
    return {name: value for name, value in values.items() if value}
