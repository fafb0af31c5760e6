"""The form of a SAML provider: the company's metadata, or its three values by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.access.saml_addresses import ACS, METADATA, SLS
from wagtail_helpdesk.access.saml_documents import MAX_BYTES
from wagtail_helpdesk.access.saml_keys import (
    CertificateError,
    new_key_pair,
    pem,
    read_certificate,
    read_certificates,
)
from wagtail_helpdesk.access.saml_metadata import (
    Described,
    MetadataError,
    read_metadata,
)
from wagtail_helpdesk.access.sso import absolute, own_path
from wagtail_helpdesk.admin.identity_providers.base_form import (
    ProviderForm,
    require_address,
)
from wagtail_helpdesk.models import IdentityProvider

MAX_ENTITY_ID = 1024
_CODE: dict[str, Any] = {"dir": "ltr", "spellcheck": "false"}
#: What the company's administrator enters at their server.
_OURS = (
    (
        "own_entity_id",
        METADATA,
        gettext_lazy("Our entity ID (address of our metadata)"),
    ),
    ("own_acs", ACS, gettext_lazy("Our address for answers (ACS URL)")),
    ("own_sls", SLS, gettext_lazy("Our address for signing out (SLS URL)")),
)
#: The fields that say which attribute has what.
_ATTRIBUTES = {
    "uid_attribute": "uid",
    "email_attribute": "email",
    "first_name_attribute": "first_name",
    "last_name_attribute": "last_name",
}


def _attribute_field(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=255,
        help_text=help_text,
        widget=forms.TextInput(attrs=_CODE),
    )


def _check_certificates(values: dict[str, Any]) -> None:
    try:
        read = read_certificates(values["certificates"])
    except CertificateError as error:
        raise forms.ValidationError(str(error)) from error
    values["certificates"] = [certificate.text for certificate in read]


class SAMLForm(ProviderForm):
    """A provider. Its key is made here, and never shown; its entity ID is set once."""

    protocol = IdentityProvider.Protocol.SAML

    metadata = forms.CharField(
        label=gettext_lazy("Metadata of the provider"),
        required=False,
        max_length=MAX_BYTES,
        widget=forms.Textarea(attrs={**_CODE, "rows": 6}),
        help_text=gettext_lazy(
            "The XML that the company's server tells of itself. Paste it here, or "
            "choose the file below. It takes the place of the next four values."
        ),
    )
    metadata_file = forms.FileField(
        label=gettext_lazy("Metadata as a file"), required=False
    )
    entity_id = forms.CharField(
        label=gettext_lazy("Entity ID of the provider"),
        required=False,
        max_length=MAX_ENTITY_ID,
        widget=forms.TextInput(attrs=_CODE),
        help_text=gettext_lazy(
            "Cannot be changed later: another server has other people of these names."
        ),
    )
    server_url = forms.URLField(
        label=gettext_lazy("Address to sign in at"),
        required=False,
        assume_scheme="https",
        max_length=500,
        help_text=gettext_lazy("The one for HTTP-Redirect (SingleSignOnService)."),
    )
    slo_url = forms.URLField(
        label=gettext_lazy("Address to sign out at"),
        required=False,
        assume_scheme="https",
        max_length=500,
        help_text=gettext_lazy("The one for HTTP-Redirect (SingleLogoutService)."),
    )
    certificates = forms.CharField(
        label=gettext_lazy("Certificates to sign with"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={**_CODE, "rows": 6}),
        help_text=gettext_lazy(
            "PEM, one below the other: while the company changes its certificate, the "
            "old one and the new one."
        ),
    )
    sign_requests = forms.BooleanField(
        label=gettext_lazy("Sign our requests"),
        required=False,
        help_text=gettext_lazy(
            "If the company's server asks for it; it then needs our metadata. Requests "
            "to sign out are always signed."
        ),
    )
    uid_attribute = _attribute_field(
        gettext_lazy("Attribute of the person's key"),
        gettext_lazy(
            "Empty: the NameID. It has to stay the same for as long as the person "
            "works there."
        ),
    )
    email_attribute = _attribute_field(
        gettext_lazy("Attribute of the e-mail address"),
        gettext_lazy("Empty, as the next two: the usual names are tried."),
    )
    first_name_attribute = _attribute_field(gettext_lazy("Attribute of the first name"))
    last_name_attribute = _attribute_field(gettext_lazy("Attribute of the last name"))

    class Meta(ProviderForm.Meta):
        fields = [
            "name",
            "metadata",
            "metadata_file",
            "entity_id",
            "server_url",
            "slo_url",
            "certificates",
            "domains",
            "portal_key",
            "groups",
            "is_active",
            "sign_requests",
            *_ATTRIBUTES,
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options: dict[str, Any] = self.instance.options
        for name in ("entity_id", "slo_url", "sign_requests"):
            self.initial[name] = options.get(name)
        for name, key in _ATTRIBUTES.items():
            self.initial[name] = options.get("attributes", {}).get(key, "")
        stored = options.get("certificates", [])
        self.initial["certificates"] = "\n".join(map(pem, stored))
        if self.instance.pk:
            self.fields["entity_id"].disabled = True
            self._warn_of_expired(stored)
            self._show_ours()
            self.order_fields(["name", *(name for name, _url, _label in _OURS)])

    def _show_ours(self) -> None:
        """What to enter at the company's server, to be copied; none of it is read."""
        for name, url, label in _OURS:
            address = absolute(own_path(url, self.instance.public_id))
            address = self.instance.options.get(name) or address
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                widget=forms.TextInput(attrs={**_CODE, "readonly": True}),
            )
            self.initial[name] = address
        self.fields["own_entity_id"].help_text = _(
            "The company's administrator enters these three, or our metadata's address."
        )

    def _warn_of_expired(self, stored: list[str]) -> None:
        for text in stored:
            try:
                certificate = read_certificate(text)
            except CertificateError as error:
                told = str(error)
            else:
                if not certificate.has_expired:
                    continue
                told = _("A certificate expired on %(date)s. Ask for the new one.") % {
                    "date": date_format(certificate.expires_at)
                }
            field = self.fields["certificates"]
            field.help_text = f"{told} {field.help_text}"

    def clean_metadata_file(self) -> bytes | None:
        """Read the file.

        Raises:
            ValidationError: It is too large.
        """
        sent = self.cleaned_data["metadata_file"]
        if not sent:
            return None
        if sent.size > MAX_BYTES:
            raise forms.ValidationError(_("The metadata has more than 256 KB."))
        read: bytes = sent.read()
        return read

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        text = (values.get("metadata") or "").strip().encode()
        described = self._described(values.get("metadata_file") or text)
        if described is not None:
            values.update(
                entity_id=described.entity_id,
                server_url=described.sso_url,
                slo_url=described.slo_url,
                certificates="\n".join(map(pem, described.certificates)),
                sign_requests=described.wants_signed or values.get("sign_requests"),
            )
        if not {"metadata", "metadata_file"}.intersection(self.errors):
            self._check_values(values, from_metadata=described is not None)
        return values

    def _described(self, text: bytes) -> Described | None:
        if not text:
            return None
        field = (
            "metadata_file" if self.cleaned_data.get("metadata_file") else "metadata"
        )
        try:
            described = read_metadata(text)
        except MetadataError as error:
            self.add_error(field, str(error))
            return None
        known = self.instance.options.get("entity_id")
        if self.instance.pk and described.entity_id != known:
            told = _("This is the metadata of another provider: %(value)s.")
            self.add_error(field, told % {"value": described.entity_id[:200]})
            return None
        return described

    def _check_values(self, values: dict[str, Any], *, from_metadata: bool) -> None:
        """Look at each value, wherever it came from; tell it where it was entered."""
        for name in ("entity_id", "server_url", "certificates"):
            if not values.get(name) and name not in self.errors:
                told = _("Paste the provider's metadata, or write this value.")
                self.add_error(name, told)
        for name in ("server_url", "slo_url"):
            if values.get(name):
                self._try(name, from_metadata, require_address, values[name])
        if values.get("certificates"):
            self._try("certificates", from_metadata, _check_certificates, values)
        if len(values.get("entity_id") or "") > 1024:
            self.add_error(
                "metadata", _("The entity ID has more than 1024 characters.")
            )

    def _try(self, name: str, from_metadata: bool, check: Any, value: Any) -> None:
        try:
            check(value)
        except ValidationError as error:
            shown = error.messages
            if from_metadata and isinstance(value, str):
                shown = [f"{value}: {text}" for text in shown]
            self.add_error("metadata" if from_metadata else name, shown)

    def save(self, commit: bool = True) -> IdentityProvider:
        row, values = self.instance, self.cleaned_data
        options: dict[str, Any] = {
            **row.options,
            "entity_id": values["entity_id"],
            "slo_url": values["slo_url"],
            "certificates": values["certificates"],
            "sign_requests": bool(values["sign_requests"]),
            "attributes": {key: values[name] for name, key in _ATTRIBUTES.items()},
        }
        if not row.pk:
            private, certificate = new_key_pair(row.public_id)
            row.secrets = {"private_key": private}
            # The name stays when the site moves: servers know us by it.
            name = absolute(own_path(METADATA, row.public_id))
            options.update(own_certificate=certificate, own_entity_id=name)
        row.options = options
        saved: IdentityProvider = super().save(commit=commit)
        return saved
