"""Pages that are more private than their restrictions say: the list, and the cure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import swapper
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.permissions import page_permission_policy

from wagtail_helpdesk.access.differences import Difference, Reason, find_differences
from wagtail_helpdesk.access.reasons import Audience
from wagtail_helpdesk.access.restriction_rules import Rule, Rules
from wagtail_helpdesk.actions import AlignPagePrivacy
from wagtail_helpdesk.admin.base import AdminPage
from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.pagination import KeysetPage

swapper.set_app_prefix("wagtailcore", "wagtail")

_REASONS = {
    Reason.TRANSLATION: gettext_lazy("A translation is private."),
    Reason.ALIAS: gettext_lazy("The page that it is an alias of is private."),
    Reason.ABOVE: gettext_lazy(
        "A translation, or the page that it is an alias of, lies in a private section."
    ),
}


def may_see_report(user: Any) -> bool:
    """Whether somebody may publish some page, and so may set its privacy."""
    return bool(page_permission_policy.user_has_permission(user, "publish"))


class PublisherRequiredMixin(View):
    """Lets in who may set the privacy of some page."""

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if not may_see_report(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def publishable_pages(self) -> QuerySet[Any]:
        """The pages whose privacy the user may set."""
        pages: QuerySet[Any] = page_permission_policy.instances_user_has_permission_for(
            self.request.user, "publish"
        )
        return pages


class PrivacyReportView(PublisherRequiredMixin, AdminPage):
    """The differences on pages whose privacy the user may set, in tree order."""

    template_name = "wagtail_helpdesk/admin/privacy_report.html"
    page_title = gettext_lazy("Privacy differences")
    header_icon = "lock"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        return self.render()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = {difference.page: difference for difference in find_differences()}
        page = KeysetPage(
            self.publishable_pages().filter(pk__in=found).select_related("locale"),
            ordering=("path",),
            params=self.request.GET,
        )
        shown = [found[one.pk] for one in page]
        words = _Words(shown)
        entries = [
            {
                "page": one,
                "reason": _REASONS[difference.reason],
                "present": words.of(difference.present),
                "missing": words.of(difference.missing) if difference.missing else "",
            }
            for one, difference in zip(page, shown, strict=True)
        ]
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(page=page, entries=entries)
        return context


class _Words:
    """Says rules in words, with the names of all groups read at once."""

    def __init__(self, differences: Iterable[Difference]) -> None:
        keys = {
            group
            for difference in differences
            for rule in difference.present | difference.missing
            for group in rule.groups
        }
        groups = Group.objects.filter(pk__in=keys).order_by("name")
        self._names = dict(groups.values_list("pk", "name")) if keys else {}

    def of(self, rules: Rules) -> str:
        """A text for a cell of the table."""
        if not rules:
            return _("Everyone")
        return "; ".join(sorted(self._rule(rule) for rule in rules))

    def _rule(self, rule: Rule) -> str:
        names = tuple(name for pk, name in self._names.items() if pk in rule.groups)
        return Audience(rule.kind, names, rule.password).label()


class AlignPrivacyView(PublisherRequiredMixin):
    """Put one page right."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, and say so."""
        page = get_object_or_404(self.publishable_pages(), pk=pk)
        title = page.get_admin_display_title()
        try:
            changed = AlignPagePrivacy(page=page, user=request.user).execute()
        except ActionPermissionError as error:
            # The root of the tree, which nobody publishes.
            raise PermissionDenied from error
        if changed:
            messages.success(
                request,
                _("“%(page)s” is now as private as its counterparts.")
                % {"page": title},
            )
        else:
            messages.info(
                request, _("There is no difference on “%(page)s”.") % {"page": title}
            )
        return redirect("wagtail_helpdesk_admin:privacy_report")
