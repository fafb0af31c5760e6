"""The time zones that people may choose: places of the IANA database, by continent."""

from __future__ import annotations

import zoneinfo
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from wagtail_helpdesk.models import Contact

UTC = "UTC"
#: The first part of a place's name; what else the database has are rules and aliases
#: without a place, such as ``Etc/GMT+5`` or ``US/Eastern``.
_AREAS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia"),
    *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
)


@cache
def zone_names() -> frozenset[str]:
    """Names of all zones to choose from, such as ``Europe/Madrid``, and ``UTC``."""
    # Kept, since Python looks into hundreds of files to tell.
    known = zoneinfo.available_timezones()
    places = {name for name in known if name.partition("/")[0] in _AREAS}
    return frozenset({name for name in places if "/" in name} | {UTC})


@cache
def zones_by_area() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The places of each continent in order: name of the zone, and what people read.

    Returns:
        Pairs such as ``("Europe", (("Europe/Madrid", "Madrid"), …))``. ``UTC``, which
        is no place, is not among them.
    """

    def area(name: str) -> str:
        return name.partition("/")[0]

    places = sorted(zone_names() - {UTC})
    return tuple(
        (key, tuple((name, place_of(name)) for name in names))
        for key, names in groupby(places, key=area)
    )


def place_of(name: str) -> str:
    """What people read for a zone: ``Buenos Aires (Argentina)``, ``New York``."""
    *parts, place = name.split("/")[1:] or [name]
    inside = " – ".join(parts)
    text = f"{place} ({inside})" if inside else place
    return text.replace("_", " ")


def area_names() -> dict[str, str]:
    """The continents and oceans by the words of the database, translated."""
    return {
        "Africa": _("Africa"),
        "America": _("America"),
        "Antarctica": _("Antarctica"),
        "Arctic": _("Arctic"),
        "Asia": _("Asia"),
        "Atlantic": _("Atlantic Ocean"),
        "Australia": _("Australia"),
        "Europe": _("Europe"),
        "Indian": _("Indian Ocean"),
        "Pacific": _("Pacific Ocean"),
    }


def zone_of_contact(contact: Contact | None) -> zoneinfo.ZoneInfo | None:
    """The zone that a contact has chosen; ``None`` if they have not, or it is gone.

    Args:
        contact: The contact, if one is known.
    """
    if contact is None or not contact.time_zone:
        return None
    try:
        return zoneinfo.ZoneInfo(contact.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return None
