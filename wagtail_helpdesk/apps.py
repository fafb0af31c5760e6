from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HelpdeskConfig(AppConfig):
    name = "wagtail_helpdesk"
    label = "wagtail_helpdesk"
    verbose_name = _("Help desk")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_helpdesk import checks  # noqa: F401  (registers the checks)
        from wagtail_helpdesk.permissions import register_policies

        register_policies()
