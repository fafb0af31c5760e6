"""Support forms: what a visitor is asked, and what becomes of the answers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.module_loading import import_string
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import StreamBlock, StreamValue
from wagtail.fields import RichTextField, StreamField
from wagtail.models import (
    DraftStateMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
)

from wagtail_helpdesk.compat import synchronised_fields
from wagtail_helpdesk.models.channels import Channel

#: Features of the short rich texts around a form.
TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul"]

FORM_KEY_PATTERN = r"^[a-z][a-z0-9-]{0,49}$"


class FormFieldsField(StreamField):
    """The questions of a form. Which kinds there are is asked when it is needed.

    The set of kinds is open: apps register theirs in ``ready()``, long after models
    are loaded. For the same reason no kind is written into migrations, which would
    differ from site to site.
    """

    def __init__(self, block_types: Any = (), **kwargs: Any) -> None:
        super().__init__(block_types, **kwargs)

    @cached_property
    def stream_block(self) -> StreamBlock:
        """The registered kinds of fields, as blocks."""
        # By name: models import nothing of the form engine, which imports them.
        block = import_string("wagtail_helpdesk.forms.fields.stream_block")()
        block.set_meta_options(self.block_opts)
        return block

    def get_prep_value(self, value: Any) -> Any:
        """Give blocks inside blocks their ids too, where plain data had none.

        wagtail-localize tells texts apart by these ids.
        """
        if isinstance(value, StreamValue):
            list(value)  # What was read as blocks is written with ids.
        return super().get_prep_value(value)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Leave the blocks out of migrations."""
        name, path, _args, kwargs = super(StreamField, self).deconstruct()
        return name, path, [], kwargs


def default_form_fields() -> list[dict[str, Any]]:
    """What a new form starts with: name, description, files, hidden stage (B29)."""
    return [
        {
            "type": "text",
            "value": {
                "label": gettext("Subject"),
                "key": "subject",
                "help_text": "",
                "required": True,
                "binding": "ticket.subject",
            },
        },
        {
            "type": "long_text",
            "value": {
                "label": gettext("How can we help?"),
                "key": "description",
                "help_text": "",
                "required": True,
                "binding": "ticket.description",
            },
        },
        {
            "type": "files",
            "value": {
                "label": gettext("Files"),
                "key": "files",
                "help_text": "",
                "required": False,
            },
        },
        {"type": "hidden_stage", "value": {"stage": ""}},
    ]


class SupportFormQuerySet(models.QuerySet["SupportForm"]):
    """Reads over support forms."""

    def live(self) -> Self:
        """Published forms."""
        return self.filter(live=True)

    def published_keys(self, keys: Collection[str]) -> set[str]:
        """Which of these keys a published form has, in any language.

        Args:
            keys: Machine keys of forms.
        """
        found = self.live().filter(key__in=keys)
        return set(found.order_by().values_list("key", flat=True))

    def with_key(self, key: str) -> SupportForm | None:
        """The published form of this key in the active language.

        Args:
            key: The machine key, the same in all languages.

        Returns:
            The form in the active language, else in the site's first language, else in
            any; ``None`` if no published form has this key.
        """
        if "\x00" in key:
            # PostgreSQL takes no NUL in a text, so no form has it in its key.
            return None
        forms = self.live().filter(key=key).order_by("pk")
        found = {
            form.locale.language_code: form
            for form in forms.select_related("locale", "channel__inbox__calendar")
        }
        language = get_language() or ""
        return (
            found.get(language)
            or found.get(language.split("-")[0])
            or next(iter(found.values()), None)
        )


class SupportForm(
    TranslatableMixin,
    DraftStateMixin,
    RevisionMixin,
    PreviewableMixin,
    models.Model,
):
    """A form that opens a ticket, placed on pages by ``SupportFormBlock`` (B26 to B30).

    What it does is keyed on ``key``, which all its translations share.
    """

    name = models.CharField(
        _("name"), max_length=100, help_text=_("Seen in the admin only.")
    )
    key = models.CharField(
        _("key"),
        max_length=50,
        validators=[
            RegexValidator(
                FORM_KEY_PATTERN,
                _("Use lower-case letters, digits and hyphens only, a letter first."),
            )
        ],
        help_text=_("Stands in addresses; the same in every language."),
    )
    channel = models.ForeignKey(
        Channel,
        verbose_name=_("channel"),
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"type": "form"},
        help_text=_("Decides the inbox that the requests arrive in."),
    )
    header = RichTextField(_("text above the form"), blank=True, features=TEXT_FEATURES)
    form_fields = FormFieldsField(
        blank=True,
        default=default_form_fields,
        verbose_name=_("fields"),
        help_text=_(
            "Name and e-mail address are asked for by themselves, of visitors who are "
            "not signed in."
        ),
    )
    consent_text = RichTextField(
        _("consent"),
        blank=True,
        features=["bold", "italic", "link"],
        help_text=_("What people agree to. Empty: nothing is asked."),
    )
    consent_label = models.CharField(
        _("label of the consent box"),
        max_length=255,
        blank=True,
        help_text=_("Empty: “I agree”."),
    )
    submit_label = models.CharField(
        _("label of the button"),
        max_length=50,
        blank=True,
        help_text=_("Empty: “Send request”."),
    )
    success_text = RichTextField(
        _("text after sending"), blank=True, features=TEXT_FEATURES
    )

    objects = SupportFormQuerySet.as_manager()

    panels = [
        FieldPanel("name"),
        MultiFieldPanel([FieldPanel("key"), FieldPanel("channel")], _("Delivery")),
        FieldPanel("header"),
        FieldPanel("form_fields"),
        MultiFieldPanel(
            [FieldPanel("consent_text"), FieldPanel("consent_label")], _("Consent")
        ),
        MultiFieldPanel(
            [FieldPanel("submit_label"), FieldPanel("success_text")], _("Sending")
        ),
    ]
    # Where a form delivers is decided once for all languages.
    override_translatable_fields = synchronised_fields("key", "channel", "name")

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("support form")
        verbose_name_plural = _("support forms")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "key"], name="helpdesk_support_form_key"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse two fields with one key, and two that fill the same property."""
        super().clean()
        keys: set[str] = set()
        bindings: set[str] = set()
        for child in self.form_fields:
            key = child.value.get("key") or ""
            binding = child.value.get("binding") or ""
            if key and key in keys:
                raise ValidationError(
                    {
                        "form_fields": gettext("The key “%(key)s” is used twice.")
                        % {"key": key}
                    }
                )
            if binding and binding in bindings:
                raise ValidationError(
                    {
                        "form_fields": gettext(
                            "Two fields fill the same property (%(binding)s)."
                        )
                        % {"binding": binding}
                    }
                )
            keys.add(key)
            bindings.add(binding)

    @property
    def consent_wording(self) -> str:
        """What a person who ticks the box has agreed to, word for word; or empty."""
        if not strip_tags(self.consent_text).strip():
            return ""
        return f"{self.consent_text}\n{self.consent_box_label}"

    @property
    def consent_box_label(self) -> str:
        """The label of the box."""
        return self.consent_label or gettext("I agree")

    @property
    def button_label(self) -> str:
        """The label of the button."""
        return self.submit_label or gettext("Send request")

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """The form alone, in the site's own frame."""
        return "wagtail_helpdesk/forms/preview.html"

    def get_preview_context(
        self, request: HttpRequest, mode_name: str
    ) -> dict[str, Any]:
        """The form, which its template shows switched off."""
        context = super().get_preview_context(request, mode_name)
        return {**context, "support_form": self}
