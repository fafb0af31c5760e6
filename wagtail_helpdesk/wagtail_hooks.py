"""Registration only: what the help desk hangs into Wagtail."""

from functools import partial

from django.urls import include, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from wagtail_helpdesk.access.documents import guard_private_document
from wagtail_helpdesk.access.serving import guard_private_pages, register_sign_in
from wagtail_helpdesk.actions.align_page_privacy import register_log_action
from wagtail_helpdesk.admin.menu import helpdesk_menu_item, privacy_report_menu_item
from wagtail_helpdesk.admin.viewsets import settings_viewsets
from wagtail_helpdesk.forms.serving import serve_support_forms
from wagtail_helpdesk.page_editors import offer_choosable_pages
from wagtail_helpdesk.permissions import people_permissions
from wagtail_helpdesk.snippets import VIEWSETS
from wagtail_helpdesk.system_pages import access_denied, sign_in_url

for viewset in VIEWSETS:
    register_snippet(viewset)

# Outside Wagtail's own privacy check, which has the order 0.
hooks.register(
    "on_serve_page", partial(guard_private_pages, refuse=access_denied), order=-10
)
register_sign_in(sign_in_url)
# Inside it.
hooks.register("on_serve_page", serve_support_forms, order=10)
# Before Wagtail's own, which would send the signed-in round in circles.
hooks.register(
    "before_serve_document",
    partial(guard_private_document, refuse=access_denied),
    order=-10,
)

hooks.register("construct_page_chooser_queryset", offer_choosable_pages)
hooks.register(
    "register_admin_urls",
    lambda: [path("helpdesk/", include("wagtail_helpdesk.admin.urls"))],
)
hooks.register("register_admin_menu_item", helpdesk_menu_item)
hooks.register("register_permissions", people_permissions)
hooks.register("register_reports_menu_item", privacy_report_menu_item)
hooks.register("register_log_actions", register_log_action)
hooks.register("register_admin_viewset", settings_viewsets)
