"""The box that agrees to a text, bound to the very text that was shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.access.consents import ConsentNotice


class ConsentBox(forms.CheckboxInput):
    """A box whose value is the version of the text beside it."""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> Any:
        return data.get(name, "")


class ConsentField(forms.Field):
    """A box that has to be ticked for the text as it is now.

    Somebody who had the page open while an editor changed the text is shown the new
    one, and agrees to nothing they have not seen.

    Args:
        notice: The text and the label; templates show ``consent_text`` above the box.
    """

    widget = ConsentBox
    default_error_messages = {
        "required": _("Tick the box if you agree. Without it you cannot go on."),
        "changed": _(
            "The text has changed meanwhile. Read it again, and tick the box."
        ),
    }

    def __init__(self, notice: ConsentNotice) -> None:
        self.version = notice.version
        self.consent_text = notice.text
        box = ConsentBox(
            attrs={"value": self.version},
            check_test=lambda value: value == self.version,
        )
        super().__init__(label=notice.label, widget=box)

    def clean(self, value: Any) -> bool:
        """Whether the box is ticked.

        Raises:
            ValidationError: It is not, or it was ticked beside another text.
        """
        if value == self.version:
            return True
        code = "changed" if value else "required"
        raise forms.ValidationError(self.error_messages[code], code=code)
