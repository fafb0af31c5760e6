"""Articles suggested to whoever writes a new request, and what became of them (F5, N4).

Each link leads over an address of ours, which writes the ledger and sends the visitor
on. So the article's own address stays the one that everybody's caches know, and it is
counted without a script.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse

from wagtail_helpdesk.access.suggestions import (
    Suggestion,
    says_something,
    suggest,
    suggested,
    visitor_hash,
)
from wagtail_helpdesk.access.viewed import is_stand_in
from wagtail_helpdesk.actions import ArticleVersion, RecordDeflection
from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.models import Deflection
from wagtail_helpdesk.portal import duplicates
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.rate_limits import count_attempt, parse_rate

FRAGMENT = "wagtail_helpdesk/portal/includes/suggestions.html"
LONGEST_TEXT = 200
_LONGEST_ID = 9


def for_text(visit: Visit, text: str) -> list[Suggestion]:
    """The articles that may answer a text; that they were shown is written down.

    Args:
        visit: The visit.
        text: A subject, as far as it is typed.
    """
    text = clean_line(text.replace("\x00", ""), LONGEST_TEXT)
    if not says_something(text):
        return []
    found = suggest(visit.request, text)
    if found:
        record(visit.request, visit.page.pk, Deflection.Kind.SHOWN, found)
    return found


def show(visit: Visit) -> HttpResponse:
    """The list for what is typed so far, as a piece of HTML; empty if there is nothing.

    Whoever types very fast is answered with nothing for the rest of the minute.
    """
    request = visit.request
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    rate = parse_rate(
        helpdesk_settings.SUGGEST_RATE_LIMIT, setting="SUGGEST_RATE_LIMIT"
    )
    who = f"contact:{visit.contact.pk}"
    attempt = count_attempt(rate, scope="suggest", who=who)
    if attempt.wait:
        response = HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(attempt.wait)
        return response
    text = clean_line(request.GET.get("q", "").replace("\x00", ""), LONGEST_TEXT)
    found = for_text(visit, text)
    similar = duplicates.similar_to(visit, visit.contact, text)
    if not found and similar is None:
        return HttpResponse()
    context = {"visit": visit, "suggestions": found, "similar": similar}
    return TemplateResponse(request, FRAGMENT, context)


def open_article(visit: Visit, page_id: str) -> HttpResponse:
    """Write down that a suggested article is opened, and lead to it."""
    request = visit.request
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    article = None
    if page_id.isascii() and page_id.isdigit() and len(page_id) <= _LONGEST_ID:
        article = suggested(request, int(page_id))
    if article is None:
        return visit.render("not_found.html", {}, status=404)
    # A browser that reads ahead has opened nothing yet.
    is_opened = request.method == "GET" and "prefetch" not in request.headers.get(
        "Sec-Purpose", ""
    )
    if is_opened:
        record(request, visit.page.pk, Deflection.Kind.OPENED, [article])
    return HttpResponseRedirect(article.url)


def record(
    request: HttpRequest,
    page_id: int,
    kind: Deflection.Kind,
    articles: Sequence[Suggestion] = (),
) -> None:
    """Write one step into the ledger; nothing while an agent looks as a contact.

    Args:
        request: The request that is answered.
        page_id: The portal's page.
        kind: What happened.
        articles: The articles it is about; none: those the visitor opened today.
    """
    session_key = request.session.session_key
    if not session_key or is_stand_in(request.user):
        return
    RecordDeflection(
        kind=kind,
        visitor=visitor_hash(session_key),
        articles=[
            ArticleVersion(article.page_id, article.revision_id, article.locale)
            for article in articles
        ],
        page_id=page_id,
    ).execute()
