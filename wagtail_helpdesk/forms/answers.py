"""What a valid form says, in the words of ``OpenTicket``."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from wagtail_helpdesk.actions import Upload
from wagtail_helpdesk.forms import bindings
from wagtail_helpdesk.forms.builder import (
    EMAIL_FIELD,
    NAME_FIELD,
    Question,
    VisitorForm,
)
from wagtail_helpdesk.forms.inputs import FilesField, plain_number
from wagtail_helpdesk.models import Priority, Stage, TicketProperty


class Answers:
    """What a valid form says, as ``OpenTicket`` takes it."""

    def __init__(self, form: VisitorForm) -> None:
        self.form = form
        self.cleaned = form.cleaned_data
        self.form_data: list[dict[str, Any]] = []
        self.properties: dict[str, Any] = {}
        self._bound: dict[str, Any] = {}
        self.stage: Stage | None = None
        for name in (NAME_FIELD, EMAIL_FIELD):
            if name in form.fields:
                label = str(form.fields[name].label)
                self._keep(name, label, str(self.cleaned[name]))
        for question in form.layout.questions:
            self._take(question)
        for question in form.layout.hidden:
            self._take_hidden(question)

    def _keep(
        self,
        key: str,
        label: str,
        value: str,
        *,
        hidden: bool = False,
        binding: str = "",
    ) -> None:
        self.form_data.append(
            {
                "key": key,
                "label": label,
                "value": value,
                "hidden": hidden,
                "binding": binding,
            }
        )

    def _take(self, question: Question) -> None:
        if not question.kind.is_input:
            return
        field = self.form.fields[question.key]
        answer = self.cleaned.get(question.key)
        if isinstance(field, FilesField) or answer in (None, "", []):
            return
        label = str(question.value["label"])
        text = question.kind.text(answer, field)
        self._keep(question.key, label, text, binding=question.binding)
        key = bindings.property_key(question.binding)
        if key:
            self.properties[key] = question.kind.stored(answer)
        elif question.binding:
            self._bound[question.binding] = answer

    def _take_hidden(self, question: Question) -> None:
        if question.kind.name == "hidden_stage":
            self._take_stage(str(question.value.get("stage") or ""))
            return
        value = str(question.value.get("value") or "")
        label = str(question.value.get("label") or question.key)
        self._keep(question.key, label, value, hidden=True, binding=question.binding)
        key = bindings.property_key(question.binding)
        if key:
            known = self.form.field_context.properties.get(key)
            self.properties[key] = _typed(known, value)
        elif question.binding:
            self._bound.setdefault(question.binding, value)

    def _take_stage(self, pk: str) -> None:
        if pk.isdigit():
            self.stage = (
                Stage.objects.open()
                .select_related("pipeline")
                .filter(pk=int(pk))
                .first()
            )
        if self.stage is not None:
            label = f"{self.stage.pipeline} – {self.stage.label}"
            self._keep("stage", _("Pipeline and stage"), label, hidden=True)

    @property
    def email(self) -> str:
        """The address to answer to."""
        return str(self._bound.get(bindings.EMAIL) or self.cleaned.get(EMAIL_FIELD, ""))

    @property
    def name(self) -> str:
        """The visitor's name."""
        return str(self._bound.get(bindings.NAME) or self.cleaned.get(NAME_FIELD, ""))

    @property
    def subject(self) -> str:
        """The subject, or empty."""
        return str(self._bound.get(bindings.SUBJECT, ""))

    @property
    def body(self) -> str:
        """The description; a form without one gives its answers, line by line."""
        if bindings.DESCRIPTION in self._bound:
            return str(self._bound[bindings.DESCRIPTION])
        about_person = (bindings.NAME, bindings.EMAIL)
        return "\n".join(
            f"{entry['label']}: {entry['value']}"
            for entry in self.form_data
            if not entry["hidden"]
            and entry["key"] not in (NAME_FIELD, EMAIL_FIELD)
            and entry["binding"] not in about_person
        )

    @property
    def type(self) -> str:
        """The ticket's type, or empty."""
        return str(self._bound.get(bindings.TYPE, ""))[:50]

    @property
    def priority(self) -> int | None:
        """The ticket's priority; ``None``: as the channel says."""
        word = str(self._bound.get(bindings.PRIORITY, "")).upper()
        return Priority[word].value if word in Priority.__members__ else None

    @property
    def uploads(self) -> list[Upload]:
        """The files of all fields."""
        return [
            upload
            for name, field in self.form.fields.items()
            if isinstance(field, FilesField)
            for upload in self.cleaned.get(name, ())
        ]


def _typed(known: TicketProperty | None, value: str) -> Any:
    """A hidden value as the custom property keeps it."""
    kind = known.type if known else TicketProperty.Type.TEXT
    if kind == TicketProperty.Type.CHECKBOX:
        return value.casefold() in {"1", "true", "yes", "on"}
    if kind == TicketProperty.Type.NUMBER:
        try:
            return plain_number(Decimal(value))
        except (InvalidOperation, ValueError, OverflowError):
            return value
    return value
