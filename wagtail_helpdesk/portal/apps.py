from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "wagtail_helpdesk.portal"
    label = "helpdesk_portal"
    verbose_name = _("Customer portal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_helpdesk.access import consents, portal_entry, portals, sso
        from wagtail_helpdesk.frontend import (
            register_account_link,
            register_navigation,
            register_navigation_change,
            register_portal_link,
            register_privacy_link,
        )
        from wagtail_helpdesk.portal import (
            checks,  # noqa: F401  (registers the check)
            consent,
            navigation,
            navigation_links,
            registration,
            session_settings,
        )
        from wagtail_helpdesk.portal import sso as portal_sso
        from wagtail_helpdesk.portal.setup.hooks import portal_entries
        from wagtail_helpdesk.portal.system_pages import PortalSystemPages
        from wagtail_helpdesk.setup_entries import register_setup_entries
        from wagtail_helpdesk.system_pages import register_system_pages

        register_navigation(navigation.navigation)
        register_navigation(navigation_links.further_links)
        register_navigation_change(navigation_links.without_help_centre)
        register_portal_link(navigation.portal_link)
        register_privacy_link(navigation.privacy_link)
        register_account_link(navigation.account_link)
        consents.register_sign_up_consent(consent.sign_up_notice)
        portals.register_portal_rules(navigation.rules_of)
        portals.register_portal_pages(navigation.portal_pages)
        portals.register_ticket_url(navigation.ticket_url)
        portals.register_guest_url(navigation.guest_url)
        portals.register_rating_link(navigation.rating_link)
        portals.register_idle_times(session_settings.idle_times)
        portal_entry.register_sign_up_rule(registration.sign_up_rule)
        portal_entry.register_group_portals(registration.portals_of_group)
        portal_entry.register_by_provider_only(portal_sso.by_provider_only)
        sso.register_portals(portal_sso.portal_choices, portal_sso.portal_keys)
        register_setup_entries(portal_entries)
        register_system_pages(PortalSystemPages())
