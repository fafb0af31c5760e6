"""People who ask, the addresses they ask from, and the organizations they belong to."""

from __future__ import annotations

import unicodedata
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.fields import PublicIdField


def normalise_email(address: str) -> str:
    """The form under which an e-mail address is stored and compared.

    Unicode is normalised (NFKC) and both parts are in lower case: RFC 5321 lets the
    local part be case-sensitive, no mail provider in use is. Case is not folded, since
    that makes one of "ß" and "ss", which are two domains (RFC 5892).
    """
    return unicodedata.normalize("NFKC", address).strip().lower()


class Organization(models.Model):
    """The company of a contact."""

    class Sharing(models.TextChoices):
        OWN = "own", _("Each contact sees their own requests")
        ORGANIZATION = "organization", _("Members see all requests of the organization")

    public_id = PublicIdField()
    name = models.CharField(_("name"), max_length=200)
    domains = models.JSONField(
        _("e-mail domains"),
        default=list,
        blank=True,
        help_text=_(
            "Domains of the organization's addresses, such as acme.example. "
            "A verified address of one of them makes its contact a member."
        ),
    )
    sharing = models.CharField(
        _("sharing"), max_length=20, choices=Sharing, default=Sharing.OWN
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ContactQuerySet(models.QuerySet["Contact"]):
    """Reads over contacts."""

    def with_identities(self) -> Self:
        """Contacts with what ``email`` and ``organization`` need, in two queries."""
        return self.prefetch_related("identities", "memberships__organization")


class Contact(models.Model):
    """A person who asks; may have no account."""

    class Mail(models.TextChoices):
        """The mails that a contact may switch off."""

        RECEIVED = "received", _("When a request of mine has arrived")
        ANSWER = "answer", _("When somebody answers a request of mine")
        TAKES_PART = (
            "takes_part",
            _("When somebody answers a request of others that I am copied on"),
        )
        RATING = "rating", _("When a request of mine was closed: how our help was")

    public_id = PublicIdField()
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(
        _("language"),
        max_length=15,
        blank=True,
        help_text=_("Language code such as pt-br; empty means the site's default."),
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    # What is off, not what is on: a kind of mail that is new is sent to everybody.
    mails_off = models.JSONField(
        _("mails switched off"),
        default=list,
        blank=True,
        help_text=_("Kinds of mail that the contact does not want."),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="helpdesk_contact",
    )
    organizations = models.ManyToManyField(
        Organization, through="Membership", related_name="contacts"
    )
    is_blocked = models.BooleanField(_("blocked"), default=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    read_until = models.DateTimeField(
        default=timezone.now,
        editable=False,
        help_text="What agents wrote before counts as read; see ReadMark.",
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        # Wagtail's form of a group cuts the model's name off the end of a label.
        permissions = [("view_as_contact", _("Can view the site as contacts see it"))]

    def __str__(self) -> str:
        return self.display_name

    @cached_property
    def email(self) -> str:
        """The address to write to: a verified one first, else the oldest; or empty."""
        addresses = [i for i in self.identities.all() if i.kind == Identity.Kind.EMAIL]
        addresses.sort(key=lambda i: (i.verified_at is None, i.pk))
        return addresses[0].value if addresses else ""

    @property
    def display_name(self) -> str:
        """The name, else the address, else a neutral word."""
        return self.name or self.email or str(_("Unknown contact"))

    def wants(self, mail: str) -> bool:
        """Whether a kind of mail may be sent; the one place where that is decided.

        Whoever has no account (any more) cannot read answers in a portal, nor switch
        anything on again, and gets every mail.

        Args:
            mail: A ``Contact.Mail``.
        """
        return self.user_id is None or mail not in self.mails_off

    @cached_property
    def organization(self) -> Organization | None:
        """The primary organization, or ``None``."""
        memberships = self.memberships.all()
        if "memberships" not in getattr(self, "_prefetched_objects_cache", ()):
            memberships = memberships.select_related("organization")
        found = sorted(memberships, key=lambda m: (not m.is_primary, m.pk))
        return found[0].organization if found else None


class Identity(models.Model):
    """An address, number or handle of a contact, verified or not."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail address")
        PHONE = "phone", _("Phone number")
        ACCOUNT = "account", _("Account")

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="identities"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    value = models.CharField(_("value"), max_length=254)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value"], name="helpdesk_identity_kind_value"
            )
        ]

    def __str__(self) -> str:
        return self.value


class Membership(models.Model):
    """A contact in an organization."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        MANAGER = "manager", _("Manager")

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="memberships"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)
    is_primary = models.BooleanField(_("primary"), default=True)
    sees_tickets = models.BooleanField(
        _("sees the organization's tickets"),
        default=False,
        help_text=_("Counts in portals that show them to chosen members."),
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "organization"],
                name="helpdesk_membership_contact_organization",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact} · {self.organization}"
