"""What editors read about who can see a page: a sentence, the reasons, and links.

Shown in the status panel of the page editor, where Wagtail's privacy setting is; see
``templates/wagtailadmin/shared/side_panels/includes/status/privacy.html``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import swapper
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.models import PageViewRestriction

from wagtail_helpdesk.access.explaining import explain_new
from wagtail_helpdesk.access.reasons import (
    Audience,
    Explanation,
    Place,
    Reason,
    Way,
    language_name,
)
from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.page_editors import editable_pages
from wagtail_helpdesk.page_urls import PageUrls

swapper.set_app_prefix("wagtailcore", "wagtail")


@dataclass(frozen=True, slots=True)
class ReasonText:
    """One line below the sentence.

    Attributes:
        audience: Who passes; empty where the sentence says it.
        where: Where the restriction is set, with a link to that page.
    """

    audience: str
    where: SafeString


@dataclass(frozen=True, slots=True)
class WhoCanSee:
    """What the panel shows.

    Attributes:
        sentence: Who can see the page.
        reasons: Why, a line each.
        languages: Names of the page's other languages, for which it holds too.
        is_live: Whether the page is published; else all of this begins then.
        entry: Of a portal: who enters it among those, a sentence each.
    """

    sentence: str
    reasons: tuple[ReasonText, ...]
    languages: str
    is_live: bool
    entry: tuple[str, ...] = ()


def who_can_see(page: Any, request: HttpRequest, *, parent: Any = None) -> WhoCanSee:
    """Say who can see a page and why.

    Args:
        page: The page that is edited; one that is not saved yet inherits.
        request: The editor's request: only pages that its user may edit or see are
            named.
        parent: The page that a new page is made below.
    """
    visibility = Visibility.of(request)
    if page.pk:
        found = visibility.why(page)
    else:
        above = visibility.why(parent) if parent is not None else Explanation()
        found = explain_new(above, _brought_along(page, request))
    reasons = found.telling_reasons
    names = _Names(request, reasons)
    return WhoCanSee(
        sentence=found.sentence(),
        reasons=tuple(
            ReasonText(
                audience=reason.audience.label() if len(reasons) > 1 else "",
                where=_where(reason, names),
            )
            for reason in reasons
        ),
        languages=", ".join(language_name(code) for code in found.languages),
        is_live=page.live if page.pk else False,
        entry=tuple(condition.sentence() for condition in entry_conditions(page)),
    )


def entry_conditions(page: Any) -> Iterable[Any]:
    """What a portal asks beside its privacy, as published; nothing of other pages.

    Args:
        page: The page; it may hold what is not published yet.
    """
    if not page.pk or not hasattr(page, "entry_conditions"):
        return []
    published = type(page)._default_manager.filter(pk=page.pk).first()
    return published.entry_conditions if published is not None else []


def _brought_along(page: Any, request: HttpRequest) -> Audience | None:
    """The restriction that Wagtail puts on a new page of this type, if one."""
    setting: dict[str, Any] = page.get_default_privacy_setting(request)
    kind = setting["type"]
    if kind == PageViewRestriction.NONE:
        return None
    return Audience.of(kind, setting.get("groups", ()), setting.get("password", ""))


def _where(reason: Reason, names: _Names) -> SafeString:
    """Where a restriction is set, as a sentence with a link."""
    if reason.way is Way.OWN or reason.place is None:
        return format_html("{}", _("It is set on this page."))
    page = names.of(reason.place)
    if reason.way is Way.INHERITED:
        return format_html(_("It is inherited from {page}."), page=page)
    if reason.way is Way.TRANSLATION:
        return format_html(
            _("It comes from the version in {language}: {page}."),
            language=reason.through.language_name if reason.through else "",
            page=page,
        )
    return format_html(_("It comes from the original of an alias: {page}."), page=page)


class _Names:
    """The titles of pages, as links, for one reader; read in one query each."""

    def __init__(self, request: HttpRequest, reasons: Collection[Reason]) -> None:
        self._urls = PageUrls.of(request)
        self._visibility = Visibility.of(request)
        keys = {reason.place.pk for reason in reasons if reason.place}
        model = swapper.load_model("wagtailcore", "Page")
        self._pages = model.objects.in_bulk(list(keys)) if keys else {}
        self._editable = editable_pages(request.user, keys)

    def of(self, place: Place) -> SafeString:
        """A link to the page for those who may edit or see it; else no title."""
        page = self._pages.get(place.pk)
        if place.pk in self._editable:
            url = reverse("wagtailadmin_pages:edit", args=[place.pk])
        elif page is not None and page.live and self._visibility.can_view(page):
            url = self._urls.of_page(page)
        else:
            return format_html("{}", _("a page that you may not open"))
        title = format_html('<bdi lang="{}">{}</bdi>', place.language, place.title)
        return format_html('<a href="{}">{}</a>', url, title) if url else title
