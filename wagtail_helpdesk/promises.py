"""By when a request is answered first: the promise of an inbox, in words (N17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_helpdesk.models import Contact, Inbox
from wagtail_helpdesk.time_zones import zone_of_contact

_TIME = '<time datetime="{}"><bdi>{}</bdi></time>'


@dataclass(frozen=True, slots=True)
class Promise:
    """A first answer by a certain time, for one reader.

    Attributes:
        due: By when.
        zone: In which zone the reader is told.
        is_own_zone: Whether that is a zone the reader has chosen.
        is_over: Whether that time has passed.
    """

    due: datetime
    zone: tzinfo
    is_own_zone: bool
    is_over: bool = False

    @property
    def when(self) -> SafeString:
        """``Tuesday 10:00 (your time)``, with the time for machines too."""
        local = self.due.astimezone(self.zone)
        where = _("your time") if self.is_own_zone else zone_text(local)
        stamp = format_html(
            _TIME, local.isoformat(timespec="minutes"), moment_text(local)
        )
        return format_html("{} ({})", stamp, where)


def first_answer_due(inbox: Inbox | None, since: datetime) -> datetime | None:
    """By when a request that came at ``since`` is to be answered first.

    Args:
        inbox: The inbox, read with its calendar.
        since: When the request came.

    Returns:
        A full minute, or ``None`` if the inbox promises nothing.
    """
    if inbox is None or inbox.calendar is None or not inbox.first_reply_minutes:
        return None
    hours = inbox.calendar.hours
    due = hours.add(since, inbox.first_reply_minutes) if hours is not None else None
    if due is None:
        return None
    # Never earlier than it was meant; opening times end on full minutes.
    started = due.replace(second=0, microsecond=0)
    return started if started == due else started + timedelta(minutes=1)


def due_if_sent_now(channel_id: int | None) -> datetime | None:
    """By when a request that is sent through a channel now is answered first.

    Args:
        channel_id: The channel.
    """
    if channel_id is None:
        return None
    inbox = Inbox.objects.filter(channels=channel_id).select_related("calendar").first()
    return due_if_sent_now_to(inbox)


def due_if_sent_now_to(inbox: Inbox | None) -> datetime | None:
    """The same of a request that comes into an inbox.

    Args:
        inbox: The inbox.
    """
    return first_answer_due(inbox, timezone.now())


def promise_for(contact: Contact | None, due: datetime | None) -> Promise | None:
    """A promise as this reader is told of it.

    Args:
        contact: The reader, if known; anybody else reads the site's time.
        due: By when, or ``None`` where nothing is promised.
    """
    if due is None:
        return None
    own = zone_of_contact(contact)
    return Promise(
        due=due.astimezone(UTC),
        zone=own or timezone.get_default_timezone(),
        is_own_zone=own is not None,
        is_over=due < timezone.now(),
    )


def moment_text(local: datetime) -> str:
    """A time to come as people say it: today's clock, a weekday, or a date.

    Args:
        local: The time, in the zone it is told in.
    """
    clock = date_format(local, "TIME_FORMAT")
    days = (local.date() - timezone.now().astimezone(local.tzinfo).date()).days
    if days == 0:
        return pgettext("time", "today %(clock)s") % {"clock": clock}
    if 0 < days < 7:
        return pgettext("time", "%(weekday)s %(clock)s") % {
            "weekday": date_format(local, "l"),
            "clock": clock,
        }
    return pgettext("time", "%(date)s %(clock)s") % {
        "date": date_format(local, "DATE_FORMAT"),
        "clock": clock,
    }


def zone_text(local: datetime) -> str:
    """The short name of a zone at a time: ``CET``, or ``UTC-03`` where it has none."""
    name = local.tzname() or ""
    return f"UTC{name}" if name[:1] in "+-" and name else name
