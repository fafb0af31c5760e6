"""The kinds of fields a support form can have.

A kind says three things: which block the editor fills in, which Django form field the
visitor gets, and how the answer is kept. An app adds one from its ``ready()``::

    register_field(RatingField())
"""

from __future__ import annotations

from collections.abc import Callable

from wagtail_helpdesk.forms.choice_fields import ChoiceFieldType, ChoicesFieldType
from wagtail_helpdesk.forms.registry import (
    FieldContext,
    FieldType,
    field_type,
    register_field,
    stream_block,
)
from wagtail_helpdesk.forms.typed_fields import (
    CheckboxFieldType,
    DateFieldType,
    EmailFieldType,
    FilesFieldType,
    LongTextFieldType,
    NumberFieldType,
    PhoneFieldType,
    TextField,
)
from wagtail_helpdesk.forms.unasked_fields import (
    HeadingFieldType,
    HiddenFieldType,
    HiddenStageFieldType,
)

__all__ = [
    "FieldContext",
    "FieldType",
    "field_type",
    "register_field",
    "stream_block",
]

_BUILT_IN: tuple[Callable[[], FieldType], ...] = (
    TextField,
    LongTextFieldType,
    EmailFieldType,
    PhoneFieldType,
    NumberFieldType,
    DateFieldType,
    ChoiceFieldType,
    ChoicesFieldType,
    CheckboxFieldType,
    FilesFieldType,
    HiddenFieldType,
    HiddenStageFieldType,
    HeadingFieldType,
)
for _kind in _BUILT_IN:
    register_field(_kind())
