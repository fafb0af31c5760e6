from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class HelpdeskConfig(AppConfig):
    name = "wagtail_helpdesk"
    label = "wagtail_helpdesk"
    verbose_name = _("Help desk")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_helpdesk import (  # noqa: F401  (registers the checks)
            checks,
            storage_checks,
        )
        from wagtail_helpdesk.access import (  # noqa: F401
            group_checks,
            guards,
            media_checks,
            sso_checks,
        )
        from wagtail_helpdesk.fulltext import checks as _checks  # noqa: F401
        from wagtail_helpdesk.permissions import register_policies

        if apps.is_installed("allauth.account"):
            import_module("wagtail_helpdesk.accounts.checks")
            import_module("wagtail_helpdesk.accounts.settings_checks")
            import_module("wagtail_helpdesk.accounts.receivers")
            import_module("wagtail_helpdesk.accounts.confirm_page").fill_gap()
        self._connect_second_factor()

        register_policies()
        guards.connect()
        self._connect_access()
        self._connect_view_as()
        self._connect_appearance()
        self._mirror_privacy()
        self._keep_secrets_out_of_logs()
        self._connect_mail()
        self._register_channels()

    def _connect_second_factor(self) -> None:
        """Whoever sets a second factor up has shown it."""
        if not apps.is_installed("allauth.mfa"):
            return
        from allauth.mfa.signals import authenticator_added

        from wagtail_helpdesk.accounts.second_factor import remember_set_up

        authenticator_added.connect(
            remember_set_up, dispatch_uid="helpdesk_second_factor"
        )

    def _connect_access(self) -> None:
        """An account without its contact is in no access group."""
        from django.db.models.signals import post_delete

        from wagtail_helpdesk.actions.access_accounts import on_contact_deleted
        from wagtail_helpdesk.models import Contact

        post_delete.connect(
            on_contact_deleted, sender=Contact, dispatch_uid="helpdesk_access_group"
        )

    def _connect_view_as(self) -> None:
        """Signing out ends the look at the site as a contact."""
        from wagtail_helpdesk.view_as import checks as _checks  # noqa: F401
        from wagtail_helpdesk.view_as import state

        state.connect()

    def _connect_appearance(self) -> None:
        """Pages follow a change of the appearance."""
        from wagtail_helpdesk.appearance import current

        current.connect()

    def _mirror_privacy(self) -> None:
        """Keep restrictions the same on translations, aliases and copies of pages."""
        from wagtail_helpdesk.access import copying, health, receivers  # noqa: F401

        receivers.connect()
        copying.wrap_copying()

    def _keep_secrets_out_of_logs(self) -> None:
        """Django's loggers write the addresses of what was refused."""
        from wagtail_helpdesk.access import guest_links

        guest_links.keep_out_of_logs()

    def _connect_mail(self) -> None:
        """Let mail follow from events; actions know nothing of it."""
        from django.core.signals import request_finished, request_started

        from wagtail_helpdesk import after_response, sweep, tasks
        from wagtail_helpdesk.signals import events_recorded

        events_recorded.connect(tasks.kick, dispatch_uid="helpdesk_kick")
        request_started.connect(
            after_response.on_request_started, dispatch_uid="helpdesk_after_response"
        )
        request_finished.connect(
            after_response.on_request_finished, dispatch_uid="helpdesk_after_response"
        )
        request_finished.connect(
            sweep.on_request_finished, dispatch_uid="helpdesk_sweep"
        )

    def _register_channels(self) -> None:
        """The channel types of the package itself."""
        from wagtail_helpdesk.channels import registry
        from wagtail_helpdesk.channels.email.adapter import EmailChannel

        registry.register(EmailChannel())
