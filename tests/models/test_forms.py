"""Support forms: their keys, translations, drafts and previews."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from wagtail.models import Locale

from tests.factories import SupportFormFactory
from wagtail_helpdesk.models import SupportForm
from wagtail_helpdesk.models.forms import FormFieldsField

pytestmark = pytest.mark.django_db


@pytest.fixture
def spanish() -> Locale:
    return Locale.objects.create(language_code="es")


def translated(form: SupportForm, locale: Locale, **values) -> SupportForm:
    copy = form.copy_for_translation(locale)
    for name, value in values.items():
        setattr(copy, name, value)
    copy.live = True
    copy.save()
    return copy


def test_a_new_form_asks_for_name_and_description_and_hides_the_stage():
    """B29."""
    form = SupportFormFactory()

    kinds = [child.block_type for child in form.form_fields]

    assert kinds == ["text", "long_text", "files", "hidden_stage"]
    assert form.form_fields[0].value["binding"] == "ticket.subject"
    form.full_clean()


def test_a_key_is_unique_in_a_language_and_shared_across_them(spanish):
    form = SupportFormFactory(key="contact")
    translated(form, spanish)

    with pytest.raises(IntegrityError), transaction.atomic():
        SupportFormFactory(key="contact")


@pytest.mark.parametrize("key", ["Contact", "con_tact", "1st", "", "a b", "ñ"])
def test_a_key_fits_into_addresses_and_ids(key):
    with pytest.raises(ValidationError) as refused:
        SupportForm(name="F", key=key).clean_fields(exclude=["channel", "locale"])

    assert "key" in refused.value.message_dict


def test_the_form_of_the_active_language_is_found_by_its_key(spanish):
    form = SupportFormFactory(key="contact", submit_label="Send")
    other = translated(form, spanish, submit_label="Enviar")

    assert SupportForm.objects.with_key("contact") == form
    with translation.override("es"):
        assert SupportForm.objects.with_key("contact") == other
    with translation.override("it"):
        assert SupportForm.objects.with_key("contact") == form, "none in Italian"


def test_a_draft_is_not_found():
    SupportFormFactory(key="contact", live=False)

    assert SupportForm.objects.with_key("contact") is None


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ({"key": "subject", "binding": ""}, "The key “subject” is used twice"),
        ({"key": "other", "binding": "ticket.subject"}, "fill the same property"),
    ],
)
def test_two_fields_cannot_have_one_key_or_fill_one_property(second, message):
    form = SupportFormFactory()
    form.form_fields = [
        {"type": "text", "value": {"label": "A", "key": "subject", "binding": binding}}
        for binding in ("ticket.subject",)
    ] + [{"type": "text", "value": {"label": "B", **second}}]

    with pytest.raises(ValidationError, match=message):
        form.clean()


def test_migrations_name_no_kind_of_field():
    """The set is open: a site's own kinds must not make migrations."""
    field = SupportForm._meta.get_field("form_fields")

    path, args = field.deconstruct()[1:3]

    assert path == f"{FormFieldsField.__module__}.FormFieldsField"
    assert args == []


def test_machine_keys_and_choice_values_are_not_offered_for_translation(spanish):
    """A translated label must not change what is stored."""
    segments = pytest.importorskip("wagtail_localize.segments.extract")
    form = SupportFormFactory(
        form_fields=[
            {
                "type": "choice",
                "value": {
                    "label": "Product",
                    "key": "product",
                    "binding": "ticket.type",
                    "choices": [
                        {"type": "choice", "value": {"value": "hub", "label": "Hub"}}
                    ],
                },
            },
            {"type": "hidden", "value": {"label": "From", "key": "s", "value": "web"}},
        ]
    )

    form.refresh_from_db()  # Blocks get their ids when they are saved.

    found = segments.extract_segments(form)
    texts = {getattr(s, "string", None) and s.string.data for s in found}

    assert {"Product", "Hub", "From"} <= texts
    assert not {"product", "hub", "web", "ticket.type", form.key, form.name} & texts


def test_a_consent_of_blank_paragraphs_asks_nothing():
    assert SupportForm(consent_text="<p> </p>").consent_wording == ""


def test_a_preview_shows_the_form_switched_off():
    form = SupportFormFactory(header="<p>Tell us</p>")

    response = form.make_preview_request(preview_mode="")

    assert "<p>Tell us</p>" in response.text
    assert "disabled" in response.text
    assert "form-token" not in response.text


def test_revisions_keep_the_fields():
    form = SupportFormFactory()
    revision = form.save_revision()

    kinds = [f["type"] for f in json.loads(revision.content["form_fields"])]

    assert kinds == ["text", "long_text", "files", "hidden_stage"]
