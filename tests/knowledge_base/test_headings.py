"""Headings get ids that last, in every script (UX85)."""

import pytest

from wagtail_helpdesk.knowledge_base.headings import (
    heading_id,
    table_of_contents,
    with_heading_ids,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Before you start", "section-before-you-start"),
        ("  What's new?  ", "section-what-s-new"),
        ("قبل أن تبدأ", "section-قبل-أن-تبدأ"),
        ("はじめに", "section-はじめに"),
        ("शुरू करना", "section-शुरू-करना"),
        ("Ünïcode", "section-ünïcode"),
        ("🎉", "section-untitled"),
        ("", "section-untitled"),
    ],
)
def test_an_id_keeps_the_letters_of_every_script(text, expected):
    assert heading_id(text) == expected


def test_equal_headings_get_different_ids():
    html = "<h2>Wi-Fi</h2><h2>Wi-Fi</h2><h2>Wi-Fi 2</h2><h2>Wi-Fi</h2>"
    _, headings = with_heading_ids(html)
    ids = [heading.id for heading in headings]
    assert ids[0] == "section-wi-fi"
    assert len(set(ids)) == 4


def test_an_id_that_a_block_brought_is_kept_and_not_given_twice():
    html = '<p id="section-tools">x</p><h2 id="mine">A</h2><h3>Tools</h3>'
    body, headings = with_heading_ids(html)
    assert [heading.id for heading in headings] == ["mine", "section-tools-2"]
    assert 'id="section-tools-2"' in body


def test_ids_do_not_change_when_another_heading_is_added():
    before = with_heading_ids("<h2>One</h2><h2>Two</h2>")[1][1].id
    after = with_heading_ids("<h2>One</h2><h2>New</h2><h2>Two</h2>")[1][2].id
    assert before == after


def test_levels_never_skip():
    """WCAG 1.3.1: the page's title is level 1."""
    html = "<h4>Deep</h4><h4>Deeper</h4><h2>Back</h2><h4>Skip</h4><h1>Top</h1>"
    body, headings = with_heading_ids(html)
    assert [heading.level for heading in headings] == [2, 3, 2, 3, 2]
    assert "<h4" not in body


def test_markup_and_entities_in_a_heading_are_text_in_the_contents():
    html = "<h2>Use <code>&lt;b&gt;</code> &amp; more</h2><h2>A</h2><h2>B</h2>"
    _, headings = with_heading_ids(html)
    assert headings[0].text == "Use <b> & more"


def test_attributes_of_a_heading_stay():
    body, _ = with_heading_ids('<h2 data-block-key="x1">A</h2>')
    assert body == '<h2 data-block-key="x1" id="section-a">A</h2>'


def test_an_empty_heading_is_not_in_the_contents():
    _, headings = with_heading_ids("<h2></h2><h2>A</h2>")
    assert [heading.text for heading in headings] == ["A"]


def test_a_very_long_heading_gets_a_short_id():
    assert len(heading_id("word " * 100)) <= 88


def test_contents_begin_at_three_headings_and_nest_two_levels():
    def tree(html):
        return [
            (h.text, [child.text for child in h.children])
            for h in table_of_contents(with_heading_ids(html)[1])
        ]

    assert tree("<h2>A</h2><h3>B</h3>") == []
    assert tree("<h2>A</h2><h3>B</h3><h4>x</h4>") == []
    assert tree("<h2>A</h2><h3>B</h3><h2>C</h2>") == [("A", ["B"]), ("C", [])]
