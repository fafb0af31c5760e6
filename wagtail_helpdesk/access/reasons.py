"""Who can see a page, and why, as data that says itself in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from wagtail.models import PageViewRestriction


class Way(Enum):
    """How a restriction reaches a page."""

    OWN = "own"
    INHERITED = "inherited"
    TRANSLATION = "translation"
    ALIAS = "alias"


@dataclass(frozen=True, slots=True)
class Place:
    """A page that a restriction stands on or comes through.

    Attributes:
        pk: Its key.
        title: Its title.
        language: Its language code, such as ``"pt-br"``.
    """

    pk: int
    title: str
    language: str

    @property
    def language_name(self) -> str:
        """The name of its language in the language that is active."""
        return language_name(self.language)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who passes one restriction.

    Attributes:
        kind: One of Wagtail's types: ``"login"``, ``"password"`` or ``"groups"``.
        groups: Names of the groups, one of which is enough, in alphabetical order.
        password: The shared password, to tell two of them apart; never shown.
    """

    kind: str
    groups: tuple[str, ...] = ()
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, kind: str, groups: Iterable[Any] = (), password: str = "") -> Audience:
        """Who passes a restriction with these values.

        Args:
            kind: Wagtail's type of the restriction.
            groups: The groups chosen; they count for that type only.
            password: The shared password, likewise.
        """
        by_group = kind == PageViewRestriction.GROUPS
        return cls(
            kind,
            tuple(sorted(group.name for group in groups)) if by_group else (),
            password if kind == PageViewRestriction.PASSWORD else "",
        )

    def label(self) -> str:
        """A few words for a list."""
        if self.kind == PageViewRestriction.LOGIN:
            return _("Signed-in people")
        if self.kind == PageViewRestriction.PASSWORD:
            return _("Shared password")
        if not self.groups:
            return _("No group")
        return _("Groups: %(groups)s") % {"groups": ", ".join(self.groups)}

    def sentence(self) -> str:
        """Who can see a page on which only this restriction counts."""
        if self.kind == PageViewRestriction.LOGIN:
            return _("Only people who are signed in can see this page.")
        if self.kind == PageViewRestriction.PASSWORD:
            return _("Only people who know the shared password can see this page.")
        if not self.groups:
            return _(
                "Only superusers can see this page: the restriction names no group."
            )
        if len(self.groups) == 1:
            text = _("Only members of the group %(groups)s can see this page.")
        else:
            text = _(
                "Only members of one of these groups can see this page: %(groups)s."
            )
        return text % {"groups": ", ".join(self.groups)}


@dataclass(frozen=True, slots=True)
class Reason:
    """One restriction that counts for a page.

    Attributes:
        way: How it reaches the page.
        place: The page it stands on; ``None`` where that is the page itself, new.
        through: The translation, or the source of the alias, by which it comes; else
            ``None``.
        audience: Who passes it.
    """

    way: Way
    place: Place | None
    through: Place | None
    audience: Audience


@dataclass(frozen=True, slots=True)
class Explanation:
    """Who can see a page, and why.

    Attributes:
        reasons: Every restriction that counts, the nearest first; a visitor has to pass
            all of them. Empty: the page is public.
        languages: Codes of the page's other languages, for which the same holds.
    """

    reasons: tuple[Reason, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """Whether everyone can see the page."""
        return not self.reasons

    @property
    def telling_reasons(self) -> tuple[Reason, ...]:
        """The reasons without those that ask the same of a visitor as a nearer one.

        Translations mostly have the same restriction each, which is one to a reader.
        """
        nearest: dict[Audience, Reason] = {}
        for reason in self.reasons:
            nearest.setdefault(reason.audience, reason)
        return tuple(nearest.values())

    def sentence(self) -> str:
        """Who can see the page, in the language that is active."""
        reasons = self.telling_reasons
        if not reasons:
            return _("Everyone can see this page.")
        if len(reasons) == 1:
            return reasons[0].audience.sentence()
        return _("Only people who meet all of these conditions can see this page:")


def language_name(code: str) -> str:
    """The name of a language in the language that is active.

    Args:
        code: Such as ``"pt-br"``; one that Django does not know is its own name.
    """
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
