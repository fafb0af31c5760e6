"""Where an agent's look at the site begins."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from wagtail_helpdesk.access.viewed import is_stand_in
from wagtail_helpdesk.frontend import frame


@require_safe
def entrance(request: HttpRequest) -> HttpResponse:
    """Lead to the portal the contact would be led to, else to the site's front page.

    Args:
        request: The request, evaluated as the contact.

    Raises:
        Http404: Nobody looks as a contact.
    """
    if not is_stand_in(request.user):
        raise Http404
    around = frame(request)
    link = around.portal_link or next(iter(around.nav), None)
    return HttpResponseRedirect(link.url if link else around.home_url)
