"""The floors that are views: hello, a list as JSON, the admin's shell with a list."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from benchmarks.sites.floor import text_search
from benchmarks.sites.floor.models import ListedTicket

PAGE_SIZE = 25
_COLUMNS = [field.attname for field in ListedTicket._meta.concrete_fields]


def hello(request: HttpRequest) -> HttpResponse:
    """The least a view can do."""
    return HttpResponse("Hello, world")


def orm_list(request: HttpRequest) -> HttpResponse:
    """The newest 25 tickets as JSON: one query, no framework."""
    found = ListedTicket.objects.order_by("-last_activity_at", "-pk")
    return JsonResponse({"results": list(found.values(*_COLUMNS)[:PAGE_SIZE])})


class ShellView(WagtailAdminTemplateMixin, TemplateView):
    """The admin's frame with nothing in it."""

    template_name = "wagtailadmin/generic/base.html"
    page_title = "Floor"
    header_icon = "mail"


class ShellListView(ShellView):
    """The frame with 25 rows from one query through its index."""

    template_name = "floor/shell_list.html"

    def rows(self) -> list[ListedTicket]:
        """The open tickets that changed last."""
        found = ListedTicket.objects.filter(is_closed=False)
        return list(found.order_by("-last_activity_at", "-pk")[:PAGE_SIZE])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add ``rows``."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["rows"] = self.rows()
        return context


class ShellSearchView(ShellListView):
    """The frame with 25 rows from the best full-text SQL known for the database."""

    def rows(self) -> list[ListedTicket]:
        """The tickets with the word ``q``, newest or best first."""
        search = (
            text_search.best
            if self.request.GET.get("sort") == "best"
            else text_search.newest
        )
        found = search(self.request.GET.get("q", ""), PAGE_SIZE)
        by_pk = ListedTicket.objects.in_bulk(found)
        return [by_pk[pk] for pk in found]
