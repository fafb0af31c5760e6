"""A provider's word on a sign-in counts once (security.md 1.3, 1.4)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from wagtail_helpdesk.models import IdentityProvider, UsedAssertion

#: So many expired rows go with each new one: more than come, and soon done.
_SWEPT = 50


def use_once(provider: IdentityProvider, word: str, expires_at: datetime) -> bool:
    """Let a provider's word count, if it never did before.

    The database decides between two uses at the same moment. In a transaction that is
    rolled back the word has not counted.

    Args:
        provider: Whose word it is; two providers may use the same words.
        word: What tells it from all others of the provider, of any length.
        expires_at: From then on the caller refuses the word itself, so that it need
            not be remembered; leave room for clocks that differ.

    Returns:
        True for the first call, False for each one after it.
    """
    digest = hashlib.sha256(word.encode(errors="surrogatepass")).hexdigest()
    try:
        with transaction.atomic():
            row = UsedAssertion.objects.create(
                provider=provider, digest=digest, expires_at=expires_at
            )
    except IntegrityError:
        return False
    expired = UsedAssertion.objects.filter(
        provider=provider, expires_at__lt=timezone.now()
    ).exclude(pk=row.pk)
    keys = list(expired.order_by("pk").values_list("pk", flat=True)[:_SWEPT])
    if keys:
        UsedAssertion.objects.filter(pk__in=keys).delete()
    return True
