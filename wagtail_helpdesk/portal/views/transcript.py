"""One ticket as a text file: what its customer reads on the page, to keep (F7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from django.http import HttpResponseBase, StreamingHttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_helpdesk.actions.text import clean_line, clean_text
from wagtail_helpdesk.channels.email.words import html_to_text
from wagtail_helpdesk.models import Attachment, Message, Ticket
from wagtail_helpdesk.portal.display import Entry, agent_name, entries_of, ticket_status
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.properties import visible_properties
from wagtail_helpdesk.portal.views.ticket_moved import elsewhere
from wagtail_helpdesk.portal.views.ticket_page import requester_name
from wagtail_helpdesk.portal.views.ticket_reading import find_ticket
from wagtail_helpdesk.templatetags.helpdesk_tags import hd_time_text

#: Messages read at a time; the file is never in memory as a whole.
BATCH = 50
#: What a person wrote stands behind this, so that none of it can pose as a heading.
INDENT = "    "


def show(visit: Visit, public_id: str) -> HttpResponseBase:
    """The file of a ticket that the customer may see (R9)."""
    ticket = find_ticket(visit, public_id)
    return elsewhere(visit, public_id) if ticket is None else file_of(visit, ticket)


def file_of(visit: Visit, ticket: Ticket) -> HttpResponseBase:
    """Stream the conversation by the rule of the page (R10): never a note.

    Args:
        visit: The request.
        ticket: A ticket that ``find_ticket`` has let through.
    """
    # The middleware has left the language and the zone of this request behind by the
    # time the file is read.
    language = translation.get_language()
    zone = timezone.get_current_timezone()
    now = timezone.now()
    head = _head(visit, ticket)

    def lines() -> Iterator[str]:
        yield head
        for batch in _batches(visit, ticket):
            with translation.override(language), timezone.override(zone):
                entries = entries_of(batch, viewer=visit.contact, rules=visit.rules)
                text = "".join(_entry(visit, entry) for entry in entries)
            yield text

    response = StreamingHttpResponse(lines(), content_type="text/plain; charset=utf-8")
    name = f"{slugify(ticket.reference) or 'ticket'}-{timezone.localdate(now)}.txt"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _batches(visit: Visit, ticket: Ticket) -> Iterator[list[Any]]:
    """All messages that the customer may read now, oldest first."""
    shown = (
        Message.objects.shown_in(visit.rules, now=timezone.now())
        .filter(conversation__ticket=ticket)
        .annotate(has_files=Exists(Attachment.objects.filter(message=OuterRef("pk"))))
        .select_related("author_contact", "author_agent__user")
        .order_by("created_at", "pk")
    )
    after = Q()
    while batch := list(shown.filter(after)[:BATCH]):
        with_files = [message for message in batch if message.has_files]
        if with_files:
            prefetch_related_objects(with_files, "attachments")
        yield batch
        if len(batch) < BATCH:
            return
        last = batch[-1]
        after = Q(created_at__gt=last.created_at) | Q(
            created_at=last.created_at, pk__gt=last.pk
        )


def _head(visit: Visit, ticket: Ticket) -> str:
    owner = agent_name(ticket.owner, visit.rules) if ticket.owner else ""
    facts = [
        (_("Status"), ticket_status(ticket, visit.rules).label),
        (_("Requested by"), requester_name(visit, ticket)),
        (_("Created"), hd_time_text(ticket.created_at)),
        (_("Owner"), owner),
        *visible_properties(ticket),
        (pgettext("date of a file", "As of"), hd_time_text(timezone.now())),
    ]
    lines = [
        f"{clean_line(str(label))}: {clean_line(str(value), 1000)}"
        for label, value in facts
        if value
    ]
    title = f"{ticket.reference} {clean_line(ticket.subject)}"
    return "\n".join([title, "", *lines, ""])


def _entry(visit: Visit, entry: Entry) -> str:
    """A message: who wrote it and when, its text, and the names of its files."""
    message = entry.message
    # The file may be passed on: "You" would be somebody else there.
    is_own = message.author_contact_id == visit.contact.pk and not entry.is_support
    author = clean_line((is_own and visit.contact.name) or entry.author)
    if entry.is_support:
        # Translators: %(name)s is the name of one of us who answered.
        author = _("%(name)s (Support)") % {"name": author}
    text = message.body_text or html_to_text(message.body_html)
    lines = clean_text(text).split("\n")
    for file in entry.attachments:
        # Translators: %(name)s is the name of a file, %(size)s how large it is.
        line = _("File: %(name)s (%(size)s)") % {
            "name": clean_line(file.name),
            "size": filesizeformat(file.size).replace("\xa0", " "),
        }
        lines.append(line)
    body = "\n".join(f"{INDENT}{line}".rstrip() for line in lines if line or text)
    return f"\n{author} – {hd_time_text(message.created_at)}\n{body}\n"
