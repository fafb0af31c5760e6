"""When people work: opening times and holidays (N17)."""

from __future__ import annotations

import zoneinfo
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.business_hours_text import (
    Holiday,
    holidays_text,
    parse_holidays,
)
from wagtail_helpdesk.business_time import OpeningHours


def closed_week() -> list[list[list[int]]]:
    """Seven days without opening times."""
    return [[] for _day in range(7)]


class BusinessCalendar(models.Model):
    """Opening times of a week, and the holidays on which they do not hold.

    A small document that is read and edited as a whole, so that a page that makes a
    promise reads one row.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    week = models.JSONField(
        _("opening times"),
        default=closed_week,
        help_text="For each day from Monday: pairs of minutes from midnight.",
    )
    holidays = models.TextField(
        _("holidays"),
        blank=True,
        help_text=_(
            "One a line, the date first: 2026-12-25 Christmas Day. Without the year, "
            "as 12-25 Christmas Day, for every year."
        ),
    )

    class Meta:
        verbose_name = _("business hours")
        verbose_name_plural = _("business hours")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Write the holidays in their short form.

        Raises:
            ValidationError: One cannot be read.
        """
        try:
            self.holidays = holidays_text(parse_holidays(self.holidays))
        except ValidationError as error:
            raise ValidationError({"holidays": error.error_list}) from error

    @cached_property
    def holiday_list(self) -> tuple[Holiday, ...]:
        """The holidays, in the order they were typed."""
        return parse_holidays(self.holidays)

    @cached_property
    def hours(self) -> OpeningHours | None:
        """The arithmetic of it; ``None`` if the system does not know the zone."""
        try:
            zone = zoneinfo.ZoneInfo(self.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return None
        single = [one for one in self.holiday_list if one.year is not None]
        yearly = [one for one in self.holiday_list if one.year is None]
        return OpeningHours(
            zone=zone,
            week=tuple(
                tuple((begin, end) for begin, end in spans) for spans in self.week
            ),
            closed_dates=frozenset(filter(None, (one.date for one in single))),
            closed_yearly=frozenset((one.month, one.day) for one in yearly),
        )
