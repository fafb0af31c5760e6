from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class HelpdeskConfig(AppConfig):
    name = "wagtail_helpdesk"
    label = "wagtail_helpdesk"
    verbose_name = _("Help desk")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_helpdesk import checks  # noqa: F401  (registers the checks)
        from wagtail_helpdesk.permissions import register_policies

        if apps.is_installed("allauth.account"):
            import_module("wagtail_helpdesk.accounts.checks")
            import_module("wagtail_helpdesk.accounts.receivers")

        register_policies()
