"""The site's content for other programs: Wagtail's API v2, below ``/api/v2/``."""

from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.documents.api.v2.views import DocumentsAPIViewSet

from wagtail_helpdesk.access.page_api import PersonalAnswersMixin, VisiblePagesMixin


class Pages(VisiblePagesMixin, PagesAPIViewSet):
    """Pages that the visitor may see."""


class Documents(PersonalAnswersMixin, DocumentsAPIViewSet):
    """Documents; Wagtail leaves out those in collections that are closed."""


api_router = WagtailAPIRouter("wagtailapi")
api_router.register_endpoint("pages", Pages)
api_router.register_endpoint("documents", Documents)
