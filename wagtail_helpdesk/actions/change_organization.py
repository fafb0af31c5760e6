"""An organization's name, domains and sharing are changed by staff."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import Action, Actor
from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Event, Organization

#: A host name of two labels or more (RFC 1123, section 2.1; IDNs as A-labels).
_DOMAIN = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}\Z"
)


class ChangeOrganization(Action[Organization]):
    """Change an organization, or make one.

    The caller decides who may: it is a permission of staff, not of an inbox.

    Args:
        organization: The organization; a new one is not saved yet.
        name: Its name.
        domains: Domains whose verified addresses make their contacts members.
        sharing: An ``Organization.Sharing``.
        actor: Who does it.

    Raises:
        ActionError: ``empty``, ``bad_domain``, ``taken_domain`` or ``bad_sharing``.
    """

    def __init__(
        self,
        *,
        organization: Organization,
        name: str,
        domains: Iterable[str],
        sharing: str,
        actor: Actor = None,
    ) -> None:
        self.organization = organization
        self.name = clean_line(name, 200)
        self.domains = list(dict.fromkeys(d.strip().casefold() for d in domains))
        self.sharing = sharing
        self.actor = actor

    def perform(self) -> Organization:
        if not self.name:
            raise ActionError("empty", _("Write a name."), field="name")
        if self.sharing not in Organization.Sharing.values:
            raise ActionError("bad_sharing", _("Choose what members see."))
        self.domains = [domain for domain in self.domains if domain]
        for domain in self.domains:
            self._check_domain(domain)
        new = {"name": self.name, "domains": self.domains, "sharing": self.sharing}
        changed = [
            field
            for field, value in new.items()
            if self.organization.pk is None
            or getattr(self.organization, field) != value
        ]
        for field in changed:
            setattr(self.organization, field, new[field])
        if changed:
            self.organization.save()
            self.record(
                Event.Kind.ORGANIZATION_CHANGED,
                organization=self.organization.pk,
                fields=changed,
            )
        return self.organization

    def _check_domain(self, domain: str) -> None:
        if not _DOMAIN.match(domain):
            raise ActionError(
                "bad_domain",
                _("“%(value)s” is no domain, such as acme.example.")
                % {"value": domain[:100]},
                field="domains",
            )
        others = Organization.objects.exclude(pk=self.organization.pk)
        for other in others.exclude(domains=[]).only("name", "domains"):
            if domain in other.domains:
                raise ActionError(
                    "taken_domain",
                    _("“%(value)s” is another organization's domain.")
                    % {"value": domain},
                    field="domains",
                )
