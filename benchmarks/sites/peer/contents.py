"""The manifest of the loaded django-helpdesk."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from django.contrib.auth import get_user_model
from helpdesk.models import FollowUp, KBItem, Queue, Ticket
from helpdesk.query import query_to_base64

from benchmarks import manifest
from benchmarks.dataset import COMMON, MEDIUM, RARE, Dataset
from benchmarks.mails import threads
from benchmarks.sites.peer.filling import shared_address
from benchmarks.sites.sessions import session_for

_POOL = 200
#: What its filter form sends for "Unassigned".
_NOBODY = -1
_OPEN = [Ticket.OPEN_STATUS, Ticket.REOPENED_STATUS]
_ALL = [choice[0] for choice in Ticket.STATUS_CHOICES]


def describe(data: Dataset) -> dict[str, Any]:
    """Everything but what the call of the loader says already, from the database."""
    users = get_user_model()._default_manager
    small = data.people.contact(data.people.small_contact).email
    agent = users.order_by("pk")[0]
    return {
        "counts": {
            "tickets": Ticket.objects.count(),
            "follow-ups": FollowUp.objects.count(),
            "open": Ticket.objects.filter(status__in=_OPEN).count(),
            "huge_organization": Ticket.objects.filter(
                submitter_email=shared_address(data)
            ).count(),
        },
        "cookie": "sessionid",
        "sessions": {
            "agent": session_for(agent),
            "customer_small": session_for(users.get(email=small)),
            "customer_huge": session_for(users.get(email=shared_address(data))),
            "customer_group_member": "",
            "visitor": "",
        },
        "csrf": manifest.csrf(),
        "words": {"rare": RARE, "medium": MEDIUM, "common": COMMON},
        "ids": {"ticket_50_messages": str(data.fifty + 1)},
        "gets": {**_lists(data, agent), **_tickets(data), **_customer(data), **_site()},
        "posts": _posts(),
        "pools": {"open_tickets": _pool(data), "stage_tickets": _pool(data)},
        "mail_threads": [
            {
                "number": str(record.number),
                "tag": f"[{data.inboxes()[record.inbox].slug}-{record.number + 1}]",
                "in_reply_to": "",
            }
            for record in threads(data)
        ],
        "absent": {
            "inbox_results": "its list has no fragment; the data call is in `then`",
            "inbox_poll": "it does not look for new tickets",
            "portal_huge_search": "searches in the browser, in 25 tickets",
            "portal_huge_filtered": "filters in the browser, in 25 tickets",
            "portal_reply": "customers reply by mail only",
            "form_signed_in": "the same form as for visitors",
            "article_private": "private sections are for staff only",
            "kb_search_rare": "its knowledge base has no search",
            "kb_search_common": "its knowledge base has no search",
            "kb_suggest": "its knowledge base has no search",
        },
    }


def _get(session: str, path: str, has: str, **more: str) -> dict[str, str]:
    return {"session": session, "path": path, "has": has, **more}


def _list(has: str, params: dict[str, Any], *, start: int = 0) -> dict[str, str]:
    """The list's page, and the data call that its script makes then.

    Args:
        has: A text in the answers.
        params: What its filter form sends.
        start: How many rows come before.
    """
    query: dict[str, Any] = {
        "filtering": {
            command: params[name]
            for name, command in (
                ("queue", "queue__id__in"),
                ("assigned_to", "assigned_to__id__in"),
                ("status", "status__in"),
                ("priority", "priority__in"),
            )
            if name in params
        },
        "filtering_null": {},
        "sorting": "created",
        # The newest first, as our list begins.
        "sortreverse": "on",
        "search_string": params.get("q", ""),
    }
    if params.get("assigned_to") == [_NOBODY]:
        query["filtering"]["assigned_to__id__in"] = []
        query["filtering_null"]["assigned_to__id__isnull"] = True
    form = {**params, "sort": "created", "sortreverse": "on"}
    page = f"/tickets/?{urlencode(form, doseq=True)}"
    call = urlencode({"draw": 1, "start": start, "length": 25})
    data = f"/datatables_ticket_list/{quote(query_to_base64(query))}?{call}"
    return _get("agent", page, has, then=data)


def _lists(data: Dataset, agent: Any) -> dict[str, Any]:
    newest = Ticket.objects.order_by("-created", "-pk")

    def first(tickets: Any) -> str:
        ticket = tickets.first()
        # As the data call gives it.
        return f'"id": {ticket.pk}' if ticket else ""

    mine = {"status": _OPEN, "assigned_to": [agent.pk]}
    queue = Queue.objects.order_by("pk")[0].pk
    filtered = {"status": _OPEN, "queue": [queue], "priority": [2]}
    closed = newest.filter(status=Ticket.CLOSED_STATUS)
    everything = newest.all()
    deep = int(data.size * 0.9)
    found = {
        "inbox_open": _list(first(newest.filter(status__in=_OPEN)), {"status": _OPEN}),
        "inbox_mine": _list(
            first(newest.filter(status__in=_OPEN, assigned_to=agent)), mine
        ),
        "inbox_unassigned": _list(
            first(newest.filter(status__in=_OPEN, assigned_to=None)),
            {"status": _OPEN, "assigned_to": [_NOBODY]},
        ),
        "inbox_closed": _list(first(closed), {"status": [Ticket.CLOSED_STATUS]}),
        "inbox_all": _list(first(everything), {"status": _ALL}),
        "inbox_filtered": _list(
            first(newest.filter(status__in=_OPEN, queue=queue, priority=2)), filtered
        ),
        "inbox_deep": _list(
            f'"id": {everything[deep].pk}', {"status": _ALL}, start=deep
        ),
    }
    for name, word in (("rare", RARE), ("medium", MEDIUM), ("common", COMMON)):
        tickets = newest.filter(description__contains=word)
        found[f"search_{name}"] = _list(first(tickets), {"q": word})
    return found


def _tickets(data: Dataset) -> dict[str, Any]:
    found = {}
    for name, number in (("ticket", data.fifty), ("ticket_longest", data.longest)):
        ticket = Ticket.objects.get(pk=number + 1)
        found[name] = _get("agent", f"/tickets/{ticket.pk}/", ticket.title)
    found["api_detail"] = _get("agent", f"/api/tickets/{data.fifty + 1}/", '"title"')
    found["api_list"] = _get("agent", "/api/tickets/?page=1&page_size=25", '"results"')
    return found


def _customer(data: Dataset) -> dict[str, Any]:
    small = Ticket.objects.get(pk=data.small[-1] + 1)
    huge = Ticket.objects.filter(submitter_email=shared_address(data))
    pages = -(-huge.count() // 25)
    fifty = Ticket.objects.get(pk=data.fifty + 1)
    newest = huge.order_by("-created")[0]
    view = urlencode(
        {
            "ticket": fifty.ticket_for_url,
            "email": fifty.submitter_email,
            "key": fifty.secret_key,
        }
    )
    page, call = "/tickets/my-tickets/", "/api/user_tickets/?page="
    return {
        "portal_small": _get("customer_small", page, small.title, then=f"{call}1"),
        "portal_huge": _get("customer_huge", page, newest.title, then=f"{call}1"),
        "portal_huge_deep": _get(
            "customer_huge",
            page,
            '"results"',
            then=f"{call}{max(1, int(pages * 0.9))}",
        ),
        "portal_ticket": _get("customer_huge", f"/view/?{view}", fifty.title),
    }


def _site() -> dict[str, Any]:
    public = KBItem.objects.select_related("category").get(order=3)
    path = f"/kb/{public.category.slug}/?kbitem={public.pk}"
    return {
        "form": _get("visitor", "/tickets/submit/", "submitter_email"),
        "article": _get("visitor", path, public.title),
        "article_signed_in": _get("customer_small", path, public.title),
        "kb_home": _get("visitor", "/kb/", "Devices"),
    }


def _pool(data: Dataset) -> list[dict[str, str]]:
    special = [data.fifty + 1, data.longest + 1, *(n + 1 for n in data.small)]
    tickets = Ticket.objects.filter(status__in=_OPEN).exclude(pk__in=special)
    return [
        {
            "ticket": str(ticket.pk),
            "title": ticket.title,
            "queue": str(ticket.queue_id),
            "owner": str(ticket.assigned_to_id or 0),
            "priority": str(ticket.priority),
            "status": str(ticket.status),
        }
        for ticket in tickets.order_by("-created")[:_POOL]
    ]


def _posts() -> dict[str, Any]:
    update = {
        "title": "{title}",
        "queue": "{queue}",
        "owner": "{owner}",
        "priority": "{priority}",
        "due_date": "",
        "new_status": "{status}",
    }
    text = "Number {n}: we have looked at it and found nothing. Please restart."
    common = {"session": "agent", "path": "/tickets/{ticket}/update/", "status": 302}
    queue = Queue.objects.order_by("pk")[0].pk
    return {
        "reply": {
            **common,
            "pool": "open_tickets",
            "data": {**update, "comment": text, "public": "1"},
        },
        "note": {
            **common,
            "pool": "open_tickets",
            "data": {**update, "comment": text},
        },
        "stage": {
            **common,
            "pool": "stage_tickets",
            "alternate": [
                {"status": str(Ticket.RESOLVED_STATUS)},
                {"status": str(Ticket.REOPENED_STATUS)},
            ],
            "data": {**update, "comment": "", "public": "1"},
        },
        "form": {
            "session": "visitor",
            "path": "/tickets/submit/",
            "status": 302,
            "data": {
                "queue": str(queue),
                "title": "Benchmark {n}",
                "body": "It does not work. This is number {n}.",
                "submitter_email": "visitor{n}@mail.example",
                "priority": "3",
                "due_date": "",
            },
        },
    }
