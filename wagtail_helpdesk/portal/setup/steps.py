"""The steps of a portal's set-up, and what is there of each (B1, A1).

Nothing is kept of the way through them: what is done is read from the page, its
channel, its form, and its history in Wagtail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import registry

from wagtail_helpdesk.access import sso
from wagtail_helpdesk.models import Channel, EntryMode
from wagtail_helpdesk.portal.setup.changes import CHANGED, latest
from wagtail_helpdesk.portal.setup.connecting import connected_forms
from wagtail_helpdesk.portal.setup.trying import channel_for_tests, has_arrived

#: Step and title, in order; the key stands in addresses.
STEPS: tuple[tuple[str, Any], ...] = (
    ("page", gettext_lazy("Name and address")),
    ("inbox", gettext_lazy("Inbox")),
    ("rules", gettext_lazy("Who sees what")),
    ("access", gettext_lazy("Who gets in")),
    ("form", gettext_lazy("Form for something new")),
    ("look", gettext_lazy("Look")),
    ("finish", gettext_lazy("Switch on")),
)
TITLES = dict(STEPS)


@dataclass(frozen=True, slots=True)
class StepState:
    """How far a step is.

    Attributes:
        key: The step, as in its address.
        title: What it is called.
        number: Its place, from 1.
        is_done: Whether it has been decided.
        is_optional: Whether the portal works as well without.
        text: What is decided, in a line.
    """

    key: str
    title: str
    number: int
    is_done: bool
    text: str
    is_optional: bool = False


def step_after(key: str) -> str:
    """The step that follows, or an empty text after the last.

    Args:
        key: A step.
    """
    keys = [name for name, _title in STEPS]
    return "".join(keys[keys.index(key) + 1 :][:1])


def states_of(page: Any) -> list[StepState]:
    """The steps of a portal with what is decided.

    Args:
        page: The page as it is in the database.
    """
    newest = latest(page)
    decided = _decided(page)
    found = {
        "page": (True, f"{newest.title} · {address_of(page)}"),
        "inbox": _inbox(newest),
        "rules": ("rules" in decided, _rules(newest)),
        "access": _access(newest, "access" in decided),
        "form": _forms(newest, "form" in decided),
        "look": (page.first_published_at is not None, _("As the site’s other pages")),
        "finish": (page.live and page.is_active, _status(page)),
    }
    return [
        StepState(
            key=key,
            title=str(title),
            number=number,
            is_done=bool(found[key][0]),
            text=str(found[key][1]),
            is_optional=key == "look",
        )
        for number, (key, title) in enumerate(STEPS, start=1)
    ]


def test_state(page: Any) -> StepState:
    """Whether a ticket has come from the portal yet.

    Args:
        page: The page.
    """
    done = has_arrived(page)
    return StepState(
        key="test",
        title=_("Send a test ticket"),
        number=len(STEPS) + 1,
        is_done=done,
        text=_("A ticket has arrived") if done else _("No ticket has come yet"),
        is_optional=True,
    )


def address_of(page: Any) -> str:
    """Where a portal is or will be, as far as it is known."""
    return page.full_url or page.slug


def problems_of(page: Any) -> list[str]:
    """What keeps a portal from working, and what nobody has decided (B9).

    Args:
        page: The newest version of the page.
    """
    found = []
    if not page.full_url:
        found.append(_("The page stands below no site, so it has no address."))
    if page.by_provider_only and not sso.serving(page.translation_key).exists():
        found.append(
            _("It takes single sign-on only, and no identity provider serves it.")
        )
    channel = channel_for_tests(page)
    if channel is None:
        found.append(_("It has no inbox: customers can send nothing new."))
    elif not channel.is_enabled:
        found.append(
            _("Its channel “%(channel)s” is off: nothing new arrives.")
            % {"channel": channel}
        )
    found += _problems_of_forms(page, known=channel)
    if page.consent_notice is None:
        found.append(_("It asks for no consent. That may be right."))
    return found


def _decided(page: Any) -> set[str]:
    """The steps that somebody has gone through; all once it was published."""
    if page.first_published_at is not None:
        return set(TITLES)
    entries = registry.get_logs_for_instance(page).filter(action=CHANGED)
    return {str(entry.data.get("step", "")) for entry in entries}


def _inbox(page: Any) -> tuple[bool, str]:
    channel = page.channel
    if channel is None:
        return False, _("None")
    if not channel.is_enabled:
        return False, _("“%(channel)s” is off") % {"channel": channel}
    return True, f"{channel.inbox} · {channel}"


def _forms(page: Any, decided: bool) -> tuple[bool, str]:
    forms = [row.form for row in connected_forms(page)]
    if not forms:
        return decided, _("The built-in form")
    for form in forms:
        if not form.channel.is_enabled:
            return False, _("“%(channel)s” is off") % {"channel": form.channel}
    return True, " · ".join(map(str, forms))


def _problems_of_forms(page: Any, known: Channel | None) -> list[str]:
    """Forms that customers do not see, and those that take nothing."""
    found = []
    shown = {row.form.key for row in page.open_forms}
    for row in connected_forms(page):
        channel = row.form.channel
        if row.form.key not in shown:
            found.append(
                _("The form “%(form)s” is not published: customers do not see it.")
                % {"form": row.form}
            )
        elif not channel.is_enabled and channel != known:
            found.append(
                _("The form “%(form)s” takes nothing: “%(channel)s” is off.")
                % {"form": row.form, "channel": channel}
            )
    return found


def _rules(page: Any) -> str:
    closing = (
        _("customers close their tickets") if page.may_close else _("agents close")
    )
    replies = (
        ngettext(
            "replies re-open for %(days)d day",
            "replies re-open for %(days)d days",
            page.reopen_days,
        )
        % {"days": page.reopen_days}
        if page.reply_on_closed
        else _("no replies on closed tickets")
    )
    parts = [str(page.get_sharing_display()), replies, closing]
    if page.asks_rating:
        parts.append(_("asks for ratings"))
    return " · ".join(parts)


def _access(page: Any, decided: bool) -> tuple[bool, str]:
    parts = [str(page.get_entry_display())]
    works = True
    if page.entry == EntryMode.SSO:
        names = [str(row) for row in sso.serving(page.translation_key)]
        works = bool(names)
        parts += names or [_("no identity provider")]
    if page.requires_groups:
        groups = [str(group) for group in page.access_groups.all()]
        works = works and bool(groups)
        parts += groups or [_("no access group")]
    return decided and works, " · ".join(parts)


def _status(page: Any) -> str:
    if not page.live:
        return _("Not published")
    return _("On") if page.is_active else _("Off")
