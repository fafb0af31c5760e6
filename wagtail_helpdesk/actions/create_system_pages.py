"""A portal gets the system pages it lacks, in every language it is in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import swapper
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from wagtail_helpdesk.actions.base import Action
from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.models.system_page_kinds import SystemPageKind as Kind

swapper.set_app_prefix("wagtailcore", "wagtail")

#: The title of each page; its address is made of the kind.
_TITLES = {
    Kind.SIGN_IN: gettext_lazy("Sign in"),
    Kind.REGISTER: gettext_lazy("Register"),
    Kind.CONFIRM: gettext_lazy("Confirm your address"),
    Kind.SIGN_OUT: gettext_lazy("Sign out"),
    Kind.DENIED: gettext_lazy("You don’t have access to this page"),
    Kind.RESET_REQUEST: gettext_lazy("Forgotten password"),
    Kind.RESET_SET: gettext_lazy("Set a new password"),
    Kind.RESET_DONE: gettext_lazy("Your password is changed"),
    Kind.CONSENT: gettext_lazy("Your consent"),
}


class CreateSystemPages(Action[list[Any]]):
    """Publish the system pages that a portal lacks, with texts to begin from.

    The portal's translations get theirs too, in their own language; pages of one
    purpose are translations of each other. Run twice, it makes nothing the second time.

    Args:
        parent: The portal, or the front page of a site.
        page_type: The page type, made from ``SystemPageMixin``.
        user: Who does it: somebody who may publish below ``parent``, or ``None`` for
            the system itself. Languages they may not publish in are left out.
        kinds: Values of ``SystemPageKind`` to make; empty: all of them.
    """

    def __init__(
        self,
        *,
        parent: Any,
        page_type: type[Any],
        user: Any = None,
        kinds: Iterable[str] = (),
    ) -> None:
        self.parent = parent
        self.page_type = page_type
        self.user = user
        self.kinds = [kind for kind in Kind if not kinds or kind in set(kinds)]

    def check(self) -> None:
        if not self._may_publish_below(self.parent):
            raise ActionPermissionError(_("You may not publish pages here."))

    def perform(self) -> list[Any]:
        """Make them; the pages that were made."""
        pages = swapper.load_model("wagtailcore", "Page").objects
        same = pages.filter(translation_key=self.parent.translation_key)
        # Locked, so that two clicks at one moment make one page of each kind.
        places = list(same.filter(alias_of=None).select_for_update().order_by("pk"))
        places.sort(key=lambda place: place.pk != self.parent.pk)
        keys = self._known_keys(places)
        made = []
        for place in places:
            # The system asks nobody; check() has asked about the first.
            if place.pk == self.parent.pk or self._may_publish_below(place):
                made += self._fill(place.specific, keys)
        return made

    def _may_publish_below(self, place: Any) -> bool:
        if self.user is None:
            return True
        may = place.permissions_for_user(self.user)
        return bool(may.can_add_subpage() and may.can_publish_subpage())

    def _known_keys(self, places: Iterable[Any]) -> dict[str, Any]:
        """What pages of one kind share with their translations."""
        keys: dict[str, Any] = {}
        for place in places:
            for page in self.page_type._default_manager.child_of(place):
                keys.setdefault(page.kind, page.translation_key)
        return keys

    def _fill(self, place: Any, keys: dict[str, Any]) -> list[Any]:
        below = self.page_type._default_manager.child_of(place)
        # An editor may have made one that is no translation of the others.
        there = set(below.values_list("kind", flat=True))
        slugs = set(place.get_children().values_list("slug", flat=True))
        made = []
        for kind in self.kinds:
            if kind in there:
                continue
            with translation.override(place.locale.language_code):
                title = str(_TITLES[kind])
            page = self.page_type(
                title=title,
                slug=_free_slug(kind.replace("_", "-"), slugs),
                kind=kind.value,
                locale=place.locale,
                translation_key=keys.setdefault(kind.value, uuid4()),
                owner=self.user,
            )
            place.add_child(instance=page)
            log(instance=page, action="wagtail.create", user=self.user)
            page.save_revision(user=self.user).publish(user=self.user)
            made.append(page)
        return made


def _free_slug(slug: str, taken: set[str]) -> str:
    """The slug, with a number where another page has it."""
    free, number = slug, 2
    while free in taken:
        free, number = f"{slug}-{number}", number + 1
    taken.add(free)
    return free
