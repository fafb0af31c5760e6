"""Who may register for a portal, and who may enter it: fields of the portal page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from wagtail_helpdesk.access import sso
from wagtail_helpdesk.access.viewed import is_stand_in
from wagtail_helpdesk.models import (
    AccessGroup,
    Contact,
    EntryMode,
    SignUpRule,
)
from wagtail_helpdesk.portal.entry_conditions import (
    EntryCondition,
    by_group,
    by_provider,
)
from wagtail_helpdesk.portal.providers_panel import ProvidersPanel

#: A host name of two labels or more (RFC 1123, section 2.1; IDNs as A-labels).
_DOMAIN = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}\Z"
)


class PortalEntryMixin(models.Model):
    """The door of a portal: registration, groups, providers (B48, B51 to B55)."""

    if TYPE_CHECKING:
        translation_key: Any

    entry = models.CharField(
        _("who may register"),
        max_length=20,
        choices=EntryMode,
        default=EntryMode.OPEN,
        help_text=_(
            "Members of access groups can be invited in any case. “Single sign-on "
            "only”: everybody, also who was invited, signs in through an identity "
            "provider that serves this portal. A password does not open it."
        ),
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
            ProvidersPanel(),
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

    @property
    def by_provider_only(self) -> bool:
        """Whether only whom an identity provider has signed in may enter (B54)."""
        return self.entry == EntryMode.SSO

    @property
    def has_conditions(self) -> bool:
        """Whether a proved address alone does not open the portal."""
        return self.requires_groups or self.by_provider_only

    @property
    def entry_conditions(self) -> list[EntryCondition]:
        """What opens it: provider and groups both count."""
        found = []
        if self.by_provider_only:
            found.append(by_provider(self.translation_key))
        if self.requires_groups:
            found.append(by_group(self))
        return found

    def lets_in(self, request: HttpRequest, contact: Contact) -> bool:
        """Whether a customer enters by this request; asked anew each time (R9).

        Args:
            request: The request; its session tells how they signed in.
            contact: The customer who asks.
        """
        return self.is_signed_in_for(request) and self.admits(contact)

    def is_signed_in_for(self, request: HttpRequest) -> bool:
        """Whether whoever asks has signed in the way this portal wants it.

        Who only looks as a contact has not signed in as them; see ``admits``.

        Args:
            request: The request.
        """
        if not self.by_provider_only or is_stand_in(request.user):
            return True
        return sso.came_through(request, self.translation_key)

    def has_provider_for(self, contact: Contact) -> bool:
        """Whether a contact can sign in the way this portal wants it.

        Args:
            contact: The contact, signed in or not.
        """
        if not self.by_provider_only:
            return True
        return by_provider(self.translation_key).is_met(contact)

    def admits(self, contact: Contact) -> bool:
        """Whether a customer may enter, once they have signed in as the portal wants.

        Args:
            contact: Somebody with a proved address.
        """
        return all(condition.is_met(contact) for condition in self.entry_conditions)

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
