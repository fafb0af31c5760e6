"""What people call the thing they signed in with, from what its browser says of itself.

For the list of one's own sessions: people know "Firefox on Windows", not a line of
product tokens. Names only, no versions; nothing is decided by it.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

#: A token and the name; the first that is found counts, since most browsers also carry
#: the tokens of those they descend from.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """The browser and the system it runs on, in the reader's language.

    Args:
        user_agent: The header ``User-Agent``, which may hold anything.

    Returns:
        As much as is known of it, such as ``Firefox on Windows``.
    """
    browser = _first(user_agent, _BROWSERS)
    system = _first(user_agent, _SYSTEMS)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")


def _first(text: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for token, name in names if token in text), "")
