"""The blocks of an article's body."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.blocks import StructBlockValidationError

from tests.knowledge_base.factories import ArticleFactory, body, locale, text
from wagtail_helpdesk.knowledge_base.blocks import (
    ArticleBodyBlock,
    TableBlock,
    VideoBlock,
)
from wagtail_helpdesk.knowledge_base.icons import ICONS, icon_template
from wagtail_helpdesk.knowledge_base.models import ArticlePage
from wagtail_helpdesk.knowledge_base.reading import plain_text, reading_minutes
from wagtail_helpdesk.knowledge_base.tables import table_rows
from wagtail_helpdesk.knowledge_base.video import player_for

YOUTUBE = "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?autoplay=1&rel=0"


@pytest.mark.parametrize("name", ArticleBodyBlock().child_blocks)
def test_every_block_has_a_name_a_description_and_renders_its_preview(name):
    block = ArticleBodyBlock().child_blocks[name]
    assert block.label
    assert block.get_description()
    if block.is_previewable:
        value = block.get_preview_value()
        assert block.render(value, {}).strip()


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://www.youtube.com/watch?v=aqz-KE-bpKQ", YOUTUBE),
        ("https://youtube.com/watch?t=5&v=aqz-KE-bpKQ", YOUTUBE),
        ("https://youtu.be/aqz-KE-bpKQ?si=x", YOUTUBE),
        ("https://m.youtube.com/shorts/aqz-KE-bpKQ", YOUTUBE),
        ("https://www.youtube.com/embed/aqz-KE-bpKQ", YOUTUBE),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("https://www.youtube.com/", None),
        ("https://www.youtube.com/watch?v=<script>", None),
        ("https://youtube.com.evil.example/watch?v=aqz-KE-bpKQ", None),
        ("https://video.example.com/1", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_the_player_of_a_video_is_the_one_that_sets_no_cookie(address, url):
    player = player_for(address)
    assert (player.url.startswith(url) if player else None) is (True if url else None)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://x.example/a.mp4"])
def test_a_video_must_be_on_the_web(address):
    block = VideoBlock()
    with pytest.raises((StructBlockValidationError, ValidationError)):
        block.clean(block.to_python({"url": address, "title": "x", "poster": None}))


@pytest.mark.parametrize(
    ("choice", "header", "rows", "first_column"),
    [
        ("row", ["a", "b"], [["c", ""]], False),
        ("column", [], [["a", "b"], ["c", ""]], True),
        ("both", ["a", "b"], [["c", ""]], True),
        ("neither", [], [["a", "b"], ["c", ""]], False),
    ],
)
def test_header_cells_are_where_the_editor_put_them(choice, header, rows, first_column):
    table = {"data": [["a", "b"], ["c", None]], "table_header_choice": choice}
    assert table_rows(table) == {
        "caption": "",
        "header": header,
        "rows": rows,
        "first_column_is_header": first_column,
    }
    assert table_rows(None)["rows"] == []


def test_cells_and_caption_are_translated():
    """wagtail-localize does not look into tables by itself."""
    block = TableBlock()
    table = {"table_caption": "Fees", "data": [["Name", ""], [None, "Price"]]}
    segments = block.get_translatable_segments(table)
    assert [segment.string.render_text() for segment in segments] == [
        "Fees",
        "Name",
        "Price",
    ]
    for segment, word in zip(segments, ["Tarifas", "Nombre", "Precio"], strict=True):
        segment.string = type(segment.string).from_plaintext(word)
    translated = block.restore_translated_segments(table, segments)
    assert translated["table_caption"] == "Tarifas"
    assert translated["data"] == [["Nombre", ""], [None, "Precio"]]
    assert table["table_caption"] == "Fees"


@pytest.mark.django_db
def test_an_article_is_translated_with_all_its_blocks(
    category, django_capture_on_commit_callbacks
):
    """Issue 11: the demo's articles go through wagtail-localize."""
    from wagtail_localize.models import Translation, TranslationSource

    no_picture = {"image": None, "decorative": False, "alt_text": ""}
    step = {"text": "<p>Press.</p>", "image": no_picture}
    article = ArticleFactory(
        parent=category,
        title="Pair",
        body=body(
            ("text", "<p>Read this.</p>"),
            ("callout", {"kind": "tip", "text": "<p>Restart.</p>"}),
            ("steps", [{"type": "item", "value": step, "id": "step-1"}]),
            ("table", {"table_caption": "Fees", "data": [["Name"]]}),
            ("code", {"language": "bash", "title": "Run", "code": "ping"}),
        ),
    )
    spanish = locale("es")
    source, _ = TranslationSource.update_or_create_from_instance(article)
    strings = set(source.stringsegment_set.values_list("string__data", flat=True))
    assert {"Pair", "Read this.", "Restart.", "Press.", "Fees", "Name"} <= strings
    assert "tip" not in strings and "bash" not in strings
    translation = Translation.objects.create(source=source, target_locale=spanish)
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target(publish=True)
    copy = article.get_translation(spanish).specific
    assert copy.live
    assert [block.block_type for block in copy.body] == [
        "text",
        "callout",
        "steps",
        "table",
        "code",
    ]
    assert "Name" in copy.body_text


@pytest.mark.django_db
def test_the_words_of_a_body_have_spaces_between_blocks(category):
    article = ArticleFactory(
        parent=category,
        body=body(
            ("text", "<h2>One</h2><p>two</p>"),
            ("callout", {"kind": "warning", "text": "<p>three</p>"}),
        ),
    )
    assert article.body_text.split() == ["One", "two", "three"]
    assert plain_text(None) == ""


@pytest.mark.parametrize(
    ("words", "minutes"),
    [("", 1), ("word " * 200, 1), ("word " * 201, 2), ("請求書" * 500, 3)],
)
def test_reading_time_counts_words_or_ideographs(words, minutes):
    assert reading_minutes(words) == minutes


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_is_drawn(name):
    from django.template.loader import render_to_string

    assert "<" in render_to_string(icon_template(name))


def test_an_icon_that_does_not_exist_is_drawn_as_the_default():
    assert icon_template("../../secret") == icon_template("book")


def test_migrations_do_not_hold_the_blocks():
    """So a new kind of block, or a new label, needs no migration."""
    _, _, args, kwargs = ArticlePage._meta.get_field("body").deconstruct()
    assert args == [[]]
    assert "block_lookup" not in kwargs
    assert text("<p>x</p>")
