from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AllauthUiConfig(AppConfig):
    name = "wagtail_helpdesk.allauth_ui"
    label = "helpdesk_allauth_ui"
    verbose_name = _("Help desk sign-in pages")
