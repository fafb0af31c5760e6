"""What an agent may filter by and choose from: read when asked for, once a request.

Every part is one query of a bounded number of plain rows, so that neither a site with
thousands of colleagues or tags nor a poll that needs none of it pays for the rest.
"""

from __future__ import annotations

from collections.abc import Set
from itertools import groupby
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db.models import (
    BigAutoField,
    BigIntegerField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wagtail_helpdesk.models import (
    Agent,
    Pipeline,
    Priority,
    Stage,
    Tag,
    Ticket,
)
from wagtail_helpdesk.permissions import (
    agents_visible_to_agent,
    inboxes_of_agent,
    members_of_any,
)
from wagtail_helpdesk.statements.slots import KeptQuery, Slot, kept_query

#: Most colleagues and most tags that a list of choices holds. The page of a ticket and
#: the address of the list take any other, too.
MOST_CHOICES = 200


class Choices:
    """The choices of one agent, in the active language.

    Args:
        agent: Whose inboxes limit every choice.
    """

    def __init__(self, agent: Agent) -> None:
        self.agent = agent

    @cached_property
    def inboxes(self) -> list[tuple[int, str, str, int]]:
        """Key, public id, name and pipeline of each inbox the agent works."""
        return inboxes_of_agent(self.agent)

    @cached_property
    def inbox_keys(self) -> tuple[int, ...]:
        """The keys of these inboxes."""
        return tuple(inbox[0] for inbox in self.inboxes)

    @cached_property
    def stages(self) -> list[tuple[int, str, str, str]]:
        """Key, label, category and pipeline's name of each stage, in their order.

        Those of the pipelines that the agent's inboxes use, or have a ticket in.
        """
        shown = {inbox[3] for inbox in self.inboxes}
        if others := self._all_stages.keys() - shown:
            shown |= self._in_use(others)
        return [
            stage
            for pipeline, stages in self._all_stages.items()
            if pipeline in shown
            for stage in stages
        ]

    @cached_property
    def _all_stages(self) -> dict[int, list[tuple[int, str, str, str]]]:
        """All stages by pipeline: configuration, a handful of rows."""
        language = get_language() or ""
        codes = (language, language.split("-")[0])
        names: dict[int, dict[str | None, str]] = {}
        found: dict[int, tuple[int, str, str, str]] = {}
        query = kept_query(Stage.objects.all().db, ("stages",), _stages)
        for pk, name, category, pipeline, pipeline_name, code, label in _rows(query):
            found[pk] = (pipeline, name, category, pipeline_name)
            names.setdefault(pk, {})[code] = label
        stages: dict[int, list[tuple[int, str, str, str]]] = {}
        for pk, (pipeline, name, category, pipeline_name) in found.items():
            label = next((names[pk][code] for code in codes if code in names[pk]), name)
            entry = (pk, label, category, pipeline_name)
            stages.setdefault(pipeline, []).append(entry)
        return stages

    def _in_use(self, pipelines: Set[int]) -> set[int]:
        """Which of these pipelines have a ticket in the agent's inboxes."""
        # The same is asked twice, once in a way that the database has no statistics
        # for: else it expects to come across such a ticket soon, and where there is
        # none it has read the whole table instead of the index.
        same = ExpressionWrapper(F("inbox") + 0, output_field=BigIntegerField())
        in_use = (
            Ticket.objects.filter(pipeline=OuterRef("pk"), inbox__in=self.inbox_keys)
            .alias(same=same)
            .filter(same__in=self.inbox_keys)
            .values("inbox")[:1]
        )
        found = Pipeline.objects.alias(in_use=Subquery(in_use)).filter(
            pk__in=pipelines, in_use__isnull=False
        )
        return set(found.values_list("pk", flat=True))

    @cached_property
    def colleagues(self) -> list[tuple[int, str]]:
        """Key and name of the colleagues who share an inbox, without the agent."""
        named = [entry for entry in self._members() if entry[0] != self.agent.pk]
        return sorted(named, key=lambda entry: entry[1].casefold())

    def _members(self) -> list[tuple[int, str]]:
        keys, user = self.inbox_keys, get_user_model()
        if getattr(user, "get_full_name", None) is not AbstractUser.get_full_name:
            # A site's own accounts: they alone know what they are called.
            agents = members_of_any(keys)[: MOST_CHOICES + 1]
            return [(agent.pk, agent.full_name) for agent in agents]
        if not keys:
            return []
        shape = ("colleagues", len(keys))
        query = kept_query(Agent.objects.all().db, shape, lambda: _members(len(keys)))
        return [
            (pk, f"{first} {last}".strip() or str(username))
            for pk, first, last, username in _rows(query, inboxes=keys)
        ]

    # -- As the fields of a form take them -----------------------------------------

    def inbox_choices(self) -> list[tuple[str, str]]:
        """For the filter by inbox."""
        named = [(inbox[1], inbox[2]) for inbox in self.inboxes]
        return [("", _("Any inbox")), *named]

    def stage_groups(self, prefix: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
        """The stages in groups by pipeline.

        Args:
            prefix: Stands before each key.
        """
        return [
            (name, [(f"{prefix}{pk}", label) for pk, label, _category, _name in group])
            for name, group in groupby(self.stages, key=lambda stage: stage[3])
        ]

    def stage_choices(self) -> list[tuple[str, Any]]:
        """For the filter by stage."""
        return [("", _("Any stage")), *self.stage_groups()]

    def priority_choices(self) -> list[tuple[str, str]]:
        """For the filter by priority."""
        named = [(str(value), str(label)) for value, label in Priority.choices]
        return [("", _("Any priority")), *named]

    def owner_choices(self) -> list[tuple[str, str]]:
        """For the filter by owner."""
        named = [(str(pk), name) for pk, name in self.colleagues]
        return [
            ("", _("Any owner")),
            ("me", _("Me")),
            ("none", _("Nobody")),
            *named,
        ]

    # -- Beyond the choices --------------------------------------------------------

    def colleague(self, key: str) -> tuple[int, str] | None:
        """A colleague by key, also one the bounded list leaves out."""
        if not _is_key(key):
            return None
        found = agents_visible_to_agent(self.agent).filter(pk=key).first()
        return (found.pk, found.full_name) if found else None

    def tag(self, text: str) -> tuple[int, str] | None:
        """Key and name of a tag, by name or key, if the agent sees a ticket with it."""
        named = Q(name__iexact=text)
        if _is_key(text):
            named |= Q(pk=text)
        return self._tags(named).values_list("pk", "name").first()

    def tags(self, text: str) -> list[str]:
        """Names of tags on tickets that the agent sees, which contain a text."""
        found = self._tags(Q(name__icontains=text))
        return list(found.values_list("name", flat=True)[:MOST_CHOICES])

    def _tags(self, named: Q) -> QuerySet[Tag]:
        # Tag by tag, from its tickets to their inboxes: in one join, the database may
        # begin with all tickets of the inboxes.
        inbox = Ticket.objects.live().filter(pk=OuterRef("ticket")).values("inbox")[:1]
        in_use = (
            Ticket.tags.through.objects.filter(tag=OuterRef("pk"))
            .annotate(inbox=Subquery(inbox))
            .filter(inbox__in=self.inbox_keys)  # type: ignore[misc]  # the annotation
            .values("pk")[:1]
        )
        tags = Tag.objects.filter(named)
        return tags.alias(in_use=Subquery(in_use)).filter(in_use__isnull=False)

    def stage_texts(self) -> dict[int, tuple[str, str]]:
        """Label and category of every stage, by key."""
        return {
            pk: (label, category)
            for stages in self._all_stages.values()
            for pk, label, category, _name in stages
        }

    def owner_names(self, keys: set[int]) -> dict[int, str]:
        """Names of owners by key; those who are no colleagues any more too."""
        known = dict(self.colleagues)
        known[self.agent.pk] = self.agent.full_name
        if missing := keys - known.keys():
            others = Agent.objects.filter(pk__in=missing).select_related("user")
            known |= {other.pk: other.full_name for other in others}
        return known


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _rows(query: KeptQuery | None, **values: Any) -> list[Any]:
    return query.rows(values) if query else []


def _stages() -> KeptQuery | None:
    stages = Stage.objects.order_by("pipeline__order", "pipeline__name", "order", "pk")
    return KeptQuery.of(
        stages,
        (
            *("pk", "name", "category", "pipeline", "pipeline__name"),
            *("labels__locale__language_code", "labels__name"),
        ),
    )


def _members(inboxes: int) -> KeptQuery | None:
    keys: Any = Slot("inboxes", BigAutoField(), inboxes)
    columns = ("first_name", "last_name", get_user_model().USERNAME_FIELD)
    return KeptQuery.of(
        members_of_any(keys)[: MOST_CHOICES + 1],
        ("pk", *(f"user__{column}" for column in columns)),
    )
