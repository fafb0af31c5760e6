"""Registration only: what the help desk hangs into Wagtail."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from wagtail_helpdesk.forms.serving import serve_support_forms
from wagtail_helpdesk.snippets import VIEWSETS

for viewset in VIEWSETS:
    register_snippet(viewset)

# Inside Wagtail's own privacy check, which has the order 0.
hooks.register("on_serve_page", serve_support_forms, order=10)
