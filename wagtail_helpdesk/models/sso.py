"""Sign-in providers of companies: who may vouch for whom, and which word was used."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.access import AccessGroup
from wagtail_helpdesk.models.fields import EncryptedJSONField, PublicIdField


class IdentityProviderQuerySet(models.QuerySet["IdentityProvider"]):
    """Reads over identity providers."""

    def active(self, public_id: str) -> Self:
        """The one that a session, an account or an address names, if it is on.

        Args:
            public_id: Anything that was sent. PostgreSQL takes no NUL in a text, so it
                is in no id either.
        """
        if "\x00" in str(public_id):
            return self.none()
        return self.filter(public_id=public_id, is_active=True)


class IdentityProvider(models.Model):
    """A company's own sign-in, which vouches for addresses in the company's domains.

    It vouches for nobody else: not for people of another company, and never for agents
    or whoever may enter the admin (security.md 0.8). ``public_id`` is how accounts
    remember it, so it is never given to another one.
    """

    class Protocol(models.TextChoices):
        OPENID_CONNECT = "oidc", _("OpenID Connect")
        SAML = "saml", _("SAML 2.0")
        JWT = "jwt", _("signed tokens (JWT)")

    public_id = PublicIdField()
    name = models.CharField(
        _("name"),
        max_length=100,
        unique=True,
        help_text=_("Stands on the button of the sign-in page, such as “Acme”."),
    )
    protocol = models.CharField(
        _("protocol"),
        max_length=10,
        choices=Protocol,
        default=Protocol.OPENID_CONNECT,
        editable=False,
    )
    server_url = models.URLField(
        _("address of the provider"),
        max_length=500,
        help_text=_("Where people are sent to sign in; for OpenID Connect its issuer."),
    )
    client_id = models.CharField(_("client ID"), max_length=255, blank=True)
    # What its protocol needs beside, as the form of that protocol wrote it.
    options = models.JSONField(default=dict, blank=True, editable=False)
    secrets = EncryptedJSONField(default=dict, blank=True, editable=False)
    domains = models.JSONField(
        _("e-mail domains"),
        help_text=_("Only addresses in these are let in."),
    )
    # A portal is a page, and pages of other languages are the same portal: the key
    # that they share. The core knows no page type of its own.
    portal_key = models.UUIDField(_("portal"), null=True, blank=True)
    groups = models.ManyToManyField(
        AccessGroup,
        verbose_name=_("only these access groups"),
        blank=True,
        related_name="identity_providers",
        help_text=_(
            "Empty: everybody the provider vouches for. Else members of any of these, "
            "who have to be members before they sign in."
        ),
    )
    is_active = models.BooleanField(_("on"), default=True)

    objects = IdentityProviderQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity provider")
        verbose_name_plural = _("identity providers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def own_domains(self) -> frozenset[str]:
        """The domains in lower case; none where something else was stored."""
        listed = self.domains if isinstance(self.domains, list) else []
        return frozenset(str(domain).lower() for domain in listed if domain)

    def vouches_for(self, email: str) -> bool:
        """Whether an address lies in one of the domains: the whole one, no ending.

        Letters beyond ASCII are refused: many look, or fold, like others.

        Args:
            email: An address.
        """
        local, at, domain = email.rpartition("@")
        return (
            bool(local and at and domain)
            and email.isascii()
            and domain.lower() in self.own_domains
        )


class UsedAssertion(models.Model):
    """A provider's word on a sign-in that counted once and never counts again.

    The unique constraint decides between two that come at the same moment, which a
    cache that is flushed could not (security.md 1.4).
    """

    provider = models.ForeignKey(
        IdentityProvider, on_delete=models.CASCADE, related_name="used_assertions"
    )
    #: SHA-256 of its id, in hexadecimal digits.
    digest = models.CharField(max_length=64)
    #: From then on the word itself has expired, and the row may go.
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("used sign-in")
        verbose_name_plural = _("used sign-ins")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "digest"], name="helpdesk_assertion_used_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider_id}-{self.digest[:8]}"
