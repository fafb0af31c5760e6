"""Access groups: who may open private content."""

from __future__ import annotations

from typing import Self

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.contacts import Contact
from wagtail_helpdesk.models.fields import PublicIdField


class AccessGroup(models.Model):
    """People who may open what is closed to others.

    Pages are closed by Wagtail's own privacy dialog, which shows ``auth_group``: so
    everything that respects Wagtail's restrictions respects access groups, whether it
    knows of them or not. The accounts in ``auth_group`` follow the memberships; nothing
    else fills it, and it can hold no permission.
    """

    class Kind(models.TextChoices):
        STATIC = "static", _("Members are added by hand")
        DYNAMIC = "dynamic", _("A rule decides who is a member")

    public_id = PublicIdField()
    name = models.CharField(_("name"), max_length=100, unique=True)
    description = models.TextField(_("description"), blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.STATIC)
    rule = models.JSONField(
        _("rule"),
        default=dict,
        blank=True,
        help_text=_("Of a dynamic group; see wagtail_helpdesk.access.rules."),
    )
    # Whoever deletes the Django group is refused by ``access.guards``, which says why;
    # PROTECT would end in a server error in Wagtail's admin.
    auth_group = models.OneToOneField(
        Group,
        on_delete=models.CASCADE,
        related_name="helpdesk_access_group",
        editable=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("access group")
        verbose_name_plural = _("access groups")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_dynamic(self) -> bool:
        """Whether a rule decides who is a member."""
        return self.kind == self.Kind.DYNAMIC


class AccessMembershipQuerySet(models.QuerySet["AccessMembership"]):
    """Reads over memberships."""

    def entitling(self) -> Self:
        """Memberships that open pages to an account.

        That is to the account of a contact with a proved address, as in
        ``access.contacts.contact_for``.
        """
        # Both conditions in one call, so that they are about the same address.
        proved = self.filter(
            contact__identities__kind="email",
            contact__identities__verified_at__isnull=False,
        )
        return self.filter(
            pk__in=proved.values("pk"),
            contact__user__isnull=False,
            contact__erased_at=None,
            contact__is_blocked=False,
        )


class AccessMembership(models.Model):
    """A contact in an access group, and why.

    Somebody added by hand whom the rule matches too has two rows, and stays a member
    when one of them goes.
    """

    class Source(models.TextChoices):
        MANUAL = "manual", _("Added by hand")
        IMPORT = "import", _("Imported")
        RULE = "rule", _("By the rule")
        SSO = "sso", _("By single sign-on")

    group = models.ForeignKey(
        AccessGroup, on_delete=models.CASCADE, related_name="memberships"
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="access_memberships"
    )
    source = models.CharField(_("source"), max_length=10, choices=Source)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccessMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of an access group")
        verbose_name_plural = _("members of access groups")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "contact", "source"],
                name="helpdesk_access_membership_once_per_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact} · {self.group}"
