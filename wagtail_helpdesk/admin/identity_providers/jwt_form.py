"""The form of a company that signs tokens: its addresses and its keys."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.access.sso import absolute, own_path
from wagtail_helpdesk.access.token_keys import (
    ALGORITHMS,
    MAX_KEYS,
    MIN_SECRET_BYTES,
    SECRET_ALGORITHM,
    KeyRefusedError,
    TokenKey,
    keep_keys,
    keys_of,
    new_kid,
    new_secret,
    read_public_key,
)
from wagtail_helpdesk.admin.identity_providers.base_form import (
    ProviderForm,
    require_https,
)
from wagtail_helpdesk.exceptions import CredentialsLost
from wagtail_helpdesk.models import IdentityProvider
from wagtail_helpdesk.models.fields import decrypt_text, encrypt_text

_KID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NEW_SECRET = "helpdesk_new_token_secret"  # noqa: S105  (its place in the session)


class _NeverShown(forms.Textarea):
    """What was typed does not come back: it may have been a private key."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, None, attrs)
        return context


class SignedTokenForm(ProviderForm):
    """A company with keys. A secret of ours is shown once, others never."""

    protocol = IdentityProvider.Protocol.JWT
    #: Shown on top of the form of a provider that is there.
    template_name_of_edit = "wagtail_helpdesk/admin/identity_provider_jwt.html"

    server_url = forms.URLField(
        label=gettext_lazy("Sign-in page of the company"),
        assume_scheme="https",
        max_length=500,
        help_text=gettext_lazy(
            "Where people are sent to sign in. It is sent “state” and “return_to”, "
            "and posts a token back."
        ),
    )
    issuer = forms.CharField(
        label=gettext_lazy("Issuer"),
        max_length=255,
        help_text=gettext_lazy(
            "How the company's application calls itself in the claim “iss”, such as "
            "acme. Cannot be changed later: another application knows other people "
            "under the same keys."
        ),
    )
    sign_out_url = forms.URLField(
        label=gettext_lazy("Sign-out page of the company"),
        required=False,
        assume_scheme="https",
        max_length=500,
        help_text=gettext_lazy(
            "Where people are sent when they sign out here. Empty: they are signed out "
            "here alone."
        ),
    )
    remove_keys = forms.MultipleChoiceField(
        label=gettext_lazy("Remove keys"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "What it signs is refused from then on. To change a key, add the new one, "
            "wait until the company uses it, and only then remove the old one."
        ),
    )
    new_algorithm = forms.ChoiceField(
        label=gettext_lazy("Add a key"),
        required=False,
        help_text=gettext_lazy(
            "With a key pair only the company can sign; a secret is easier to set up, "
            "and has to be kept on both sides."
        ),
    )
    new_kid = forms.CharField(
        label=gettext_lazy("Name of the new key"),
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "What its tokens have as “kid” in their header: letters, digits, and . _ -."
            " Empty: we find one."
        ),
    )
    public_key = forms.CharField(
        label=gettext_lazy("Public key"),
        required=False,
        max_length=20_000,
        widget=_NeverShown(attrs={"rows": 4, "dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "For all algorithms but HS256: in PEM (-----BEGIN PUBLIC KEY-----) or as a "
            "JWK."
        ),
    )
    secret = forms.CharField(
        label=gettext_lazy("Secret"),
        required=False,
        strip=True,
        max_length=4_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "For HS256. Empty: we make one and show it once. Kept encrypted."
        ),
    )

    class Meta(ProviderForm.Meta):
        fields = [
            "name",
            "server_url",
            "issuer",
            "sign_out_url",
            "remove_keys",
            "new_algorithm",
            "new_kid",
            "public_key",
            "secret",
            "domains",
            "portal_key",
            "groups",
            "is_active",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = self._stored()
        self.new_secret: tuple[str, str] | None = None
        algorithms: Any = self.fields["new_algorithm"]
        removable: Any = self.fields["remove_keys"]
        options = self.instance.options
        self.initial["issuer"] = options.get("issuer", "")
        self.initial["sign_out_url"] = options.get("sign_out_url", "")
        algorithms.choices = list(ALGORITHMS.items())
        if self.instance.pk:
            self.fields["issuer"].disabled = True
            algorithms.choices = [("", _("No new key")), *algorithms.choices]
            removable.choices = [
                (key.kid, f"{key.kid} ({key.algorithm})") for key in self.keys
            ]
        if not self.keys:
            del self.fields["remove_keys"]

    def _stored(self) -> list[TokenKey]:
        try:
            return list(keys_of(self.instance).values())
        except CredentialsLost:
            # What cannot be read any more is no key; a new one has to be added.
            return []

    def clean_server_url(self) -> str:
        """Take HTTPS alone: what is sent there says who signs in.

        Raises:
            ValidationError: It is another scheme.
        """
        url: str = self.cleaned_data["server_url"]
        require_https(url)
        return url

    def clean_sign_out_url(self) -> str:
        """Take HTTPS alone.

        Raises:
            ValidationError: It is another scheme.
        """
        url: str = self.cleaned_data["sign_out_url"]
        if url:
            require_https(url)
        return url

    def clean_new_kid(self) -> str:
        """A name that stands well in a header, and that no other key has.

        Raises:
            ValidationError: It does not, or one has.
        """
        kid: str = self.cleaned_data["new_kid"]
        if kid and not _KID.fullmatch(kid):
            raise forms.ValidationError(_("Use letters, digits, and . _ - only."))
        if kid in {key.kid for key in self.keys}:
            raise forms.ValidationError(
                _("A key is called “%(value)s” already."), params={"value": kid}
            )
        return kid

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        removed = values.get("remove_keys") or []
        keys = [key for key in self.keys if key.kid not in removed]
        added = self._added(values)
        if added is not None:
            keys.append(added)
        if not keys and not self.errors:
            self.add_error(
                "new_algorithm",
                _("Without a key nobody comes in: add one in the same step."),
            )
        elif len(keys) > MAX_KEYS:
            self.add_error(
                "new_algorithm",
                _("%(max)s keys at most: remove one in the same step.")
                % {"max": MAX_KEYS},
            )
        values["keys"] = keys
        return values

    def _added(self, values: dict[str, Any]) -> TokenKey | None:
        """The new key, if there is to be one and nothing is wrong with it."""
        algorithm = values.get("new_algorithm") or ""
        public, secret = values.get("public_key") or "", values.get("secret") or ""
        kid = values.get("new_kid") or new_kid()
        self.new_secret = None
        if algorithm != SECRET_ALGORITHM and secret:
            self.add_error("secret", _("Only HS256 has a secret: choose it, or a key."))
        elif algorithm in {"", SECRET_ALGORITHM} and public:
            # It may have been pasted with the algorithm forgotten.
            self.add_error(
                "new_algorithm", _("Choose the algorithm that the public key is for.")
            )
        elif algorithm == SECRET_ALGORITHM:
            if secret and len(secret.encode()) < MIN_SECRET_BYTES:
                self.add_error(
                    "secret",
                    _("A secret has at least %(min)s bytes; leave it empty for ours.")
                    % {"min": MIN_SECRET_BYTES},
                )
                return None
            if not secret:
                secret = new_secret()
                self.new_secret = (kid, secret)
            return TokenKey(kid=kid, algorithm=algorithm, secret=secret)
        elif algorithm:
            try:
                pem = read_public_key(algorithm, public)
            except KeyRefusedError as error:
                self.add_error("public_key", str(error))
                return None
            return TokenKey(kid=kid, algorithm=algorithm, public=pem)
        return None

    def save(self, commit: bool = True) -> IdentityProvider:
        values = self.cleaned_data
        self.instance.options = {
            **self.instance.options,
            "issuer": values["issuer"],
            "sign_out_url": values["sign_out_url"],
        }
        keep_keys(self.instance, values["keys"])
        saved: IdentityProvider = super().save(commit=commit)
        return saved

    def after_save(self, request: HttpRequest) -> str:
        """Keep a secret that we made for the page that comes next, and only for it.

        Args:
            request: Its session keeps it, encrypted.

        Returns:
            Where that page is.
        """
        if self.new_secret is not None:
            kid, secret = self.new_secret
            request.session[_NEW_SECRET] = {
                "provider": self.instance.public_id,
                "kid": kid,
                "secret": encrypt_text(secret),
            }
        return reverse("helpdesk_identityprovider:edit", args=[self.instance.pk])

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        """What whoever runs the company's application has to know.

        Args:
            request: Of the page that shows it; a new secret is shown once.
        """
        path = own_path("helpdesk_jwt_token", self.instance.public_id)
        audience = absolute(path)
        kid = self.keys[-1].kid if self.keys else "…"
        algorithm = self.keys[-1].algorithm if self.keys else SECRET_ALGORITHM
        return {
            "token_url": audience,
            "token_keys": self.keys,
            "token_example": _EXAMPLE
            % {
                "kid": kid,
                "algorithm": algorithm,
                "issuer": self.instance.options.get("issuer", ""),
                "audience": audience,
                "domain": (self.instance.domains or ["acme.example"])[0],
            },
            "new_secret": _shown_once(request, self.instance),
        }


def _shown_once(request: HttpRequest, row: IdentityProvider) -> dict[str, str] | None:
    told = request.session.get(_NEW_SECRET)
    if request.method != "GET" or not told or told["provider"] != row.public_id:
        return None
    del request.session[_NEW_SECRET]
    try:
        return {"kid": told["kid"], "secret": decrypt_text(told["secret"])}
    except CredentialsLost:
        return None


#: Not translated: names and values of a protocol.
_EXAMPLE = """\
{
  "alg": "%(algorithm)s",
  "kid": "%(kid)s"
}
{
  "iss": "%(issuer)s",
  "aud": "%(audience)s",
  "iat": 1796000000,
  "exp": 1796000120,
  "jti": "0b9c1e7c5d6f4a3e8c2d1f0a9b8c7d6e",
  "sub": "4711",
  "email": "ana@%(domain)s",
  "name": "Ana Díaz",
  "state": "…"
}"""
