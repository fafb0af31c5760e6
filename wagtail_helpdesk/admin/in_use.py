"""What keeps a setting from being deleted, for the page that would delete it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CASCADE, PROTECT, Model, QuerySet
from wagtail.admin.admin_url_finder import AdminURLFinder

#: So many of each kind are named; more would help nobody.
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Use:
    """One kind of thing that needs the setting.

    Attributes:
        kind: What they are called, such as "inboxes".
        rows: Names and addresses of the first ones, of those that the user may edit.
            Tickets and whatever else belongs to customers are not named here.
        has_more: Whether there are more than these.
    """

    kind: str
    rows: list[tuple[str, str]] = field(default_factory=list)
    has_more: bool = False


def uses_of(setting: Model, user: Any) -> list[Use]:
    """What the database would not let go of.

    Args:
        setting: What shall be deleted.
        user: Who asks.
    """
    finder = AdminURLFinder(user)
    model = type(setting)
    uses = []
    for rows in _protected(model, model._base_manager.filter(pk=setting.pk)):
        first = list(rows[: SHOWN + 1])
        if not first:
            continue
        named = [(str(row), finder.get_edit_url(row)) for row in first[:SHOWN]]
        shown = [(name, url) for name, url in named if url]
        kind = str(rows.model._meta.verbose_name_plural)
        uses.append(Use(kind, shown, bool(shown) and len(first) > len(shown)))
    return uses


def _protected(
    model: Any, rows: QuerySet[Any], path: tuple[Any, ...] = ()
) -> Iterator[QuerySet[Any]]:
    """Rows that protect some others by referring to them, or what these take along.

    Args:
        model: The model of the others.
        rows: The others.
        path: The models that take ``model`` along; none of them is gone through again,
            so models that refer to one another in a circle end it.
    """
    path = (*path, model)
    # Hidden ones are those without a name for the way back.
    for relation in model._meta.get_fields(include_hidden=True):
        on_delete = getattr(relation, "on_delete", None)
        if not relation.auto_created or on_delete not in (CASCADE, PROTECT):
            continue
        other = relation.related_model
        found = other._base_manager.filter(**{f"{relation.field.name}__in": rows})
        if on_delete is PROTECT:
            yield found
        elif other not in path:
            yield from _protected(other, found, path)
