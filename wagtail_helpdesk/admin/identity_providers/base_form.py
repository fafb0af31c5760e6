"""What the forms of all identity providers have in common: whom one vouches for."""

from __future__ import annotations

import re
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.access.public_domains import PUBLIC_DOMAINS
from wagtail_helpdesk.access.sso import portal_choices
from wagtail_helpdesk.models import IdentityProvider

_DOMAIN = re.compile(r"^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$")
MAX_DOMAINS = 100


class ProviderForm(forms.ModelForm):
    """A provider: its name, its domains, its portal, and who of it comes in."""

    #: Set by each form.
    protocol: ClassVar[IdentityProvider.Protocol]

    portal_key = forms.TypedChoiceField(
        label=gettext_lazy("Portal"),
        required=False,
        empty_value=None,
        help_text=gettext_lazy(
            "The sign-in of this portal offers the provider, in every language."
        ),
    )
    domains = forms.CharField(
        label=gettext_lazy("E-mail domains"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr", "spellcheck": "false"}),
        max_length=10_000,
        help_text=gettext_lazy(
            "One a line, such as acme.example. Only addresses in these are let in; a "
            "subdomain is a domain of its own."
        ),
    )

    class Meta:
        model = IdentityProvider
        fields = ["name", "domains", "portal_key", "groups", "is_active"]
        widgets: ClassVar = {"groups": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        portals: Any = self.fields["portal_key"]
        portals.choices = [
            ("", _("Every portal")),
            *((str(key), name) for key, name in portal_choices()),
        ]
        self.initial["domains"] = "\n".join(sorted(self.instance.own_domains))
        self.initial["portal_key"] = str(self.instance.portal_key or "")
        self.instance.protocol = self.protocol

    def clean_domains(self) -> list[str]:
        """Read one domain a line.

        Raises:
            ValidationError: A line is none, or one in which anybody gets an address.
        """
        lines = self.cleaned_data["domains"].splitlines()
        domains = [line.strip().lower().removeprefix("@") for line in lines]
        domains = list(dict.fromkeys(domain for domain in domains if domain))
        if not domains:
            raise forms.ValidationError(_("Write at least one domain."))
        if len(domains) > MAX_DOMAINS:
            raise forms.ValidationError(
                _("These are %(count)s domains; %(max)s at most."),
                params={"count": len(domains), "max": MAX_DOMAINS},
            )
        for domain in domains:
            if not _DOMAIN.match(domain):
                raise forms.ValidationError(
                    _("“%(value)s” is no domain, such as acme.example."),
                    params={"value": domain},
                )
            if domain in PUBLIC_DOMAINS:
                raise forms.ValidationError(
                    _("Anybody gets an address in %(value)s: it names no company."),
                    params={"value": domain},
                )
        return domains

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("is_active") and "domains" in values:
            self._refuse_taken(values["domains"])
        return values

    def _refuse_taken(self, domains: list[str]) -> None:
        """One domain, one provider that is on: two could each sign the other's in."""
        others = IdentityProvider.objects.filter(is_active=True)
        for other in others.exclude(pk=self.instance.pk):
            taken = set(domains).intersection(other.own_domains)
            if taken:
                told = _("%(value)s belongs to “%(provider)s” already.") % {
                    "value": sorted(taken)[0],
                    "provider": other,
                }
                self.add_error("domains", told)

    def clean_portal_key(self) -> str | None:
        """The key of a portal, or none for all portals."""
        return self.cleaned_data["portal_key"] or None


def require_https(url: str) -> None:
    """Take HTTPS alone: whoever reads along could sign in as anybody.

    Args:
        url: An absolute address. With ``DEBUG`` plain HTTP is good enough.

    Raises:
        ValidationError: It is another scheme.
    """
    if urlsplit(url).scheme != "https" and not settings.DEBUG:
        raise forms.ValidationError(_("The address has to begin with https://."))


def require_address(url: str) -> None:
    """Take an address over HTTPS that was read somewhere, not typed into a field.

    Args:
        url: Anything.

    Raises:
        ValidationError: It is none.
    """
    forms.URLField(max_length=500, assume_scheme="https").clean(url)
    require_https(url)
