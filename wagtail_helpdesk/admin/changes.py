"""What was done to a ticket, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.models import Event, Priority, SatisfactionRating

#: Read from here, since ``get_kind_display()`` goes through all kinds each time.
_KINDS: dict[str, Any] = dict(Event.Kind.choices)
_FIELD_NAMES = {
    "subject": gettext_lazy("subject"),
    "type": gettext_lazy("type"),
    "team": gettext_lazy("team"),
    "properties": gettext_lazy("properties"),
    "tags": gettext_lazy("tags"),
}


def describe(event: Event) -> str:
    """A change as a sentence without its actor's name: "changed the stage: New → Open".

    Args:
        event: An event of a ticket's history.
    """
    text = str(_KINDS.get(event.kind, event.kind))
    before, after = event.data.get("before"), event.data.get("after")
    if not isinstance(before, dict):
        before = {}
    if not isinstance(after, dict):
        after = {}
    if event.kind == Event.Kind.TICKET_OPENED and event.data.get("on_behalf_of"):
        return _("opened the request for the contact, as a manager of the organization")
    if event.kind == Event.Kind.STAGE_CHANGED:
        return _arrow(text, before.get("name", ""), after.get("name", ""))
    if event.kind == Event.Kind.PRIORITY_CHANGED:
        return _arrow(
            text, _priority(before.get("priority")), _priority(after.get("priority"))
        )
    if event.kind == Event.Kind.TICKET_RATED:
        was, now = _score(before.get("score")), _score(after.get("score"))
        if was:
            return _arrow(text, was, now)
        return _("%(what)s: %(value)s") % {"what": text, "value": now}
    if event.kind in (Event.Kind.TICKET_ASSIGNED, Event.Kind.CONVERSATION_ASSIGNED):
        return _("%(what)s: %(value)s") % {
            "what": text,
            "value": after.get("name") or _("nobody"),
        }
    if event.kind == Event.Kind.TICKET_MERGED:
        if after.get("into"):
            return _("merged this ticket into %(ticket)s") % {"ticket": after["into"]}
        return _("merged %(ticket)s into this ticket") % {"ticket": after.get("from")}
    if event.kind == Event.Kind.TICKET_UNMERGED:
        other = before.get("into") or before.get("from")
        return _("undid the merging with %(ticket)s") % {"ticket": other}
    if event.kind == Event.Kind.DETAILS_CHANGED:
        names = [str(_FIELD_NAMES.get(n, n)) for n in event.data.get("fields", [])]
        return _("%(what)s: %(value)s") % {"what": text, "value": ", ".join(names)}
    return text


def _arrow(text: str, before: str, after: str) -> str:
    return _("%(what)s: %(before)s → %(after)s") % {
        "what": text,
        "before": before,
        "after": after,
    }


def _priority(value: Any) -> str:
    return str(Priority(value).label) if value in Priority.values else ""


def _score(value: Any) -> str:
    scores = SatisfactionRating.Score
    return str(scores(value).label) if value in scores.values else ""
