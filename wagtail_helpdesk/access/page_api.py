"""Mixins for Wagtail's API v2: the same pages as on the site, and no copies kept.

They import nothing of the API, so a site without it is not asked to install it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers

from wagtail_helpdesk.access.visibility import Visibility

if TYPE_CHECKING:
    from wagtail.api.v2.views import BaseAPIViewSet as _ViewSet
    from wagtail.api.v2.views import PagesAPIViewSet as _PagesViewSet
else:
    _ViewSet = _PagesViewSet = object


class PersonalAnswersMixin(_ViewSet):
    """Keeps what a member is shown out of caches; for any endpoint of the API.

    Usage::

        class Documents(PersonalAnswersMixin, DocumentsAPIViewSet): ...
    """

    def finalize_response(
        self, request: Any, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Complete the headers of the answer.

        Args:
            request: The request, as the API framework wraps it.
            response: Its answer.
            args: Passed on.
            kwargs: Passed on.
        """
        answer: HttpResponse = super().finalize_response(
            request, response, *args, **kwargs
        )
        patch_vary_headers(answer, ["Cookie", "Authorization"])
        # Whoever gave a page's shared password is no member, and sees more than others.
        if request.user.is_authenticated or Visibility.of(request).passed:
            patch_cache_control(answer, private=True, no_store=True)
        return answer


class VisiblePagesMixin(PersonalAnswersMixin, _PagesViewSet):
    """Lists and serves the pages that the visitor may see, by the help desk's rule.

    Wagtail asks each page's restrictions only, and so hands out aliases of private
    pages, and their translations. Usage::

        class Pages(VisiblePagesMixin, PagesAPIViewSet): ...
    """

    def get_base_queryset(self) -> Any:
        """Wagtail's pages for this visitor, without those that are closed to them.

        Lists, single pages, searches and the parents of pages all start from it.
        """
        return Visibility.of(self.request).pages(super().get_base_queryset())
