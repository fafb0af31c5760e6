"""How long a customer stays signed in: idle and absolute limits of a session (B59).

Every portal page may have an idle time-out. A session follows the strictest of the
portals it has opened; until it has opened one, the strictest of the site's, so that a
sign-in that never reached a portal does not stay open behind its back. Whoever works
here (an agent, or anyone who may open the admin) is not signed out by a portal.

What counts is kept in the session itself, and written once a minute at most: reading
must not write each time. A limit therefore ends up to a minute late, never early.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.utils import timezone

from wagtail_helpdesk.access import sso
from wagtail_helpdesk.access.portals import strictest_idle_minutes
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.permissions import works_the_desk

MARK = "helpdesk_session"
#: Sent with requests that a page makes by itself, such as asking for news.
PASSIVE_HEADER = "X-Helpdesk-Poll"
WRITE_SECONDS = 60
_PASSIVE = "_helpdesk_passive"
#: What a browser fetches because a page is open, not because somebody did something.
_PARTS = frozenset({"audio", "font", "image", "manifest", "script", "style", "video"})


class Reason(StrEnum):
    """Why a session is over."""

    IDLE = "idle"
    ABSOLUTE = "absolute"
    PROVIDER = "provider"


@dataclass
class Mark:
    """What a session remembers of its own age.

    Attributes:
        start: When it began, in seconds since 1970.
        seen: When somebody last did something, to the minute.
        site: The idle time-out in minutes until a portal is opened; 0: none.
        portals: The time-outs of the portals opened so far, by the page's key.
        exempt: Whether it belongs to somebody who works here.
    """

    start: int
    seen: int
    site: int = 0
    portals: dict[str, int] = field(default_factory=dict)
    exempt: bool = False

    @property
    def idle_seconds(self) -> int:
        """The idle time-out that applies; 0: none."""
        if self.exempt:
            return 0
        minutes = self.portals.values() if self.portals else (self.site,)
        return min(filter(None, minutes), default=0) * 60


def has_session(request: HttpRequest) -> bool:
    """Whether there is a session worth reading.

    Reading it makes an answer depend on the cookie, so the pages of visitors who have
    none stay in shared caches.
    """
    session = getattr(request, "session", None)
    if session is None:
        return False
    return session.modified or settings.SESSION_COOKIE_NAME in request.COOKIES


def over(request: HttpRequest) -> Reason | None:
    """Why the session of a request is over, or ``None`` while it lasts.

    Args:
        request: The request, before anything has answered it.
    """
    if _is_signed_in(request) and sso.is_void(request):
        return Reason.PROVIDER
    mark = _read(request)
    if mark is None or mark.exempt:
        return None
    reason = _reason(mark)
    if reason and works_the_desk(request.user):
        # Became an agent or an editor since the sign-in.
        mark.exempt = True
        _write(request, mark)
        return None
    return reason


def follow(request: HttpRequest) -> None:
    """Note that somebody did something, once the request has been answered.

    Args:
        request: The request; one that a page made by itself leaves no trace.
    """
    if is_passive(request) or not _is_signed_in(request):
        return
    mark = _read(request)
    if mark is None:
        _write(request, _begin(request))
    elif mark.idle_seconds and _now() - mark.seen >= WRITE_SECONDS:
        extend(request)


def extend(request: HttpRequest) -> int:
    """Start the idle time anew, at once.

    Args:
        request: A request of somebody who is signed in.

    Returns:
        Seconds until the session ends if nothing more happens; 0: it has no time-out.
    """
    mark = _read(request) or _begin(request)
    mark.seen = _now()
    _write(request, mark)
    return _left(mark)


def seconds_left(request: HttpRequest) -> int:
    """Seconds until the session ends if nothing happens; 0: it has no time-out."""
    mark = _read(request)
    return _left(mark) if mark is not None else 0


def idle_seconds(request: HttpRequest) -> int:
    """The idle time-out of whoever asks, in seconds; 0: none."""
    mark = _read(request)
    return mark.idle_seconds if mark is not None else 0


def open_portal(request: HttpRequest, key: str, minutes: int) -> None:
    """Let a session follow the time-out of a portal it opens.

    Args:
        request: The request of a customer who may come in.
        key: Tells this portal from others.
        minutes: The portal's idle time-out; 0: none.
    """
    mark = _read(request)
    before = asdict(mark) if mark else None
    mark = mark or _begin(request)
    if mark.exempt:
        mark.exempt = works_the_desk(request.user)
    mark.portals = {**mark.portals, key: minutes}
    if asdict(mark) != before:
        _write(request, mark)


def leave_no_trace(request: HttpRequest) -> None:
    """Asking for news is no work: it must not keep a forgotten session alive.

    Args:
        request: A request that a page makes by itself.
    """
    setattr(request, _PASSIVE, True)
    session: Any = getattr(request, "session", None)
    if session is None or not settings.SESSION_SAVE_EVERY_REQUEST:
        return
    save = session.save

    def save_if_changed(must_create: bool = False) -> None:
        if session.modified:
            save(must_create=must_create)

    session.save = save_if_changed


def is_passive(request: HttpRequest) -> bool:
    """Whether a browser asked by itself, so that nobody need be in front of it."""
    headers = request.headers
    return (
        getattr(request, _PASSIVE, False)
        or PASSIVE_HEADER in headers
        or "prefetch" in headers.get("Sec-Purpose", "")
        or headers.get("Sec-Fetch-Dest", "") in _PARTS
    )


def _now() -> int:
    return int(timezone.now().timestamp())


def _reason(mark: Mark) -> Reason | None:
    hours = helpdesk_settings.SESSION_ABSOLUTE_HOURS
    if hours and _now() - mark.start >= hours * 3600:
        return Reason.ABSOLUTE
    if mark.idle_seconds and _left(mark) <= 0:
        return Reason.IDLE
    return None


def _left(mark: Mark) -> int:
    """Seconds until the idle time is over; what was not written is added."""
    if not mark.idle_seconds:
        return 0
    return mark.seen + mark.idle_seconds + WRITE_SECONDS - _now()


def _is_signed_in(request: HttpRequest) -> bool:
    return has_session(request) and SESSION_KEY in request.session


def _begin(request: HttpRequest) -> Mark:
    now = _now()
    return Mark(
        start=now,
        seen=now,
        site=strictest_idle_minutes(request),
        exempt=works_the_desk(request.user),
    )


def _read(request: HttpRequest) -> Mark | None:
    if not _is_signed_in(request):
        return None
    kept = request.session.get(MARK)
    try:
        return Mark(**kept) if kept else None
    except TypeError:
        return None  # Written by another version.


def _write(request: HttpRequest, mark: Mark) -> None:
    request.session[MARK] = asdict(mark)
