"""Field types of our own: random public ids and secrets encrypted at rest."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.exceptions import CredentialsLost

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
PUBLIC_ID_LENGTH = 16


def new_public_id() -> str:
    """A random id of 16 characters (80 bits) for URLs, without look-alikes."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


class PublicIdField(models.CharField):
    """The id of an object in URLs: random, so that it tells and counts nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", PUBLIC_ID_LENGTH)
        kwargs.setdefault("default", new_public_id)
        kwargs.setdefault("unique", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


def _keyring() -> MultiFernet:
    keys = helpdesk_settings.ENCRYPTION_KEYS or [
        settings.SECRET_KEY,
        *(str(key) for key in settings.SECRET_KEY_FALLBACKS),
    ]
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str) -> bytes:
    derived = HKDF(
        algorithm=SHA256(),
        length=32,
        salt=None,
        info=b"wagtail-helpdesk.credentials.v1",
    ).derive(key.encode())
    return base64.urlsafe_b64encode(derived)


def encrypt_text(text: str) -> str:
    """Encrypt a secret that another package stores for us.

    Args:
        text: The secret.

    Returns:
        A Fernet token, under the first of ``ENCRYPTION_KEYS``.
    """
    return _keyring().encrypt(text.encode()).decode()


def decrypt_text(token: str) -> str:
    """What ``encrypt_text`` was given.

    Args:
        token: What it returned, under any of ``ENCRYPTION_KEYS``.

    Raises:
        CredentialsLost: None of the keys opens it.
    """
    try:
        return _keyring().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise CredentialsLost(
            "A secret cannot be decrypted: was a key removed from ENCRYPTION_KEYS or "
            "SECRET_KEY changed?"
        ) from error


class EncryptedJSONField(models.TextField):
    """JSON that is encrypted in the database (Fernet with keys derived by HKDF).

    The value is bound to its row through the row's ``public_id``: a ciphertext
    copied into another row does not open. The first key of the setting
    ``ENCRYPTION_KEYS`` encrypts, all of them decrypt, so keys can be rotated.
    """

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        super().contribute_to_class(cls, name, private_only=private_only)
        setattr(cls, self.attname, _EncryptedValue(self.attname))

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        stored = model_instance.__dict__.get(self.attname) or ""
        if isinstance(stored, str):
            return stored
        row = model_instance.serializable_value("public_id")
        token = json.dumps({"row": row, "value": stored})
        return _keyring().encrypt(token.encode()).decode()


class _EncryptedValue:
    """Decrypts when read: ciphertext stays in the instance's ``__dict__``."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        stored = instance.__dict__.get(self.name) or ""
        if not isinstance(stored, str):
            return stored
        if not stored:
            return {}
        try:
            opened = json.loads(_keyring().decrypt(stored.encode()))
        except InvalidToken as error:
            raise CredentialsLost(
                f"The secrets of {instance} cannot be decrypted: was a key removed "
                "from ENCRYPTION_KEYS or SECRET_KEY changed?"
            ) from error
        if opened["row"] != instance.public_id:
            raise CredentialsLost(f"The secrets of {instance} belong to another row.")
        return opened["value"]

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.name] = value
