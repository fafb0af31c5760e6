"""The pages of a portal that are no content: one kind for each thing they say."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SystemPageKind(models.TextChoices):
    """What a system page is for (B56, B57)."""

    SIGN_IN = "sign_in", _("Sign in")
    REGISTER = "register", _("Register")
    CONFIRM = "confirm", _("Confirm the address")
    SIGN_OUT = "sign_out", _("Sign out")
    DENIED = "denied", _("Access denied")
    RESET_REQUEST = "reset_request", _("Forgotten password")
    RESET_SET = "reset_set", _("Set a new password")
    RESET_DONE = "reset_done", _("Password changed")
    CONSENT = "consent", _("Consent")
