"""The help desk itself: pipelines, inboxes, channels, properties, canned replies."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from wagtail.models import Locale

from example_site.demo.bodies import block_id
from example_site.demo.people import ADMIN, AGENTS
from example_site.demo.translating import translate
from example_site.demo.words import SOURCE, TRANSLATIONS, words
from wagtail_helpdesk.actions import RegisterAgent
from wagtail_helpdesk.models import (
    BusinessCalendar,
    CannedReply,
    Channel,
    Inbox,
    Pipeline,
    Stage,
    StageLabel,
    SupportForm,
    TicketProperty,
)

FORM_KEY = "contact"

_CATEGORIES = Stage.Category
#: Name, and the stages by key with the category of each.
PIPELINES: tuple[tuple[str, tuple[tuple[str, Stage.Category], ...]], ...] = (
    (
        "Support",
        (
            ("new", _CATEGORIES.NEW),
            ("in-progress", _CATEGORIES.OPEN),
            ("waiting", _CATEGORIES.WAITING),
            ("closed", _CATEGORIES.CLOSED),
        ),
    ),
    (
        "Billing",
        (
            ("billing-new", _CATEGORIES.NEW),
            ("billing-review", _CATEGORIES.OPEN),
            ("billing-waiting", _CATEGORIES.WAITING),
            ("billing-refunded", _CATEGORIES.CLOSED),
            ("billing-closed", _CATEGORIES.CLOSED),
        ),
    ),
)
#: Inbox to the places of its agents in ``AGENTS``.
INBOXES = {"Support": (0, 2), "Billing": (1, 2)}
SENDERS = {
    "Support": "support@northwind.example",
    "Billing": "billing@northwind.example",
}
#: Name of a channel in the conversations of the demo: inbox, type and label.
CHANNELS = {
    "contact": ("Support", "form", "Contact form"),
    "portal": ("Support", "portal", "Customer portal"),
    "billing": ("Billing", "form", "Billing form"),
}
CALENDAR = "Northwind office"
#: Minutes of its opening times within which every inbox answers first.
FIRST_REPLY_MINUTES = 8 * 60
#: Monday to Friday, with a lunch break.
WEEK = [[[9 * 60, 13 * 60], [14 * 60, 18 * 60]] for _day in range(5)] + [[], []]
HOLIDAYS = """\
01-01 Ano Novo
04-25 Dia da Liberdade
05-01 Dia do Trabalhador
06-10 Dia de Portugal
08-15 Assunção
10-05 Implantação da República
11-01 Todos os Santos
12-01 Restauração da Independência
12-08 Imaculada Conceição
12-25 Natal"""
PRODUCTS = ("router", "hub", "sensor", "console", "other")


def load_desk() -> bool:
    """Make what does not exist yet.

    Returns:
        Whether anything was made.
    """
    if Inbox.objects.filter(name="Support").exists():
        return False
    for order, (name, stages) in enumerate(PIPELINES):
        _load_pipeline(name, stages, order)
    BusinessCalendar.objects.create(
        name=CALENDAR, time_zone="Europe/Lisbon", week=WEEK, holidays=HOLIDAYS
    )
    for name in INBOXES:
        _load_inbox(name)
    for inbox, kind, label in CHANNELS.values():
        Channel.objects.create(
            inbox=Inbox.objects.get(name=inbox), type=kind, name=label
        )
    # Sees every inbox as a superuser, so needs to be a member of none.
    RegisterAgent(user=_user(ADMIN.email)).execute()
    _load_properties()
    _load_replies()
    _load_form()
    return True


def channel(name: str) -> Channel:
    """A channel of the demo by its name in ``CHANNELS``."""
    inbox, kind, label = CHANNELS[name]
    channels = Channel.objects.select_related("inbox__default_pipeline")
    return channels.get(inbox__name=inbox, type=kind, name=label)


def calendar() -> BusinessCalendar:
    """The office's business hours."""
    return BusinessCalendar.objects.get(name=CALENDAR)


def contact_form() -> SupportForm:
    """The form of the contact page, in the site's first language."""
    return SupportForm.objects.get(key=FORM_KEY, locale=_locale(SOURCE))


def _user(email: str) -> Any:
    return get_user_model()._default_manager.get(username=email)


def _locale(language: str) -> Locale:
    return Locale.objects.get(language_code=language)


def _load_pipeline(
    name: str, stages: tuple[tuple[str, Stage.Category], ...], order: int
) -> None:
    pipeline = Pipeline.objects.create(name=name, order=order)
    for place, (key, category) in enumerate(stages):
        label, customer_label = words(SOURCE)["stages"][key]
        stage = Stage.objects.create(
            pipeline=pipeline,
            key=key,
            name=label,
            customer_label=customer_label,
            category=category,
            order=place,
        )
        _translated(partial(_stage_label, stage))


def _stage_label(stage: Stage, language: str) -> StageLabel:
    name, customer_label = words(language)["stages"][stage.key]
    return StageLabel(stage=stage, name=name, customer_label=customer_label)


def _load_inbox(name: str) -> None:
    inbox = Inbox.objects.create(
        name=name,
        from_name="Northwind Devices",
        from_email=SENDERS[name],
        signature="Northwind Devices\nLisbon · Bologna · São Paulo",
        default_pipeline=Pipeline.objects.get(name=name),
        calendar=calendar(),
        first_reply_minutes=FIRST_REPLY_MINUTES,
    )
    for place in INBOXES[name]:
        RegisterAgent(user=_user(AGENTS[place].email), inboxes=[inbox]).execute()


def _load_properties() -> None:
    def product(language: str) -> TicketProperty:
        return TicketProperty(
            key="product",
            type=TicketProperty.Type.CHOICE,
            label=words(language)["properties"]["product"],
            is_customer_visible=True,
            choices=_choices("property", language),
        )

    def serial(language: str) -> TicketProperty:
        return TicketProperty(
            key="serial",
            type=TicketProperty.Type.TEXT,
            label=words(language)["properties"]["serial"],
            is_customer_visible=True,
        )

    _translated(product)
    _translated(serial)


def _choices(owner: str, language: str) -> str:
    """The products as choices, each with the same id in every language."""
    choices = [
        {
            "type": "choice",
            "id": block_id(owner, "choice", value),
            "value": {"value": value, "label": words(language)["products"][value]},
        }
        for value in PRODUCTS
    ]
    return json.dumps(choices)


def _load_replies() -> None:
    for place in range(len(words(SOURCE)["replies"])):
        _translated(partial(_reply, place))


def _reply(place: int, language: str) -> CannedReply:
    texts = words(language)["replies"][place]
    return CannedReply(name=texts["name"], body=texts["body"].strip())


def _load_form() -> None:
    delivered_to = channel("contact")

    def form(language: str) -> SupportForm:
        texts = words(language)["form"]
        return SupportForm(
            name="Contact",
            key=FORM_KEY,
            channel=delivered_to,
            header=texts["header"],
            form_fields=_form_fields(language),
            consent_text=texts["consent"],
            consent_label=texts["consent_label"],
            submit_label=texts["submit"],
            success_text=texts["success"],
        )

    _translated(form)


def _form_fields(language: str) -> str:
    texts = words(language)["form"]
    fields: list[tuple[str, dict[str, Any]]] = [
        ("text", {"key": "subject", "required": True, "binding": "ticket.subject"}),
        (
            "long_text",
            {"key": "description", "required": True, "binding": "ticket.description"},
        ),
        ("choice", {"key": "product", "binding": "property:product"}),
        ("text", {"key": "serial", "binding": "property:serial"}),
        ("files", {"key": "files"}),
    ]
    blocks = [
        {
            "type": kind,
            "id": block_id("form", value["key"]),
            "value": {
                "label": texts[value["key"]],
                "help_text": texts.get(f"{value['key']}_hint", ""),
                "required": False,
                **value,
            },
        }
        for kind, value in fields
    ]
    return json.dumps(blocks)


def _translated(make: Callable[[str], Any]) -> None:
    """Save a snippet in the first language and its translations.

    Args:
        make: Takes a language code and returns the snippet in that language, unsaved.
    """
    source = make(SOURCE)
    source.locale = _locale(SOURCE)
    source.save()
    if hasattr(source, "save_revision"):
        source.save_revision().publish()
    for language in TRANSLATIONS:
        translate(source, make(language), _locale(language))
