"""Texts of editors come in the reader's language, with a fallback."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from wagtail.models import Locale

from tests.factories import PipelineFactory
from wagtail_helpdesk.models import CannedReply, Stage, StageLabel, TicketProperty

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting():
    stage = PipelineFactory().stages.get(key="waiting")
    stage.customer_label = "Waiting for you"
    stage.save()
    for code, name, customer in [
        ("es", "En espera", "Esperamos su respuesta"),
        ("pt", "Aguardando", ""),
    ]:
        locale, _created = Locale.objects.get_or_create(language_code=code)
        StageLabel.objects.create(
            stage=stage, locale=locale, name=name, customer_label=customer
        )
    return Stage.objects.with_labels().get(pk=stage.pk)


@pytest.mark.parametrize(
    ("language", "agents", "customers"),
    [
        ("en", "Waiting", "Waiting for you"),
        ("es", "En espera", "Esperamos su respuesta"),
        ("pt-br", "Aguardando", "Aguardando"),
        ("it", "Waiting", "Waiting for you"),
    ],
)
def test_a_stage_has_a_name_for_agents_and_one_for_customers(
    waiting, language, agents, customers
):
    """B44, L11."""
    with translation.override(language):
        assert (waiting.label, waiting.public_label) == (agents, customers)


def test_labels_of_a_list_cost_no_query_each(waiting, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert len([s.label for s in Stage.objects.with_labels()]) == 4


def test_a_choice_keeps_its_value_when_its_label_is_translated():
    choices = [("choice", {"value": "high", "label": "Alto"})]
    locale = Locale.get_active()
    row = TicketProperty(key="risk", label="Riesgo", locale=locale, choices=choices)
    row.full_clean()
    assert row.choice_labels() == {"high": "Alto"}


def test_a_value_used_twice_is_named():
    choices = [("choice", {"value": "high", "label": label}) for label in "AB"]
    row = TicketProperty(
        key="risk", label="Risk", locale=Locale.get_active(), choices=choices
    )
    with pytest.raises(ValidationError, match="high"):
        row.full_clean()


def test_an_unknown_token_of_a_canned_reply_stays():
    reply = CannedReply(body="Hello {contact_name}, {nonsense} {0}")
    assert reply.filled(contact_name="{0}") == "Hello {0}, {nonsense} {0}"
