"""A portal's addresses around its form, as a part of its page (F8)."""

from __future__ import annotations

from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.contrib.routable_page.models import path

from wagtail_helpdesk.forms.doors import FormDoor
from wagtail_helpdesk.forms.live import FORM_PARAM
from wagtail_helpdesk.portal import suggestions
from wagtail_helpdesk.portal.door import shows_to
from wagtail_helpdesk.portal.entry import Visit, for_contacts
from wagtail_helpdesk.portal.form_door import door_for


class PortalNewRequestMixin(models.Model):
    """The addresses ``new/suggest/`` and ``new/article/<id>/``."""

    class Meta:
        abstract = True

    @path("new/suggest/", name="suggest")
    @for_contacts
    def suggest_route(self, visit: Visit) -> HttpResponse:
        """Articles that fit what is typed, as a piece of HTML (F5)."""
        return suggestions.show(visit)

    @path("new/article/<str:page_id>/", name="suggested_article")
    @for_contacts
    def suggested_article_route(self, visit: Visit, page_id: str) -> HttpResponse:
        """To an article that was suggested."""
        return suggestions.open_article(visit, page_id)

    def support_form_door(self, request: HttpRequest) -> FormDoor | None:
        """What this portal adds to the support forms that are sent to it.

        Args:
            request: The request that shows or sends a form.
        """
        return door_for(self, request)

    def takes_support_forms(self, request: HttpRequest) -> bool:
        """Whether a support form that was sent here may be answered (R17).

        Only for whom its page would show the form, and only a form of this portal; the
        page answers everything else.

        Args:
            request: The request that sent it.
        """
        key = request.GET.get(FORM_PARAM, "").partition("_")[0]
        return shows_to(self, request) and any(
            row.form.key == key
            for row in self.open_forms  # type: ignore[attr-defined]  # of the page
        )
