"""The form of an OpenID Connect provider, and its secret."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.access.discovery import NoProviderError, what_is_missing
from wagtail_helpdesk.access.sso import absolute, own_path
from wagtail_helpdesk.admin.identity_providers.base_form import (
    ProviderForm,
    require_https,
)
from wagtail_helpdesk.models import IdentityProvider


class OpenIDConnectForm(ProviderForm):
    """A provider. Its secret is written, never shown; its address is set once."""

    protocol = IdentityProvider.Protocol.OPENID_CONNECT

    server_url = forms.URLField(
        label=gettext_lazy("Address of the provider"),
        assume_scheme="https",
        max_length=500,
        help_text=gettext_lazy(
            "Its issuer, such as https://login.example.com/. Cannot be changed later: "
            "another server knows other people under the same keys."
        ),
    )
    client_id = forms.CharField(label=gettext_lazy("Client ID"), max_length=255)
    client_secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        required=False,
        strip=True,
        max_length=4_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Kept encrypted. Empty: the one that is stored stays."),
    )

    class Meta(ProviderForm.Meta):
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["server_url"].disabled = True
            path = own_path("openid_connect_callback", self.instance.public_id)
            self.fields["client_id"].help_text = _(
                "Its administrator enters this address for the way back: %(url)s"
            ) % {"url": absolute(path)}

    def clean_server_url(self) -> str:
        """Take HTTPS alone: whoever reads along could sign in as anybody.

        A new server is asked whether it is one.

        Raises:
            ValidationError: It is another scheme, or no such server answers.
        """
        url: str = self.cleaned_data["server_url"]
        if self.instance.pk:
            return url
        require_https(url)
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

    def save(self, commit: bool = True) -> IdentityProvider:
        secret = self.cleaned_data.get("client_secret")
        if secret:
            self.instance.secrets = {
                **self.instance.secrets,
                "client_secret": secret,
            }
        saved: IdentityProvider = super().save(commit=commit)
        return saved
