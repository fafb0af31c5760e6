"""A list of the demo's mails, a mail, and its HTML in a document without any rights."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from example_site.sent_mail.reading import SentMail, sent_mail, sent_mails
from wagtail_helpdesk.frontend import frame_context
from wagtail_helpdesk.sanitise import text_to_html

# The document has no origin of its own: nothing runs, nothing is loaded; a link opens
# in a window that is free of it.
POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)


def _found(key: str) -> SentMail:
    mail = sent_mail(key)
    if mail is None:
        raise Http404
    return mail


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """All mails, the newest first."""
    context = {"mails": sent_mails(), **frame_context(request)}
    return render(request, "sent_mail/list.html", context)


@require_safe
def mail_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One mail: headers, text, HTML."""
    mail = _found(key)
    context = {
        "mail": mail,
        "text": text_to_html(mail.text, fold=False),
        **frame_context(request),
    }
    return render(request, "sent_mail/mail.html", context)


@require_safe
@xframe_options_sameorigin
def mail_html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML of one mail, for the frame in its page."""
    html = _found(key).html.replace("<head>", '<head><base target="_blank">', 1)
    return HttpResponse(html, headers={"Content-Security-Policy": POLICY})
