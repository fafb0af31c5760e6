"""What counts as a word, in texts and in searches (B61)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_helpdesk.fulltext.words import LONGEST_WORD, Phrase, phrases_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Facturación Nº 7", ["facturacion", "no", "7"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("e-mail: ana@example.com", ["e", "mail", "ana", "example", "com"]),
        ("smørrebrød Łódź", ["smorrebrod", "lodz"]),
        ("الفَاتُورَة", ["الفاتورة"]),
        ("مـــرحبا", ["مرحبا"]),
        ("路由器 ok", ["路", "由", "器", "ok"]),
        ("ﬁle ① Ｒｏｕｔｅｒ", ["file", "1", "router"]),
        ("snake_case", ["snake", "case"]),
        ("🔥 -- !!", []),
        ("", []),
        ("a\x00b", ["a", "b"]),
        ("x" * 200, ["x" * LONGEST_WORD]),
    ],
)
def test_words_are_folded_alike_in_every_language(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("router", [Phrase(("router",), is_prefix=True)]),
        ("blue rou", [Phrase(("blue",)), Phrase(("rou",), is_prefix=True)]),
        ('"blue router"', [Phrase(("blue", "router"))]),
        ('"blue router" rou', [Phrase(("blue", "router")), Phrase(("rou",), True)]),
        ("“blue router”", [Phrase(("blue", "router"))]),
        ('"blue router', [Phrase(("blue",)), Phrase(("router",), is_prefix=True)]),
        ("wi-fi down", [Phrase(("wi", "fi")), Phrase(("down",), is_prefix=True)]),
        ("plan b", [Phrase(("plan",)), Phrase(("b",))]),
        ("路由", [Phrase(("路", "由"))]),
        ("router & (blue | *)", [Phrase(("router",)), Phrase(("blue",), True)]),
        ("?! …", []),
    ],
)
def test_every_word_typed_counts_and_the_last_may_go_on(text, phrases):
    assert list(phrases_of(text)) == phrases


def test_a_text_of_any_length_asks_for_a_bounded_number_of_words():
    asked = phrases_of(" ".join(f"w{n}" for n in range(5_000)))
    assert sum(len(phrase.words) for phrase in asked) == 12


@given(st.text())
def test_folding_twice_changes_nothing(text):
    words = words_of(text)
    assert words_of(" ".join(words)) == words


@given(st.text())
def test_words_hold_nothing_that_a_database_reads_as_an_operator(text):
    for word in words_of(text):
        assert word.isalnum()
