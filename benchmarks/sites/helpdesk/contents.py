"""The manifest of the loaded help desk: where the workloads find what they need."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from benchmarks import manifest
from benchmarks.dataset import COMMON, MEDIUM, RARE, Dataset
from benchmarks.mails import threads
from benchmarks.sites.helpdesk.desk import FORM_KEY, signed_in
from benchmarks.sites.sessions import session_for
from wagtail_helpdesk.admin.base import admin_url
from wagtail_helpdesk.knowledge_base.models import ArticlePage, KnowledgeBaseHomePage
from wagtail_helpdesk.models import (
    Agent,
    Attachment,
    Contact,
    Conversation,
    Delivery,
    Event,
    Inbox,
    Message,
    Organization,
    Stage,
    Ticket,
)
from wagtail_helpdesk.models.tickets import TicketQuerySet
from wagtail_helpdesk.pagination import KeysetPage

#: Tickets that posts take in turn.
_POOL = 200


def describe(data: Dataset) -> dict[str, Any]:
    """Everything but what the call of the loader says already, from the database."""
    agent = Agent.objects.select_related("user").order_by("pk")[0]
    sessions = {
        name: session_for(Contact.objects.get(pk=number + 1).user)
        for name, number in signed_in(data).items()
    }
    sessions["agent"] = session_for(agent.user)
    sessions["visitor"] = ""
    stages = {stage.key: str(stage.pk) for stage in Stage.objects.all()}
    tickets = Ticket.objects.live().by_activity()
    fifty = Ticket.objects.get(pk=data.fifty + 1)
    longest = Ticket.objects.get(pk=data.longest + 1)
    return {
        "counts": {
            **counts(),
            "open": tickets.open().count(),
            "huge_organization": tickets.filter(organization=1).count(),
        },
        "cookie": "sessionid",
        "sessions": sessions,
        "csrf": manifest.csrf(),
        "words": {"rare": RARE, "medium": MEDIUM, "common": COMMON},
        "ids": {
            "ticket_50_messages": fifty.public_id,
            "ticket_200_messages": longest.public_id,
            "stage_open": stages["open"],
            "stage_waiting": stages["waiting"],
            "stage_closed": stages["closed"],
            "inbox_support": Inbox.objects.order_by("pk")[0].public_id,
            "huge_organization": Organization.objects.get(pk=1).public_id,
        },
        "gets": {
            **_inbox(tickets, agent),
            **_search(),
            **_ticket_pages(fifty, longest),
            **_portal(data, fifty),
            **_site(),
        },
        "posts": _posts(stages),
        "pools": {
            "open_tickets": _pool(tickets.open().exclude(pk__in=_special(data))),
            "stage_tickets": _pool(
                tickets.filter(stage=stages["open"]).exclude(pk__in=_special(data))
            ),
            "portal_tickets": _pool(
                tickets.open().filter(organization=1).exclude(pk__in=_special(data))
            )
            # In a small data set nothing else of theirs is open.
            or _pool(tickets.filter(pk=fifty.pk)),
        },
        "polls": _polls(),
        "mail_threads": _mail_threads(data),
        "absent": {
            "kb_suggest": "not built yet",
            "api_list": "not built yet",
            "api_detail": "not built yet",
        },
    }


def counts() -> dict[str, int]:
    """How many rows there are."""
    models = (
        *(Organization, Contact, Ticket, Conversation, Message),
        *(Event, Attachment, Delivery),
    )
    return {
        str(model._meta.verbose_name_plural): model._default_manager.count()
        for model in models
    }


def _special(data: Dataset) -> list[int]:
    """Tickets that no post may change: other workloads read them."""
    return [number + 1 for number in (data.fifty, data.longest, *data.small)]


def _pool(tickets: TicketQuerySet) -> list[dict[str, str]]:
    return [
        {
            "ticket": ticket.public_id,
            "conversation": ticket.conversations.get().public_id,
            "number": str(ticket.number),
            "stage": str(ticket.stage_id),
        }
        for ticket in tickets.prefetch_related("conversations")[:_POOL]
    ]


def _mail_threads(data: Dataset) -> list[dict[str, str]]:
    """How the customer's mail program names a ticket: by the last mail it got."""
    found = []
    for record in threads(data):
        delivery = Delivery.objects.filter(ticket=record.number + 1).latest("pk")
        found.append(
            {
                "number": str(record.number),
                "tag": f"[HD-{record.number + 1}]",
                "in_reply_to": delivery.external_id,
            }
        )
    return found


def _get(session: str, path: str, has: str = "", **more: str) -> dict[str, str]:
    return {"session": session, "path": path, "has": has, **more}


def _inbox(tickets: TicketQuerySet, agent: Any) -> dict[str, Any]:
    views = {
        "open": tickets.open(),
        "mine": tickets.open().filter(owner=agent),
        "unassigned": tickets.open().filter(owner=None),
        "closed": tickets.closed(),
        "all": tickets,
    }
    inbox, results = admin_url("inbox"), admin_url("inbox_results")
    found: dict[str, Any] = {}
    for view, rows in views.items():
        path = f"{inbox}?view={view}"
        found[f"inbox_{view}"] = _get("agent", path, _first(rows))
    found["inbox_deep"] = _get("agent", *_deep(tickets, f"{inbox}?view=all"))
    found["inbox_closed_deep"] = _get(
        "agent", *_deep(tickets.closed(), f"{inbox}?view=closed")
    )
    found["inbox_open_deep"] = _get(
        "agent", *_deep(tickets.open(), f"{inbox}?view=open")
    )
    support = Inbox.objects.order_by("pk")[0]
    found["inbox_filtered"] = _get(
        "agent",
        f"{inbox}?view=open&priority=3&inbox={support.public_id}",
        _first(tickets.open().filter(priority=3, inbox=support)),
    )
    found["inbox_results"] = _get(
        "agent", f"{results}?view=open", _first(tickets.open())
    )
    found["inbox_results_deep"] = _get("agent", *_deep(tickets, f"{results}?view=all"))
    return found


def _first(tickets: TicketQuerySet) -> str:
    """What a list must show: the reference of its first row."""
    ticket = tickets.first()
    return ticket.reference if ticket is not None else ""


def _deep(tickets: TicketQuerySet, path: str) -> tuple[str, str]:
    """The page that begins behind 90 % of the rows, and a reference on it."""
    place = int((tickets.count() - 1) * 0.9)
    before, first = tickets[place : place + 2]
    page: KeysetPage[Ticket] = KeysetPage(
        tickets.filter(pk=before.pk),
        ordering=("-last_activity_at", "-pk"),
        params=QueryDict(),
    )
    mark = "&" if "?" in path else "?"
    cursor = urlencode({"after": page._encode(before)})
    return f"{path}{mark}{cursor}", first.reference


def _search() -> dict[str, Any]:
    found = {}
    for name, word in (("rare", RARE), ("medium", MEDIUM), ("common", COMMON)):
        tickets = Ticket.objects.by_activity().filter(
            conversations__messages__seq=1,
            conversations__messages__body_text__contains=word,
        )
        path = f"{admin_url('inbox')}?view=all&q={word}&sort="
        found[f"search_{name}"] = _get("agent", f"{path}activity", _first(tickets))
        # Which fits best is the system's own business; that some do is not.
        found[f"search_{name}_best"] = _get("agent", f"{path}match", ">HD-")
        found[f"search_{name}_results"] = _get(
            "agent",
            f"{admin_url('inbox_results')}?view=all&q={word}&sort=activity",
            _first(tickets),
        )
    return found


def _ticket_pages(fifty: Ticket, longest: Ticket) -> dict[str, Any]:
    return {
        "ticket": _get("agent", admin_url("ticket", fifty.public_id), fifty.reference),
        "ticket_longest": _get(
            "agent", admin_url("ticket", longest.public_id), longest.reference
        ),
    }


def _portal(data: Dataset, fifty: Ticket) -> dict[str, Any]:
    huge = Ticket.objects.filter(organization=1).by_activity()
    member = Contact.objects.get(pk=data.people.small_contact + 1)
    small = Ticket.objects.filter(contact=member).by_activity()
    common = huge.filter(
        conversations__messages__seq=1,
        conversations__messages__body_text__contains=COMMON,
    )
    path = f"/support/r/{fifty.public_id}/"
    return {
        "portal_small": _get("customer_small", "/support/", _first(small)),
        "portal_huge": _get("customer_huge", "/support/", _first(huge)),
        "portal_huge_deep": _get("customer_huge", *_deep(huge, "/support/")),
        "portal_huge_filtered": _get(
            "customer_huge", "/support/?status=open", _first(huge.open())
        ),
        "portal_huge_search": _get(
            "customer_huge", f"/support/?q={COMMON}", _first(common)
        ),
        "portal_ticket": _get("customer_huge", path, fifty.reference),
    }


def _site() -> dict[str, Any]:
    help_home = KnowledgeBaseHomePage.objects.get()
    private = ArticlePage.objects.get(slug="article-10")
    public = ArticlePage.objects.get(slug="article-3")
    path = public.get_url()
    search = f"{help_home.get_url()}search/?q="
    return {
        "form": _get("visitor", "/contact/", f"hd-{FORM_KEY}-"),
        "article": _get("visitor", path, public.title),
        "article_signed_in": _get("customer_small", path, public.title),
        "article_private": _get(
            "customer_group_member", private.get_url(), private.title
        ),
        "article_private_refused": _get("customer_small", private.get_url(), "")
        | {"status": "403"},
        "kb_home": _get("visitor", help_home.get_url(), help_home.title),
        "kb_search_rare": _get("visitor", search + RARE, "article-"),
        "kb_search_common": _get("visitor", search + COMMON, "article-"),
    }


def _polls() -> dict[str, Any]:
    """What the open view's script asks for; nothing has changed, or one ticket has."""
    poll = {
        "session": "agent",
        "page": f"{admin_url('inbox')}?view=open",
        "path": f"{reverse('wagtail_helpdesk:inbox_poll')}?view=open",
    }
    return {
        "inbox_poll": {**poll, "news": False},
        "inbox_poll_new": {**poll, "news": True},
    }


def _posts(stages: dict[str, str]) -> dict[str, Any]:
    ticket = admin_url("ticket", "0").replace("/0/", "/{ticket}/")
    compose = {
        "text": "Number {n}: we have looked at it and found nothing. Please restart.",
        "conversation": "{conversation}",
        "token": "benchmark-{n}",
        "seen": str(2**31 - 1),
    }
    form = {
        f"hd-{FORM_KEY}-subject": "Benchmark {n}",
        f"hd-{FORM_KEY}-description": "It does not work. This is number {n}.",
    }
    sent = {
        "path": f"/contact/?hd_form={FORM_KEY}",
        "status": 303,
        "token_from": "/contact/",
        "token_fields": ["form-token"],
    }
    return {
        "reply": {
            "session": "agent",
            "path": f"{ticket}compose/",
            "pool": "open_tickets",
            "data": {**compose, "do": "reply", "mode": "reply"},
            "status": 302,
        },
        "note": {
            "session": "agent",
            "path": f"{ticket}compose/",
            "pool": "open_tickets",
            "data": {**compose, "do": "note", "mode": "note"},
            "status": 302,
        },
        "stage": _stage_post(ticket, stages),
        "portal_reply": {
            "session": "customer_huge",
            "path": "/support/r/{ticket}/",
            "pool": "portal_tickets",
            "data": {"body": "Still the same, number {n}.", "client_token": ""},
            "status": 302,
        },
        "form": {
            "session": "visitor",
            "data": {
                **form,
                f"hd-{FORM_KEY}-contact-name": "Visitor {n}",
                f"hd-{FORM_KEY}-contact-email": "visitor{n}@mail.example",
            },
            **sent,
        },
        "form_signed_in": {"session": "customer_small", "data": form, **sent},
    }


def _stage_post(ticket: str, stages: dict[str, str]) -> dict[str, Any]:
    """Back and forth between two stages, so that each post changes something."""
    return {
        "session": "agent",
        "path": f"{ticket}properties/",
        "pool": "stage_tickets",
        "alternate": [{"stage": stages["waiting"]}, {"stage": stages["open"]}],
        "data": {
            "owner": "",
            "initial-owner": "",
            "stage": "{stage}",
            "initial-stage": "0",
            "priority": "2",
            "initial-priority": "2",
            "type": "",
            "initial-type": "",
            "tags": "",
            "initial-tags": "",
        },
        "status": 302,
    }
