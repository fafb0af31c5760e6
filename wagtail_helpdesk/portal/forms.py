"""What customers type into the portal: a reply, and a request of its own."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.actions import Upload
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.forms.inputs import FilesField, LineField, LongTextField

MAX_BODY = 50_000
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


class TokenField(forms.CharField):
    """A random value per form shown: sent twice, it has one effect (UX25).

    What is no token becomes a new one: a person's text counts for more.
    """

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, initial=new_token, **kwargs)

    def clean(self, value: Any) -> str:
        if isinstance(value, str) and _TOKEN.fullmatch(value):
            return value
        return new_token()


def new_token() -> str:
    """A random token of 32 characters."""
    return secrets.token_urlsafe(24)


class MessageForm(forms.Form):
    """Text and files; base of the two forms."""

    use_required_attribute = False

    body = LongTextField()
    client_token = TokenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Not a class attribute: Django's forms keep what was uploaded under that name.
        self.fields["files"] = FilesField(required=False, label=_("Files"))

    def uploads(self) -> list[Upload]:
        """The files, ready for an action."""
        return list(self.cleaned_data["files"])

    def add_cut_error(self, limit: str) -> None:
        """Say that not all of the files were read.

        Args:
            limit: What all of them together may have, as in ``25 MB``.
        """
        self.add_error(
            "files",
            _("The files are too large together: %(limit)s at most.")
            % {"limit": limit},
        )

    def add_action_error(self, error: ActionError) -> None:
        """Show what an action found wrong beside the input it is about."""
        field = error.field if error.field in self.fields else None
        self.add_error(field, str(error.message))
        if error.code == "token_used":
            fresh = {self.add_prefix("client_token"): new_token()}
            self.data = {**dict(self.data.items()), **fresh}


class ReplyForm(MessageForm):
    """A reply on a ticket."""

    body = LongTextField(
        label=_("Your reply"),
        required=False,
        max_length=MAX_BODY,
        error_messages={
            "max_length": _(
                "Your reply has %(show_value)d characters, and at most "
                "%(limit_value)d fit. Put the rest into a file."
            )
        },
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a reply that says nothing; files alone say something."""
        cleaned = super().clean() or {}
        if cleaned.get("body") == "" and cleaned.get("files") == []:
            self.add_error("body", _("Write your reply, or attach a file."))
        return cleaned


class NewRequestForm(MessageForm):
    """A new ticket, where the portal has no support form of its own."""

    field_order = ("subject", "body")

    subject = LineField(
        label=_("Subject"),
        max_length=200,
        error_messages={"required": _("Write in a few words what it is about.")},
    )
    body = LongTextField(
        label=_("Description"),
        max_length=MAX_BODY,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": _("Describe what you need help with."),
            "max_length": _(
                "Your description has %(show_value)d characters, and at most "
                "%(limit_value)d fit. Put the rest into a file."
            ),
        },
    )
