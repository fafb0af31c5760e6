"""The text files of the demo, and the dialect they are written in."""

import pytest

from example_site.demo.articles import Article, inline_html, read_articles
from example_site.demo.threads import read_threads


def link_to(slug: str) -> str:
    return f'id="{slug}"'


def nodes(text: str) -> list[tuple[str, dict[str, object]]]:
    article = Article(slug="a", title="A", summary="", category="", source=text)
    return [(node.kind, node.value) for node in article.nodes(link_to)]


def test_inline_marks_become_html():
    html = inline_html("A **b** *c* `<d*e*>` [f](kb:g-h) & i", link_to)
    assert html == (
        'A <b>b</b> <i>c</i> <code>&lt;d*e*&gt;</code> <a id="g-h">f</a> &amp; i'
    )


def test_paragraphs_headings_and_lists_gather_into_one_text():
    text = "One.\n\n## Two\n\n- three\n- four\n\nFive."
    html = "<p>One.</p><h2>Two</h2><ul><li>three</li><li>four</li></ul><p>Five.</p>"
    assert nodes(text) == [("text", {"html": html})]


def test_blocks_keep_their_place_between_texts():
    text = (
        "Before.\n\n:::steps\n1. Do\nThis.\n:::\n\n"
        "| A | B |\n|---|---|\n| 1 | 2 |\n\n```bash\nls *\n```\n\nAfter."
    )
    assert nodes(text) == [
        ("text", {"html": "<p>Before.</p>"}),
        ("steps", {"steps": ["<p><b>Do</b></p><p>This.</p>"]}),
        ("table", {"rows": [["A", "B"], ["1", "2"]]}),
        ("code", {"language": "bash", "code": "ls *"}),
        ("text", {"html": "<p>After.</p>"}),
    ]


@pytest.mark.parametrize("language", ["es", "pt-br"])
def test_translated_articles_have_the_blocks_of_the_original(language):
    originals = {article.slug: article for article in read_articles("en")}
    translated = read_articles(language)
    assert len(translated) >= 7
    for article in translated:
        kinds = [node.kind for node in article.nodes(link_to)]
        original = originals[article.slug].nodes(link_to)
        assert kinds == [node.kind for node in original], article.slug


def test_sixty_threads_are_told():
    threads = read_threads()
    assert len(threads) == 60
    assert len({thread.key for thread in threads}) == 60
    assert all("{" not in entry.text for t in threads for entry in t.entries)
    assert all(thread.entries[0].author == "customer" for thread in threads)
