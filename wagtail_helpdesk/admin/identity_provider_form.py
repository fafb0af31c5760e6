"""The form of an identity provider: what it may vouch for, and its secret."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from wagtail_helpdesk.access.discovery import NoProviderError, what_is_missing
from wagtail_helpdesk.access.public_domains import PUBLIC_DOMAINS
from wagtail_helpdesk.access.sso import app_id, portal_choices
from wagtail_helpdesk.models import IdentityProvider

_DOMAIN = re.compile(r"^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$")
MAX_DOMAINS = 100


class IdentityProviderForm(forms.ModelForm):
    """A provider. Its secret is written, never shown; its address is set once."""

    server_url = forms.URLField(
        label=gettext_lazy("Address of the provider"),
        assume_scheme="https",
        help_text=IdentityProvider._meta.get_field("server_url").help_text,
    )
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
    client_secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        required=False,
        strip=True,
        max_length=4_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Kept encrypted. Empty: the one that is stored stays."),
    )

    class Meta:
        model = IdentityProvider
        fields = [
            "name",
            "server_url",
            "client_id",
            "client_secret",
            "domains",
            "portal_key",
            "groups",
            "is_active",
        ]
        widgets = {"groups": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        portals: Any = self.fields["portal_key"]
        portals.choices = [
            ("", _("Every portal")),
            *((str(key), name) for key, name in portal_choices()),
        ]
        if self.instance.pk:
            self.fields["server_url"].disabled = True
            self.fields["client_id"].help_text = _(
                "Its administrator enters this address for the way back: %(url)s"
            ) % {"url": _way_back(self.instance)}
        self.initial["domains"] = "\n".join(sorted(self.instance.own_domains))
        self.initial["portal_key"] = str(self.instance.portal_key or "")

    def clean_server_url(self) -> str:
        """Take HTTPS alone: whoever reads along could sign in as anybody.

        A new server is asked whether it is one.

        Raises:
            ValidationError: It is another scheme, or no such server answers.
        """
        url: str = self.cleaned_data["server_url"]
        if self.instance.pk:
            return url
        if urlsplit(url).scheme != "https" and not settings.DEBUG:
            raise forms.ValidationError(_("The address has to begin with https://."))
        self._ask_server(url)
        return url

    def _ask_server(self, url: str) -> None:
        try:
            missing = what_is_missing(url)
        except NoProviderError as error:
            raise forms.ValidationError(
                _("%(value)s does not answer as an OpenID Connect provider: %(error)s"),
                params={"value": url, "error": str(error)},
            ) from error
        if missing:
            raise forms.ValidationError(
                _("%(value)s does not tell all that is needed: %(missing)s."),
                params={"value": url, "missing": ", ".join(missing)},
            )

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

    def save(self, commit: bool = True) -> IdentityProvider:
        secret = self.cleaned_data.get("client_secret")
        if secret:
            self.instance.secrets = {
                **self.instance.secrets,
                "client_secret": secret,
            }
        saved: IdentityProvider = super().save(commit=commit)
        return saved


def _way_back(provider: IdentityProvider) -> str:
    path = reverse(
        "openid_connect_callback", kwargs={"provider_id": app_id(provider.public_id)}
    )
    site = Site.objects.filter(is_default_site=True).first()
    return f"{site.root_url if site else ''}{path}"
