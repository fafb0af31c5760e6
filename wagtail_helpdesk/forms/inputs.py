"""Form fields that clean what they take: single lines, texts, numbers, files."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.actions.text import BIDI_CONTROLS, clean_text
from wagtail_helpdesk.actions.uploads import Upload, check_uploads
from wagtail_helpdesk.exceptions import ActionError

MAX_TEXT_LENGTH = 100_000


class LineField(forms.CharField):
    """One line, without control characters and without marks that reverse its text."""

    def __init__(self, *, max_length: int = 255, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        # Cleaned by the same rule as names of files; the length is checked afterwards,
        # so that nothing is cut off without a word.
        text = " ".join(clean_text(super().to_python(value) or "").split())
        return BIDI_CONTROLS.sub("", text)


class LongTextField(forms.CharField):
    """Several lines."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_TEXT_LENGTH)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 6}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # ``maxlength`` would cut a pasted text off in silence.
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


#: Longest phone number, in characters.
LONGEST_PHONE = 40


class PhoneInput(forms.TextInput):
    """An input for a phone number."""

    input_type = "tel"


class PhoneField(LineField):
    """A phone number as people write it."""

    widget = PhoneInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_PHONE, **kwargs)
        self.validators.append(
            RegexValidator(
                r"^\+?[0-9][0-9 ()./-]{2,}$",
                _("Enter a phone number such as +34 600 123 456."),
            )
        )


class NumberField(forms.DecimalField):
    """A number of at most 15 digits, so that it survives JSON unchanged."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=15, decimal_places=6, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "step": "any"}


class DateInput(forms.DateInput):
    """The browser's own date picker, which speaks ISO 8601."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class FilesInput(forms.FileInput):
    """The browser's own file picker, several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else []


class FilesField(forms.FileField):
    """Several files; cleans to a list of ``Upload``."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        """Check the files of this field.

        Args:
            data: The uploaded files.
            initial: Never used: a form has no files to begin with.

        Raises:
            ValidationError: With the code of ``check_uploads``, or ``required``.
        """
        uploads = uploads_of(data or [])
        if not uploads and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        validate_uploads(uploads)
        return uploads


def uploads_of(files: Sequence[UploadedFile]) -> list[Upload]:
    """Uploaded files as the actions take them."""
    return [
        Upload(name=file.name or "", content=file, content_type=file.content_type or "")
        for file in files
    ]


def validate_uploads(uploads: Sequence[Upload]) -> None:
    """``check_uploads`` in the words of Django's forms.

    Raises:
        ValidationError: With the same code and message.
    """
    try:
        check_uploads(uploads)
    except ActionError as error:
        raise ValidationError(str(error.message), code=error.code) from error


def plain_number(number: Decimal) -> int | float:
    """A number as JSON has it: whole if it is whole."""
    return int(number) if number == number.to_integral_value() else float(number)
