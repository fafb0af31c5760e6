"""Every kind of field: what the visitor gets, and what becomes of the answer."""

import pytest
from django.utils import translation
from wagtail.models import Locale

from tests.factories import (
    CustomerFactory,
    OrganizationFactory,
    PipelineFactory,
    SupportFormFactory,
)
from tests.forms.conftest import add_page
from wagtail_helpdesk.forms.builder import Visitor, VisitorForm
from wagtail_helpdesk.forms.fields import FieldType, register_field, stream_block
from wagtail_helpdesk.forms.inputs import LineField
from wagtail_helpdesk.models import (
    Consent,
    Contact,
    Message,
    Priority,
    Ticket,
    TicketProperty,
)

pytestmark = pytest.mark.django_db


def field(kind: str, key: str = "", **value) -> dict:
    label = value.pop("label", key.title())
    return {"type": kind, "value": {"label": label, "key": key, **value}}


def choices(*pairs: tuple[str, str]) -> list[dict]:
    return [
        {"type": "choice", "value": {"value": value, "label": label}}
        for value, label in pairs
    ]


SUBJECT = field("text", "subject", required=True, binding="ticket.subject")
DESCRIPTION = field("long_text", "description", binding="ticket.description")


@pytest.fixture
def with_fields(home):
    """A page with a form of these fields, besides subject and description."""

    def make(*fields: dict, **kwargs):
        form = SupportFormFactory(
            key="contact", form_fields=[SUBJECT, DESCRIPTION, *fields], **kwargs
        )
        add_page(home, form)
        return form

    return make


def test_a_label_in_another_direction_keeps_its_question_mark():
    """UX92: beside Arabic words the mark would move to the front of "How much?"."""
    asked = field("text", "much", label="How much?", required=True)
    support_form = SupportFormFactory(form_fields=[SUBJECT, DESCRIPTION, asked])
    with translation.override("ar"):
        form = VisitorForm({}, support_form=support_form, visitor=Visitor())
        (error,) = form.errors["much"]
    assert "\u2068How much?\u2069" in error


def entry(key: str) -> dict:
    found = [e for e in Message.objects.get().form_data if e["key"] == key]
    assert len(found) == 1, Message.objects.get().form_data
    return found[0]


def custom(key: str, type: str, **values) -> TicketProperty:
    return TicketProperty.objects.create(
        key=key, type=type, label=key.title(), locale=Locale.get_default(), **values
    )


@pytest.mark.parametrize(
    ("kind", "answer", "stored", "text"),
    [
        ("text", " A  1 ", "A 1", "A 1"),
        ("email", "x@acme.example", "x@acme.example", "x@acme.example"),
        ("phone", "+34 600 123 456", "+34 600 123 456", "+34 600 123 456"),
        ("number", "12.50", 12.5, "12.5"),
        ("number", "7", 7, "7"),
        ("date", "2026-11-22", "2026-11-22", "Nov. 22, 2026"),
        ("checkbox", "on", True, "Yes"),
    ],
)
def test_an_answer_fills_a_custom_property(
    visitor, with_fields, kind, answer, stored, text
):
    types = {"email": "text", "phone": "text"}
    custom("mine", types.get(kind, kind))
    with_fields(field(kind, "answer", binding="property:mine"))

    assert visitor.send(answer=answer).status_code == 303

    assert Ticket.objects.get().properties == {"mine": stored}
    assert entry("answer")["value"] == text


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("email", "no address"),
        ("phone", "call me"),
        ("number", "many"),
        ("number", "NaN"),
        ("number", "1e999"),
        ("number", "9" * 400),
        ("date", "2026-02-31"),
        ("date", "0000-00-00"),
    ],
)
def test_a_wrong_answer_is_refused_and_kept(visitor, with_fields, kind, answer):
    with_fields(field(kind, "answer"))
    sheet = visitor.open()

    response = sheet.send(answer=answer)

    assert response.status_code == 422
    assert sheet.again(response).value("answer") == answer


def test_a_choice_keeps_its_value_and_shows_its_label(visitor, with_fields):
    custom("product", "choice", choices=choices(("hub", "Hub"), ("cam", "Camera")))
    with_fields(field("choice", "product", binding="property:product"))

    visitor.send(product="cam")

    assert Ticket.objects.get().properties == {"product": "cam"}
    assert entry("product")["value"] == "Camera"


def test_a_value_that_is_no_choice_is_refused(visitor, with_fields):
    with_fields(field("choice", "product", choices=choices(("hub", "Hub"))))

    assert visitor.send(product="forged").status_code == 422


def test_a_choice_can_set_the_priority(visitor, with_fields):
    with_fields(field("choice", "urgency", binding="ticket.priority", required=True))

    visitor.send(urgency="urgent")

    assert Ticket.objects.get().priority == Priority.URGENT


def test_several_choices_are_listed_by_their_labels(visitor, with_fields):
    with_fields(
        field("choices", "rooms", choices=choices(("a", "Attic"), ("b", "Bar")))
    )

    visitor.send(rooms=["a", "b"])

    assert entry("rooms")["value"] == "Attic, Bar"


def test_hidden_values_reach_the_agents_and_never_the_visitor(visitor, with_fields):
    """B30, L15: agents see them, flagged."""
    custom("campaign", "number")
    with_fields(
        field("hidden", "campaign", binding="property:campaign", value="42"),
        field("hidden", "kind", binding="ticket.type", value="question"),
        field("hidden", "level", binding="ticket.priority", value="high"),
    )
    sheet = visitor.open()
    assert not {"campaign", "kind", "level"} & sheet.names()

    sheet.send(campaign="1", kind="forged", level="urgent")

    ticket = Ticket.objects.get()
    assert ticket.properties == {"campaign": 42}
    assert (ticket.type, ticket.priority) == ("question", Priority.HIGH)
    assert entry("campaign") == {
        "key": "campaign",
        "label": "Campaign",
        "value": "42",
        "hidden": True,
        "binding": "property:campaign",
    }
    assert entry("subject")["hidden"] is False


def test_a_hidden_stage_decides_pipeline_and_stage(visitor, with_fields):
    """B29."""
    stage = PipelineFactory(name="Repairs").stages.get(key="waiting")
    with_fields({"type": "hidden_stage", "value": {"stage": str(stage.pk)}})

    visitor.send()

    ticket = Ticket.objects.get()
    assert (ticket.stage, ticket.pipeline) == (stage, stage.pipeline)
    assert entry("stage")["value"] == "Repairs – Waiting"


def test_a_hidden_stage_that_is_gone_leaves_it_to_the_channel(visitor, with_fields):
    form = with_fields({"type": "hidden_stage", "value": {"stage": "999999"}})

    visitor.send()

    assert Ticket.objects.get().stage == form.channel.first_stage()


def test_a_form_without_a_description_makes_the_message_of_its_answers(visitor, home):
    form = SupportFormFactory(
        key="contact",
        form_fields=[
            SUBJECT,
            field("text", "serial", label="Serial number"),
            field("checkbox", "wet", label="It got wet"),
        ],
    )
    add_page(home, form)

    visitor.send(serial="N-1", wet="on")

    assert Message.objects.get().body_text == (
        "Subject: The hub is offline\nSerial number: N-1\nIt got wet: Yes"
    )


def test_a_form_of_unanswered_questions_opens_no_empty_ticket(visitor, home):
    form = SupportFormFactory(key="contact", form_fields=[field("text", "serial")])
    add_page(home, form)

    assert visitor.send().status_code == 422
    assert not Ticket.objects.exists()


def test_name_and_address_can_be_fields_of_the_form(visitor, with_fields):
    with_fields(
        field("text", "who", binding="contact.name", required=True),
        field("email", "mail", binding="contact.email"),
    )
    sheet = visitor.open()
    assert not {"contact-name", "contact-email"} & sheet.names()

    assert sheet.send(who="Ana").status_code == 422, "an answer needs an address"
    assert sheet.send(who="Ana", mail="ana@acme.example").status_code == 303

    contact = Contact.objects.get()
    assert (contact.name, contact.email) == ("Ana", "ana@acme.example")


def test_a_known_organization_is_not_asked_again(visitor, with_fields):
    """WCAG 3.3.7."""
    with_fields(field("text", "company", binding="contact.organization"))
    assert "company" in visitor.open().names()
    customer = CustomerFactory(organization=OrganizationFactory())
    visitor.client.force_login(
        customer.user, backend="django.contrib.auth.backends.ModelBackend"
    )

    assert "company" not in visitor.open().names()


def test_two_fields_for_files_share_the_limits(visitor, with_fields, configure):
    from tests.files import png_file

    configure(MAX_UPLOAD_FILES=2)
    with_fields(field("files", "photos"), field("files", "bills"))

    sent = {"photos": [png_file(), png_file()], "bills": [png_file()]}

    assert visitor.send(**sent).status_code == 422


def test_a_required_file_is_asked_for(visitor, with_fields):
    with_fields(field("files", "bill", label="Bill", required=True))
    sheet = visitor.open()

    response = sheet.send()

    assert "Attach a file: “Bill”." in sheet.again(response).errors


def test_consent_is_needed_and_kept_word_for_word(visitor, with_fields):
    form = with_fields(
        consent_text="<p>We keep your data for a year.</p>", consent_label="Fine"
    )
    sheet = visitor.open()

    refused = sheet.send()
    assert refused.status_code == 422
    assert "We need your agreement" in sheet.again(refused).errors

    sheet.send(**{"consent-given": "on"})
    consent = Consent.objects.get()
    assert consent.text == form.consent_wording
    assert "Fine" in consent.text
    assert (consent.source, consent.language) == ("form:contact", "en")


def test_headings_stand_between_the_fields(visitor, with_fields):
    with_fields(
        {"type": "heading", "value": {"heading": "Your device", "text": "On its back"}}
    )

    section = visitor.open().section

    assert section.find("h3").text == "Your device"
    assert "On its back" in section.text


def test_an_app_can_add_a_kind_of_field(visitor, with_fields, monkeypatch):
    from wagtail_helpdesk.forms import registry

    class SerialNumber(FieldType):
        name = "serial_number"
        label = "Serial number"

        def form_field(self, value, context):
            return LineField(**self.common(value))

    monkeypatch.setattr(registry, "_registry", dict(registry._registry))
    register_field(SerialNumber())
    assert "serial_number" in stream_block().child_blocks


def test_a_field_whose_kind_is_gone_is_left_out(visitor, with_fields, monkeypatch):
    """The app that brought it was removed; its value is still in the database."""
    from wagtail_helpdesk.forms import registry

    with_fields(field("number", "many"))
    without = {k: v for k, v in registry._registry.items() if k != "number"}
    monkeypatch.setattr(registry, "_registry", without)
    sheet = visitor.open()

    assert "many" not in sheet.names()
    assert sheet.send().status_code == 303
