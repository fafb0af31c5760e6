from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "wagtail_helpdesk.portal"
    label = "helpdesk_portal"
    verbose_name = _("Customer portal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_helpdesk.access import portals
        from wagtail_helpdesk.frontend import register_navigation, register_portal_link
        from wagtail_helpdesk.portal import navigation, registration

        register_navigation(navigation.navigation)
        register_portal_link(navigation.portal_link)
        portals.register_portal_rules(navigation.rules_of)
        portals.register_ticket_url(navigation.ticket_url)
        portals.register_sign_up_rule(registration.sign_up_rule)
        portals.register_group_portals(registration.portals_of_group)
