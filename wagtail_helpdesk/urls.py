"""Addresses of the help desk that are no pages. Mount them once, anywhere."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from wagtail_helpdesk.access.files import attachment
from wagtail_helpdesk.accounts.invitations import invitation, renew_invitation
from wagtail_helpdesk.admin.live import InboxPollView
from wagtail_helpdesk.appearance.views import stylesheet
from wagtail_helpdesk.preferences import set_color_scheme
from wagtail_helpdesk.session_limits import session_state
from wagtail_helpdesk.system_pages import sign_in
from wagtail_helpdesk.view_as.views import entrance

app_name = "wagtail_helpdesk"

urlpatterns = [
    path("files/<str:public_id>/", attachment, name="attachment"),
    path("files/<str:public_id>/<str:filename>", attachment, name="attachment"),
    path("invitation/", renew_invitation, name="invitation_renew"),
    path("invitation/<str:token>/", invitation, name="invitation"),
    # Not among Wagtail's: it would load permissions and profile before every answer.
    path("inbox-news/", InboxPollView.as_view(), name="inbox_poll"),
    path("session/", session_state, name="session"),
    # For LOGIN_URL and WAGTAIL_FRONTEND_LOGIN_URL.
    path("sign-in/", sign_in, name="sign_in"),
    path("theme/<int:site>/<slug:digest>.css", stylesheet, name="theme"),
    path("colour-scheme/", set_color_scheme, name="color_scheme"),
    path("view-as/", entrance, name="view_as"),
    # Exempt for the same reason as the colour scheme: see preferences.py.
    path("language/", csrf_exempt(set_language), name="set_language"),
]
