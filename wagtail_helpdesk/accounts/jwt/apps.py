from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignedTokenConfig(AppConfig):
    name = "wagtail_helpdesk.accounts.jwt"
    label = "helpdesk_jwt"
    verbose_name = _("Sign-in by signed tokens")
