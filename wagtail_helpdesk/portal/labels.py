"""What a portal calls its tickets: "requests" unless the editor says else (B37)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_helpdesk.pagination import BoundedCount

if TYPE_CHECKING:
    from wagtail_helpdesk.portal.mixins import PortalHomePageMixin


@dataclass(frozen=True, slots=True)
class RequestLabels:
    """The words for a ticket in navigation, headings and buttons (UX45).

    A site's own word can have any gender and case, so it only stands alone or in
    sentences that a translator can build around any word; whole sentences use the
    default word or none.

    Attributes:
        singular: ``"request"``, or the editor's word.
        plural: ``"requests"``, or the editor's word.
        mine: The list's heading and link.
        new: Link to the form, or to the choice among several, and its button (B24).
        is_custom: Whether the words are the editor's.
    """

    singular: str
    plural: str
    mine: str
    new: str
    is_custom: bool

    @classmethod
    def of(cls, page: PortalHomePageMixin) -> RequestLabels:
        """The labels of a portal page, in the page's language."""
        if page.request_singular and page.request_plural:
            singular, plural = page.request_singular, page.request_plural
            mine = capfirst(plural)
            # Translators: %(request)s is a word such as "order", as the site writes it.
            new = _("New %(request)s") % {"request": singular}
            is_custom = True
        else:
            singular, plural = _("request"), _("requests")
            mine, new, is_custom = _("My requests"), _("New request"), False
        new = page.form_menu_text or new
        if page.form_count == 1:
            new = page.first_menu_text or new
        return cls(
            singular=singular,
            plural=plural,
            mine=mine,
            new=new,
            is_custom=is_custom,
        )

    def counted(self, count: BoundedCount) -> str:
        """A number of tickets in words, such as ``100+ requests``."""
        if self.is_custom:
            # Translators: %(requests)s is the site's own word, such as "Orders".
            return _("%(requests)s: %(count)s") % {
                "requests": capfirst(self.plural),
                "count": count,
            }
        return ngettext("%(count)s request", "%(count)s requests", int(count)) % {
            "count": count
        }
