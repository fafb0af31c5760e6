"""Serves the style sheet of a site's appearance."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wagtail_helpdesk.appearance.stylesheet import css_of, digest_of
from wagtail_helpdesk.models import Appearance

_YEAR = 365 * 24 * 60 * 60
#: Keys of sites fit into it on every database.
_MAX_KEY = 2**31 - 1


@require_safe
def stylesheet(request: HttpRequest, site: int, digest: str) -> HttpResponse:
    """The style sheet of a site, for ever under the name of its content.

    A page out of a cache may ask by an old name. It gets the present one, which is then
    not kept under that name.

    Args:
        request: The request.
        site: The site's key.
        digest: Names the content, see ``digest_of``.
    """
    found = Appearance.objects.filter(site=site).first() if site <= _MAX_KEY else None
    css = css_of(found) if found is not None else ""
    if not css:
        raise Http404("No appearance was chosen for this site")
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = (
        f"public, max-age={_YEAR}, immutable"
        if digest == digest_of(css)
        else "no-cache"
    )
    return response
