"""Names of people and companies; the n-th is always the same."""

from __future__ import annotations

import random
import unicodedata

LANGUAGES = ("en", "es", "pt-br")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = {
    "en": _words(
        "Amelia Ben Chloe Daniel Ella Freya George Hannah Isaac Jade Kieran Lucy Maya "
        "Noah Olivia Patrick Quinn Rosie Samuel Tess Umar Vera William Yasmin Zac"
    ),
    "es": _words(
        "Adrián Beatriz Carlos Diana Elena Francisco Gloria Hugo Inés Javier Lucía "
        "Manuel Nuria Óscar Pilar Rafael Sofía Tomás Valeria Ximena"
    ),
    "pt-br": _words(
        "André Bianca Caio Débora Eduardo Fernanda Gustavo Helena Igor Juliana Larissa "
        "Marcelo Natália Otávio Paula Rodrigo Sílvia Thiago Vitória Yara"
    ),
}
_LAST = {
    "en": _words(
        "Adams Bell Carter Dixon Ellis Foster Grant Hughes Iqbal Jones Khan Lloyd "
        "Morris Nash Owens Price Reid Shaw Turner Walsh"
    ),
    "es": _words(
        "Álvarez Blanco Castro Domínguez Espinosa Fuentes Gómez Herrera Ibáñez Jiménez "
        "León Molina Navarro Ortega Prieto Quintana Romero Sáez Torres Vega"
    ),
    "pt-br": _words(
        "Almeida Barbosa Cardoso Duarte Esteves Ferreira Gonçalves Lima Machado Nunes "
        "Oliveira Pereira Queiroz Ribeiro Santos Teixeira Vieira Xavier"
    ),
}
_COMPANY = _words(
    "Alder Beacon Cobalt Delta Ember Falcon Granite Harbor Indigo Juniper Kestrel "
    "Lumen Maple Nimbus Orchard Pioneer Quartz Rowan Summit Tundra Union Vertex "
    "Willow Zenith"
)
_TRADE = _words(
    "Logistics Foods Clinics Hotels Schools Bakeries Textiles Pharma Farms Energy "
    "Retail Studios"
)


def organization_name(index: int) -> str:
    """The name of the n-th company, different for each n."""
    rounds, place = divmod(index, len(_COMPANY) * len(_TRADE))
    company = _COMPANY[place % len(_COMPANY)]
    trade = _TRADE[(place // len(_COMPANY) + place) % len(_TRADE)]
    return f"{company} {trade}" + (f" {rounds + 1}" if rounds else "")


def organization_domain(index: int) -> str:
    """The mail domain of the n-th company, in the reserved top-level domain."""
    return organization_name(index).casefold().replace(" ", "-") + ".example"


def person(index: int) -> tuple[str, str]:
    """Language code and full name of the n-th person: half of them write English."""
    rng = random.Random(index)  # noqa: S311  (no secret)
    language = rng.choices(LANGUAGES, (50, 30, 20))[0]
    name = f"{rng.choice(_FIRST[language])} {rng.choice(_LAST[language])}"
    return language, name


def mailbox(name: str, index: int) -> str:
    """The part before the @ for a person's name; the index keeps it unique."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"{plain.casefold().replace(' ', '.')}.{index}"
