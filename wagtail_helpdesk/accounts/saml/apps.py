from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SAMLConfig(AppConfig):
    name = "wagtail_helpdesk.accounts.saml"
    label = "helpdesk_saml"
    verbose_name = _("Help desk sign-in by SAML")

    def ready(self) -> None:
        from wagtail_helpdesk.accounts.saml import sign_out  # noqa: F401  (a receiver)
