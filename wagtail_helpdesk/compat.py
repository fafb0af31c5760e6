"""Differences between versions of Wagtail and Django, in one place."""

from __future__ import annotations

from typing import Any

from django.core import mail
from django.db.models import Model
from django.utils.module_loading import import_string

try:
    from wagtail.permissions import (
        register_permission_policy as _register_permission_policy,
    )
except ImportError:  # Wagtail 7.4 has no registry: it asks Django's permissions.
    _register_permission_policy = None


def register_permission_policy(model: type[Model], policy: Any) -> None:
    """Make ``policy`` the permission policy of ``model``, wherever Wagtail asks.

    Args:
        model: The model the policy is about.
        policy: A ``wagtail.permission_policies`` policy.
    """
    if _register_permission_policy is not None:
        _register_permission_policy(model, policy)


def file_permission_policy(model: type[Model]) -> Any:
    """Wagtail's permission policy of its images, or of its documents.

    Args:
        model: The image model or the document model of the site.
    """
    try:
        from wagtail.permissions import policy_registry
    except ImportError:  # Wagtail 7.4 keeps one in a module of each app.
        app = "documents" if hasattr(model, "content_disposition") else "images"
        return import_string(f"wagtail.{app}.permissions.permission_policy")
    return policy_registry.get_by_type(model)


def synchronised_fields(*names: str) -> list[Any]:
    """For ``override_translatable_fields``: these are the same in every language.

    Args:
        names: Names of fields that hold machine words, or texts for staff only.

    Returns:
        What wagtail-localize reads; nothing where it is not installed.
    """
    try:
        from wagtail_localize.fields import SynchronizedField
    except ImportError:
        return []
    return [SynchronizedField(name, overridable=False) for name in names]


def mail_backend() -> Any:
    """A new connection of the site's default mail backend, not yet open.

    Django 6.1 has the setting ``MAILERS``, and deprecates ``get_connection()``.
    """
    mailers = getattr(mail, "mailers", None)
    return mailers.default if mailers is not None else mail.get_connection()
