"""Snippets are plain text with the words marked (UX82)."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_helpdesk.knowledge_base.highlighting import fold, highlight, snippet


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Pay the invoice", ["invoice"], "Pay the <mark>invoice</mark>"),
        ("Invoices", ["invoice"], "<mark>Invoices</mark>"),
        ("Facturación", ["facturacion"], "<mark>Facturación</mark>"),
        ("facturacion", ["Facturación"], "<mark>facturacion</mark>"),
        ("cafe\u0301", ["café"], "<mark>caf\u00e9</mark>"),
        ("STRASSE Straße", ["straße"], "STRASSE <mark>Straße</mark>"),
        ("reconnected", ["connect"], "reconnected"),
        ("connects", ["connection"], "<mark>connects</mark>"),
        ("instance", ["install"], "instance"),
        ("これは請求書です", ["請求書"], "これは<mark>請求書</mark>です"),
        ("هذه فاتورة", ["فاتورة"], "هذه <mark>فاتورة</mark>"),
        ("हिन्दी चालान", ["चालान"], "हिन्दी <mark>चालान</mark>"),
        ("<b>x</b> & x", ["x"], None),
        ("a.b", ["b"], "a.<mark>b</mark>"),
        ("nothing", [], "nothing"),
    ],
)
def test_words_are_marked(text, words, expected):
    if expected is None:
        expected = "&lt;b&gt;<mark>x</mark>&lt;/b&gt; &amp; <mark>x</mark>"
    assert highlight(text, words) == expected


def test_the_snippet_shows_where_most_words_stand_together():
    text = f"invoice {'filler ' * 80} download the invoice as PDF {'filler ' * 80}"
    shown = snippet(text, ["invoice", "download", "pdf"])
    assert "<mark>download</mark> the <mark>invoice</mark> as <mark>PDF</mark>" in shown
    assert shown.startswith("… ") and shown.endswith(" …")


def test_the_snippet_begins_at_the_beginning_where_nothing_matches():
    assert snippet("One two three", ["zebra"]) == "One two three"
    assert snippet("", ["zebra"]) == ""


@given(text=st.text(max_size=400), words=st.lists(st.text(max_size=8), max_size=4))
def test_whatever_the_text_no_markup_but_mark_comes_out(text, words):
    shown = snippet(text, [word for word in words if word])
    bare = shown.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare and ">" not in bare
    assert shown.count("<mark>") == shown.count("</mark>")


@given(text=st.text(max_size=200))
def test_folding_keeps_every_place(text):
    assert len(fold(text)) == len(text)


def test_a_long_article_is_cut_in_a_moment():
    text = "the invoice of the ünit " * 20_000
    start = time.perf_counter()
    snippet(text, ["invoice", "unit", "the"])
    assert time.perf_counter() - start < 3
