"""Who may register for a portal, and who may enter it: fields of the portal page."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from wagtail_helpdesk.models import (
    AccessGroup,
    AccessMembership,
    Contact,
    EntryMode,
    SignUpRule,
)

#: A host name of two labels or more (RFC 1123, section 2.1; IDNs as A-labels).
_DOMAIN = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}\Z"
)


class PortalEntryMixin(models.Model):
    """The door of a portal: registration (B51 to B53) and access groups (B48)."""

    entry = models.CharField(
        _("who may register"),
        max_length=20,
        choices=EntryMode,
        default=EntryMode.OPEN,
        help_text=_("Members of access groups can be invited in any case."),
    )
    entry_domains = models.TextField(
        _("domains"),
        blank=True,
        help_text=_(
            "For “addresses of certain domains”: one on each line, such as "
            "acme.example. Domains below them do not count."
        ),
    )
    requires_groups = models.BooleanField(
        _("access group membership required"),
        default=False,
        help_text=_("Only members of one of the groups below enter the portal."),
    )
    access_groups = ParentalManyToManyField(
        AccessGroup,
        verbose_name=_("access groups"),
        blank=True,
        related_name="+",
        help_text=_("One of them is enough."),
    )

    class Meta:
        abstract = True

    portal_entry_panel: ClassVar[Any] = MultiFieldPanel(
        [
            FieldPanel("entry"),
            FieldPanel("entry_domains"),
            FieldPanel("requires_groups"),
            FieldPanel("access_groups", widget=forms.CheckboxSelectMultiple),
        ],
        heading=_("Entry"),
    )

    @property
    def sign_up_rule(self) -> SignUpRule:
        """Who may register."""
        return SignUpRule(
            mode=self.entry, domains=tuple(self.entry_domains.casefold().split())
        )

    def admits(self, contact: Contact) -> bool:
        """Whether a customer may enter; asked anew for each request (R9).

        If groups are required and none is left, nobody enters.

        Args:
            contact: Somebody with a proved address.
        """
        if not self.requires_groups:
            return True
        groups = [group.pk for group in self.access_groups.all()]
        members = AccessMembership.objects.filter(contact=contact, group__in=groups)
        return bool(groups) and members.exists()

    def clean(self) -> None:
        super().clean()
        domains = [
            line.strip().casefold().removeprefix("@")
            for line in self.entry_domains.replace(",", "\n").splitlines()
        ]
        domains = list(dict.fromkeys(filter(None, domains)))
        for domain in domains:
            if not _DOMAIN.match(domain):
                raise ValidationError(
                    {
                        "entry_domains": _(
                            "“%(value)s” is no domain, such as acme.example."
                        )
                        % {"value": domain[:100]}
                    }
                )
        if self.entry == EntryMode.DOMAINS and not domains:
            raise ValidationError({"entry_domains": _("Write at least one domain.")})
        self.entry_domains = "\n".join(domains)
