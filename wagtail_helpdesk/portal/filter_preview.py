"""What a draft's visibility filters would change, before it is published (N14)."""

from __future__ import annotations

from dataclasses import dataclass

from wagtail_helpdesk.access.ticket_reasons import hiding_filters
from wagtail_helpdesk.models import Agent, PortalRules, Ticket
from wagtail_helpdesk.models.ticket_visibility import not_spam

#: So many tickets are compared, those with the latest activity.
COMPARED = 2000
EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Change:
    """The tickets that one verdict is different for.

    Attributes:
        count: How many.
        examples: Some of them, which the agent may open.
        reasons: For each example the filter that hides it, in a sentence; empty where
            none does any more.
    """

    count: int
    examples: tuple[Ticket, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def told(self) -> list[tuple[Ticket, str]]:
        """Each example with its reason."""
        return list(zip(self.examples, self.reasons, strict=True))


@dataclass(frozen=True, slots=True)
class FilterChange:
    """What changes.

    Attributes:
        compared: How many tickets were compared.
        is_all: Whether these are all there are.
        appearing: Those that the live portal hides and the draft lets through.
        vanishing: The reverse.
    """

    compared: int
    is_all: bool
    appearing: Change
    vanishing: Change


def compare(live: PortalRules, draft: PortalRules, agent: Agent | None) -> FilterChange:
    """Compare the filters of two versions of a portal, whoever looks.

    Takes five queries at most, of a bounded number of rows each, and for the examples
    those of ``hiding_filters``.

    Args:
        live: The rules that are published.
        draft: Those that would be.
        agent: Whose tickets may be named; ``None``: nobody's.
    """
    newest = Ticket.objects.live().filter(not_spam()).by_activity()
    found = list(newest.values_list("pk", flat=True)[: COMPARED + 1])
    keys = found[:COMPARED]
    old, new = _passing(keys, live), _passing(keys, draft)
    return FilterChange(
        compared=len(keys),
        is_all=len(found) == len(keys),
        appearing=_change([pk for pk in keys if pk in new - old], agent, live),
        vanishing=_change([pk for pk in keys if pk in old - new], agent, draft),
    )


def _passing(keys: list[int], rules: PortalRules) -> set[int]:
    if not rules.filters:
        return set(keys)
    some = Ticket.objects.filter(pk__in=keys).passing(rules)
    return set(some.values_list("pk", flat=True))


def _change(keys: list[int], agent: Agent | None, hiding: PortalRules) -> Change:
    if agent is None or not keys:
        return Change(len(keys))
    seen = Ticket.objects.visible_to_agent(agent).filter(pk__in=keys)
    examples = tuple(seen.by_activity()[:EXAMPLES])
    verdicts = hiding_filters([ticket.pk for ticket in examples], hiding)
    # A ticket that has changed since it was compared may be hidden no more.
    told = (verdicts.get(ticket.pk) for ticket in examples)
    return Change(len(keys), examples, tuple(v.sentence() if v else "" for v in told))
