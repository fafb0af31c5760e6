"""Counts how often somebody tries something, in the cache that all processes share.

For what is not allauth's: its own pages have its own limits (``ACCOUNT_RATE_LIMITS``).
"""

from __future__ import annotations

import hashlib
import re
import time
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured

_PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_rate(rate: str, *, setting: str) -> tuple[int, int] | None:
    """Read ``"10/h"`` as ten in 3600 seconds.

    Args:
        rate: A number and one of ``s``, ``m``, ``h``, ``d``; empty switches it off.
        setting: Where it was written, for the message.

    Raises:
        ImproperlyConfigured: It is neither.
    """
    if not rate:
        return None
    found = re.fullmatch(r"(\d+)/([smhd])", rate.strip())
    if found is None:
        raise ImproperlyConfigured(
            f'WAGTAIL_HELPDESK["{setting}"] is {rate!r}; write it as "10/h": a '
            "number, a slash, and s, m, h or d."
        )
    return int(found[1]), _PERIODS[found[2]]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One more try, which was counted.

    Attributes:
        wait: Seconds until the next one is taken; 0: this one is.
        key: Where it was counted; empty where nothing is.
    """

    wait: int = 0
    key: str = ""

    def take_back(self) -> None:
        """Let it not count, because it was no wrong one."""
        if self.key:
            # Once the period is over, all is forgotten anyway.
            with suppress(ValueError):
                cache.decr(self.key)


def count_attempt(rate: tuple[int, int] | None, *, scope: str, who: str) -> Attempt:
    """Count one more try, and say how long to wait if it was one too many.

    It is counted before it is looked at, so that many at once are not let through.

    Args:
        rate: How many in how many seconds; ``None`` is no limit.
        scope: What is tried; each is counted apart.
        who: The address or contact; nobody in particular is not limited.
    """
    if rate is None or not who:
        return Attempt()
    most, period = rate
    window, passed = divmod(int(time.time()), period)
    digest = hashlib.sha256(f"{scope}\n{who}".encode()).hexdigest()[:32]
    key = f"wagtail_helpdesk:tries:{digest}:{window}"
    cache.add(key, 0, timeout=period)
    try:
        count = cache.incr(key)
    except ValueError:  # It ran out between the two lines.
        return Attempt()
    return Attempt(wait=period - passed if count > most else 0, key=key)
