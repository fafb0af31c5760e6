"""Whom the rule of a dynamic access group matches, and what is refused."""

import pytest

from tests.factories import ContactFactory, OrganizationFactory
from wagtail_helpdesk.access.rules import RuleError, parse_rule
from wagtail_helpdesk.models import Contact, Identity

pytestmark = pytest.mark.django_db


def domains(*names: str, **options: object) -> dict[str, object]:
    return {"field": "email_domain", "in": list(names), **options}


def languages(*codes: str) -> dict[str, object]:
    return {"field": "language", "in": list(codes)}


def matched(rule: object) -> set[str]:
    return set(parse_rule(rule).contacts().values_list("name", flat=True))


def person(name: str, email: str, **values: object) -> Contact:
    return ContactFactory(name=name, email=email, **values)


def test_a_domain_is_the_whole_domain_and_never_a_part_of_it():
    person("Ana", "ana@acme.example")
    for number, email in enumerate(
        (
            "eve@evil-acme.example",
            "eve@acme.example.evil.example",
            "eve@sub.acme.example",
            '"x@acme.example"@evil.example',
            "acme.example@evil.example",
        )
    ):
        person(f"Eve {number}", email)

    assert matched(domains("acme.example")) == {"Ana"}


def test_a_star_means_the_domains_below_and_not_the_domain_itself():
    person("Ana", "ana@acme.example")
    person("Ben", "ben@mail.acme.example")
    person("Eve", "eve.acme.example@evil.example")
    person("Eva", "eva@evilacme.example")

    assert matched(domains("*.acme.example")) == {"Ben"}
    assert matched(domains("ACME.example", "*.acme.example")) == {"Ana", "Ben"}


def test_only_a_verified_address_counts():
    ContactFactory(name="Eve", email="ceo@acme.example", email__unverified=True)
    other = person("Mallory", "mallory@evil.example")
    Identity.objects.create(contact=other, kind="email", value="m@acme.example")

    assert matched(domains("acme.example")) == set()


def test_the_case_of_a_domain_does_not_matter():
    person("Ana", "Ana@ACME.Example")

    assert matched(domains("Acme.EXAMPLE")) == {"Ana"}


def test_a_percent_sign_or_an_underscore_is_no_wildcard():
    for text in ("%", "%.example", "acme_example", "acm_.example"):
        with pytest.raises(RuleError):
            parse_rule(domains(text))


def test_terms_are_joined_by_and_or_and_not():
    acme = OrganizationFactory()
    person("Ana", "ana@acme.example", organization=acme, language="es")
    person("Ben", "ben@acme.example", organization=acme, language="ar")
    person("Zoe", "zoe@globex.example", language="es")
    member = {"field": "organization", "in": [acme.public_id]}

    assert matched(member) == {"Ana", "Ben"}
    assert matched({"and": [member, languages("es")]}) == {"Ana"}
    assert matched({"or": [member, languages("es")]}) == {"Ana", "Ben", "Zoe"}
    assert matched({"not": member}) == {"Zoe"}
    assert matched({"and": [languages("es"), {"not": member}]}) == {"Zoe"}


def test_without_a_language_a_contact_has_the_sites(settings):
    settings.LANGUAGE_CODE = "es"
    person("Ana", "ana@acme.example")
    person("Bia", "bia@acme.example", language="pt-br")
    person("Caio", "caio@acme.example", language="pt-BR")

    assert matched(languages("es")) == {"Ana"}
    assert matched(languages("pt_BR")) == {"Bia", "Caio"}


@pytest.mark.parametrize("domain", ["gmail.com", "Gmail.com", "*.gmail.com"])
def test_a_domain_for_everybody_is_refused_unless_it_is_meant(domain):
    person("Ana", "ana@gmail.com")
    with pytest.raises(RuleError) as raised:
        parse_rule(domains("acme.example", domain))

    assert raised.value.path == "in[1]"
    assert domain in raised.value.message
    assert parse_rule(domains(domain, allow_public=True)).data["allow_public"]


WRONG = {
    "no object": ([], "", "[]"),
    "nothing": ({}, "", "{}"),
    "unknown word": ({"xor": []}, "", "xor"),
    "two words": ({"and": [languages("es")], "or": []}, "", "and, or"),
    "unknown field": ({"field": "user__password", "in": ["x"]}, "field", "user__"),
    "field of another type": ({"field": ["language"], "in": ["x"]}, "field", "['lang"),
    "lookup": ({"field": "language", "in": ["es"], "startswith": 1}, "", "startswith"),
    "no list": ({"and": languages("es")}, "and", "language"),
    "empty list": ({"or": []}, "or", "[]"),
    "no values": ({"and": [languages()]}, "and[0].in", "[]"),
    "no text": ({"not": {"field": "language", "in": [7]}}, "not.in[0]", "7"),
    "no domain": ({"and": [domains("a.example", "a b")]}, "and[0].in[1]", "a b"),
    "a top-level domain": (domains("*.example"), "in[0]", "*.example"),
    "no language": (languages("Spanish, please"), "in[0]", "Spanish, please"),
    "no organization": ({"field": "organization", "in": ["Acme SL"]}, "in[0]", "Acme"),
    "no switch": (domains("a.example", allow_public="yes"), "allow_public", "yes"),
    "too many values": (languages(*(["es"] * 51)), "in", "51"),
    "too many terms": ({"or": [languages("es")] * 51}, "or[50]", "51"),
    "too deep": (
        {"not": {"not": {"not": {"not": languages("es")}}}},
        "not.not.not.not",
        "5",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_rule_says_where_and_with_which_value(name):
    data, path, value = WRONG[name]
    with pytest.raises(RuleError) as raised:
        parse_rule(data)

    assert raised.value.path == path
    assert value in str(raised.value.value)
    assert len(raised.value.message) > 20


def test_four_levels_and_fifty_terms_and_fifty_values_are_enough_for_a_query():
    person("Ana", "ana@d49.acme.example")
    names = [f"d{number}.acme.example" for number in range(50)]
    rule = {"or": [{"and": [{"not": domains(*names)}]}] * 49 + [domains(*names)]}

    assert matched(rule) == {"Ana"}


def test_a_rule_is_stored_in_one_form():
    data = {"and": [domains(" ACME.example", "acme.example"), languages("PT_br")]}

    assert parse_rule(data).data == {
        "and": [domains("acme.example"), languages("pt-br")]
    }
