"""What customers change about themselves: name, language, time zone and mails (F11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import (
    get_language_info,
    get_supported_language_variant,
    gettext_lazy,
    pgettext,
)
from django.utils.translation import gettext as _

from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.forms.inputs import LineField
from wagtail_helpdesk.models import Contact
from wagtail_helpdesk.time_zones import UTC, area_names, place_of, zones_by_area

_MAIL = "mail_"
_MAX_NAME = 200


class ProfileForm(forms.Form):
    """The profile of one contact.

    Args:
        contact: Whose it is.
        data: What was sent; ``None``: the profile as it is.
        kept: What was sent before the session ended, by the names of the inputs.
    """

    use_required_attribute = False

    name = LineField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=_MAX_NAME,
        help_text=gettext_lazy("How we call you, and how colleagues find you."),
        error_messages={
            "max_length": gettext_lazy(
                "Your name has %(show_value)d characters; at most %(limit_value)d fit."
            )
        },
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        help_text=gettext_lazy("We write our mails in it."),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy("Times in the portal and in mails are told in it."),
    )

    def __init__(
        self,
        contact: Contact,
        data: QueryDict | None = None,
        *,
        kept: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(contact, kept or {}))
        for name, choices in (
            ("language", _languages(contact.language)),
            ("time_zone", _time_zones(contact.time_zone)),
        ):
            field: Any = self.fields[name]
            field.choices = choices
            field.error_messages["invalid_choice"] = _(
                "“%(value)s” is not in the list. Choose one of the list."
            )
        # ``maxlength`` would cut a pasted name off in silence.
        self.fields["name"].widget.attrs.pop("maxlength", None)
        hints = _mail_hints()
        for mail in Contact.Mail:
            self.fields[f"{_MAIL}{mail.value}"] = forms.BooleanField(
                label=mail.label, required=False, help_text=hints.get(mail, "")
            )

    @property
    def mails(self) -> list[forms.BoundField]:
        """The boxes of the mails."""
        return [self[f"{_MAIL}{mail.value}"] for mail in Contact.Mail]

    def mails_off(self) -> Iterable[str]:
        """The mails whose box is empty, once the form is valid."""
        return [
            mail.value
            for mail in Contact.Mail
            if not self.cleaned_data[f"{_MAIL}{mail.value}"]
        ]

    def add_action_error(self, error: ActionError) -> None:
        """Show what the action found wrong beside the input it is about."""
        field = error.field if error.field in self.fields else None
        self.add_error(field, str(error.message))


def _initial(contact: Contact, kept: Mapping[str, str]) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "name": contact.name,
        "language": _offered(contact.language),
        "time_zone": contact.time_zone,
    }
    initial |= {name: kept[name] for name in initial if name in kept}
    for mail in Contact.Mail:
        name = f"{_MAIL}{mail.value}"
        # A box that is not ticked is not sent at all.
        initial[name] = name in kept if kept else mail not in contact.mails_off
    return initial


def _offered(code: str) -> str:
    """The site's language that a code stands for, so that ``pt`` finds ``pt-br``."""
    try:
        return get_supported_language_variant(code) if code else ""
    except LookupError:
        return code


def _languages(present: str) -> list[tuple[str, str]]:
    """The site's languages in their own words; one that it lost stays to be kept."""
    choices = [("", _("The language I write in"))]
    for code, name in settings.LANGUAGES:
        try:
            own = str(get_language_info(code)["name_local"])
        except KeyError:
            own = str(name)
        choices.append((code, own[:1].upper() + own[1:]))
    if (offered := _offered(present)) not in dict(choices):
        choices.append((present, offered))
    return choices


def _time_zones(present: str) -> list[tuple[str, Any]]:
    """Places by continent, below the two that are none."""
    default = timezone.get_default_timezone_name()
    site = pgettext("time zone", "As the site: %(zone)s") % {"zone": place_of(default)}
    choices: list[tuple[str, Any]] = [("", site), (UTC, UTC)]
    known = {UTC, ""}
    areas = area_names()
    for area, places in zones_by_area():
        choices.append((areas.get(area, area), list(places)))
        known.update(name for name, _place in places)
    if present not in known:
        choices.insert(1, (present, present))
    return choices


def _mail_hints() -> dict[str, str]:
    return {
        Contact.Mail.RECEIVED: _("A short receipt with the number of the request."),
        Contact.Mail.ANSWER: _(
            "Careful: without these mails you learn of our answers only by looking "
            "here in the portal."
        ),
    }
