"""Sign-in providers of companies: who may vouch for whom."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.access import AccessGroup
from wagtail_helpdesk.models.fields import EncryptedJSONField, PublicIdField


class IdentityProvider(models.Model):
    """A company's own sign-in, which vouches for addresses in the company's domains.

    It vouches for nobody else: not for people of another company, and never for agents
    or whoever may enter the admin (security.md 0.8). ``public_id`` is how accounts
    remember it, so it is never given to another one.
    """

    class Protocol(models.TextChoices):
        OPENID_CONNECT = "oidc", _("OpenID Connect")

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
        help_text=_(
            "Its issuer, such as https://login.example.com/. Cannot be changed later: "
            "another server knows other people under the same keys."
        ),
    )
    client_id = models.CharField(_("client ID"), max_length=255)
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
