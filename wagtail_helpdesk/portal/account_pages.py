"""A portal's pages about the customer themselves, as a part of its page (F11)."""

from __future__ import annotations

from django.db import models
from django.http import HttpResponse, HttpResponseBase
from wagtail.contrib.routable_page.models import path

from wagtail_helpdesk.portal.consent import before_consent
from wagtail_helpdesk.portal.entry import Visit, for_contacts
from wagtail_helpdesk.portal.views import account, account_data


class PortalAccountMixin(models.Model):
    """The pages ``account/``, ``account/download/`` and ``account/deletion/``.

    Profile and deletion do not wait for the consent: they show no ticket, and whoever
    does not agree (any more) may still want them. What is downloaded has tickets in it.
    """

    class Meta:
        abstract = True

    @path("account/", name="account")
    @for_contacts
    @before_consent
    def account_route(self, visit: Visit) -> HttpResponse:
        """Profile, mails, and the ways to all else."""
        return account.show(visit)

    @path("account/download/", name="account_download")
    @for_contacts
    def account_download_route(self, visit: Visit) -> HttpResponseBase:
        """The customer's own data as a file."""
        return account_data.download(visit)

    @path("account/deletion/", name="account_deletion")
    @for_contacts
    @before_consent
    def account_deletion_route(self, visit: Visit) -> HttpResponse:
        """Asking for the deletion of one's own data."""
        return account_data.deletion(visit)
