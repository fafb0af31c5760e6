"""Turns a ``SupportForm`` into a Django form for one visitor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import get_language_bidi, gettext
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.forms import bindings
from wagtail_helpdesk.forms.fields import FieldContext, FieldType, field_type
from wagtail_helpdesk.forms.inputs import (
    FilesField,
    LineField,
    uploads_of,
    validate_uploads,
)
from wagtail_helpdesk.models import Contact, SupportForm, TicketProperty

#: Names of our own fields have a hyphen, which keys of editors' fields cannot have.
NAME_FIELD = "contact-name"
EMAIL_FIELD = "contact-email"
CONSENT_FIELD = "consent-given"

_AUTOCOMPLETE = {
    bindings.NAME: "name",
    bindings.EMAIL: "email",
    bindings.PHONE: "tel",
    bindings.ORGANIZATION: "organization",
}


@dataclass(frozen=True)
class Visitor:
    """Who fills the form in.

    Attributes:
        contact: The signed-in contact, or ``None``.
        name: A name to begin with, for somebody signed in who is no contact yet.
        email: An address to begin with, likewise.
    """

    contact: Contact | None = None
    name: str = ""
    email: str = ""

    def knows(self, binding: str) -> bool:
        """Whether it need not be asked again (UX19, WCAG 3.3.7)."""
        if self.contact is None:
            return False
        if binding in (bindings.NAME, bindings.EMAIL):
            return True
        if binding == bindings.ORGANIZATION:
            return self.contact.organization is not None
        if binding == bindings.PHONE:
            return any(i.kind == i.Kind.PHONE for i in self.contact.identities.all())
        return False


@dataclass(frozen=True)
class Question:
    """One field of a support form, as it is shown and kept.

    Attributes:
        key: Its machine key, the name of the Django field.
        kind: Its kind.
        value: The block's value.
        binding: What the answer fills, or empty.
    """

    key: str
    kind: FieldType
    value: Mapping[str, Any]
    binding: str = ""


@dataclass(frozen=True)
class Row:
    """One line of the form: a field, or a heading between fields.

    Attributes:
        field: The bound field, or ``None`` for a heading.
        heading: The heading's text.
        text: The explanation below the heading.
    """

    field: BoundField | None = None
    heading: str = ""
    text: str = ""

    @property
    def is_files(self) -> bool:
        """Whether it asks for files."""
        return self.field is not None and isinstance(self.field.field, FilesField)


@dataclass(frozen=True)
class Layout:
    """What a visitor is asked, in order.

    Attributes:
        questions: Fields and headings that are shown.
        hidden: Fields with a fixed value, never shown.
    """

    questions: list[Question] = field(default_factory=list)
    hidden: list[Question] = field(default_factory=list)

    def bound_to(self, binding: str) -> Question | None:
        """The question whose answer fills ``binding``."""
        return next((q for q in self.questions if q.binding == binding), None)


def read_layout(support_form: SupportForm, visitor: Visitor) -> Layout:
    """Sort the fields of a form into those that are shown and those that are not.

    Args:
        support_form: The form.
        visitor: Who fills it in: what is known of them is left out.
    """
    layout = Layout()
    for number, child in enumerate(support_form.form_fields):
        kind = field_type(child.block_type)
        if kind is None:
            continue
        binding = str(child.value.get("binding") or "")
        if visitor.knows(binding):
            continue
        key = str(child.value.get("key") or f"{kind.name}-{number}")
        question = Question(key, kind, child.value, binding)
        if kind.name.startswith("hidden"):
            layout.hidden.append(question)
        else:
            layout.questions.append(question)
    return layout


class VisitorForm(forms.Form):
    """The Django form of one support form for one visitor.

    Attributes:
        support_form: What it was made of.
        visitor: Who fills it in.
        layout: What is asked.
        cut_files: Names of files that were too large to be read at all.
    """

    # The page works with HTML alone and names errors in place; ``required`` is said to
    # screen readers, and the browser's own bubbles are switched off by ``novalidate``.

    def __init__(
        self,
        *args: Any,
        support_form: SupportForm,
        visitor: Visitor,
        context: FieldContext | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.support_form = support_form
        self.visitor = visitor
        self.layout = read_layout(support_form, visitor)
        self.field_context = context or field_context(support_form)
        self._add_contact_fields()
        for question in self.layout.questions:
            if question.kind.is_input:
                made = question.kind.form_field(question.value, self.field_context)
                self._autocomplete(made, question.binding)
                made.error_messages["required"] = _required_message(made)
                self.fields[question.key] = made
        if support_form.consent_wording:
            self.fields[CONSENT_FIELD] = forms.BooleanField(
                label=support_form.consent_box_label,
                error_messages={
                    "required": _("We need your agreement to answer your request.")
                },
            )

    def _add_contact_fields(self) -> None:
        """Ask visitors who are not known for their name and address."""
        if self.visitor.contact is not None:
            return
        if self.layout.bound_to(bindings.NAME) is None:
            name = LineField(
                label=_("Your name"),
                max_length=200,
                initial=self.visitor.name,
                error_messages={"required": _("Enter your name.")},
            )
            self._autocomplete(name, bindings.NAME)
            self.fields[NAME_FIELD] = name
        if self.layout.bound_to(bindings.EMAIL) is None:
            email = forms.EmailField(
                label=_("Your e-mail address"),
                help_text=_("Our answer goes there."),
                max_length=254,
                initial=self.visitor.email,
                error_messages={
                    "required": _("Enter your e-mail address, so that we can answer.")
                },
            )
            self._autocomplete(email, bindings.EMAIL)
            self.fields[EMAIL_FIELD] = email

    @staticmethod
    def _autocomplete(made: forms.Field, binding: str) -> None:
        if binding in _AUTOCOMPLETE:
            # WCAG 1.3.5: inputs about the person say what they are for.
            made.widget.attrs.setdefault("autocomplete", _AUTOCOMPLETE[binding])
        if binding == bindings.EMAIL:
            made.required = made.widget.is_required = True

    @property
    def rows(self) -> Iterator[Row]:
        """Fields and headings in the order of the form; consent comes apart."""
        for name in (NAME_FIELD, EMAIL_FIELD):
            if name in self.fields:
                yield Row(field=self[name])
        for question in self.layout.questions:
            if question.kind.is_input:
                yield Row(field=self[question.key])
            else:
                yield Row(
                    heading=str(question.value.get("heading") or ""),
                    text=str(question.value.get("text") or ""),
                )

    @property
    def consent(self) -> BoundField | None:
        """The box of the consent, if the form asks for one."""
        return self[CONSENT_FIELD] if CONSENT_FIELD in self.fields else None

    @property
    def chosen_files(self) -> list[str]:
        """Names of the files that came with the form, for when they are lost."""
        return [
            upload.name for name in self._file_fields() for upload in self._got(name)
        ]

    def _file_fields(self) -> list[str]:
        return [n for n, f in self.fields.items() if isinstance(f, FilesField)]

    def _got(self, name: str) -> list[Any]:
        return (
            uploads_of(self.files.getlist(self.add_prefix(name))) if self.files else []
        )

    def clean(self) -> dict[str, Any]:
        """Check the files of all fields together."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        names = [name for name in self._file_fields() if name in cleaned]
        if len(names) > 1:
            together = [upload for name in names for upload in cleaned[name]]
            try:
                validate_uploads(together)
            except forms.ValidationError as error:
                self.add_error(names[-1], error)
        return cleaned


def _required_message(made: forms.Field) -> str:
    """What is missing, by name: the summary lists it away from its field (UX11)."""
    if isinstance(made, FilesField):
        text = gettext("Attach a file: “%(label)s”.")
    elif isinstance(made, forms.BooleanField):
        text = gettext("Tick the box “%(label)s”.")
    elif isinstance(made, forms.ChoiceField):
        text = gettext("Choose an answer: “%(label)s”.")
    else:
        text = gettext("Fill in “%(label)s”.")
    # Between these marks the label keeps its own direction, and its question mark.
    label = f"\u2068{made.label}\u2069" if get_language_bidi() else made.label
    return text % {"label": label}


def field_context(support_form: SupportForm) -> FieldContext:
    """What the fields of a form need to know: custom properties in its language."""
    keys = {
        bindings.property_key(str(child.value.get("binding") or ""))
        for child in support_form.form_fields
    } - {""}
    if not keys:
        return FieldContext()
    found: dict[str, TicketProperty] = {}
    for row in TicketProperty.objects.filter(key__in=keys).order_by("pk"):
        if row.key not in found or row.locale_id == support_form.locale_id:
            found[row.key] = row
    return FieldContext(properties=found)
