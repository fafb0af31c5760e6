"""Icons that a category may carry: small drawings in the text's colour."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Each name is a template, wagtail_helpdesk/knowledge_base/icons/<name>.html, so a site
# can redraw any of them.
ICONS: dict[str, str | Promise] = {
    "book": _("Book"),
    "rocket": _("Rocket"),
    "account": _("Person"),
    "team": _("People"),
    "card": _("Payment card"),
    "box": _("Box"),
    "truck": _("Delivery van"),
    "device": _("Device"),
    "gear": _("Gear"),
    "plug": _("Plug"),
    "wrench": _("Wrench"),
    "shield": _("Shield"),
    "chart": _("Chart"),
    "globe": _("Globe"),
    "chat": _("Speech bubble"),
    "question": _("Question mark"),
}
DEFAULT_ICON = "book"


def icon_template(name: str) -> str:
    """The template that draws an icon.

    Args:
        name: The icon's name; one that does not exist is drawn as the default.
    """
    known = name if name in ICONS else DEFAULT_ICON
    return f"wagtail_helpdesk/knowledge_base/icons/{known}.html"


def icon_choices() -> list[tuple[str, str | Promise]]:
    """The icons as choices of a model field.

    A callable, so that another icon or a new label needs no migration.
    """
    return list(ICONS.items())
