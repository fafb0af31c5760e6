"""Whatever colours are chosen, everything made of them can be read (UX2)."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wagtail_helpdesk.appearance.colors import (
    MARK,
    TEXT,
    channels,
    contrast,
    luminance,
    mix,
    on,
    parse,
    readable,
)
from wagtail_helpdesk.appearance.palette import Palette, make_palette

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@settings(max_examples=150, deadline=None)
@given(COLORS, st.one_of(st.just(""), COLORS))
@example("#ffee00", "")
@example("#000000", "#ffffff")
@example("#ffffff", "#000000")
@example("#808080", "#00ff00")
@example("#0000ff", "#ff0000")
def test_every_pair_of_every_palette_has_its_contrast(accent: str, tint: str):
    pairs = make_palette(accent, tint).pairs()

    failing = [
        (pair.name, pair.scheme, pair.ratio) for pair in pairs if not pair.passes
    ]
    assert not failing
    assert {pair.scheme for pair in pairs} == {"light", "dark"}
    assert {pair.needed for pair in pairs} == {TEXT, MARK}


@settings(max_examples=100, deadline=None)
@given(COLORS)
def test_a_pointer_over_a_button_is_seen(accent: str):
    palette = make_palette(accent)

    for scheme in (palette.light, palette.dark):
        assert scheme["brand-strong"] != scheme["brand"]


def test_a_colour_that_will_do_is_kept():
    palette = make_palette("#0b5f53")

    assert palette.light["accent"] == palette.light["brand"] == "#0b5f53"


def test_yellow_becomes_dark_for_links_and_stays_yellow_on_buttons():
    palette = make_palette("#ffee00")

    assert palette.light["accent"] != "#ffee00"
    assert contrast(palette.light["accent"], "#ffffff") >= TEXT
    assert palette.dark["accent"] == "#ffee00"
    assert palette.light["brand"] == palette.dark["brand"] == "#ffee00"
    assert palette.light["on-brand"] == "#000000"


def test_a_shade_is_the_nearest_that_can_be_read():
    shade = readable("#ffee00", ["#ffffff"])

    assert TEXT <= contrast(shade, "#ffffff") < TEXT + 0.1
    red, green, blue = channels(shade)
    assert red > green - 30 > blue, "still a yellow"


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#abcdef", "#abcdef", 1),
    ],
)
def test_contrast_is_what_wcag_says(one: str, other: str, ratio: float):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


def test_luminance_runs_from_black_to_white():
    assert luminance("#000000") == 0
    assert luminance("#ffffff") == pytest.approx(1)


@given(COLORS)
def test_black_or_white_can_be_read_on_anything(color: str):
    assert contrast(on(color), color) >= TEXT


def test_a_mixture_lies_between():
    assert mix("#000000", "#ffffff", 0) == "#ffffff"
    assert mix("#000000", "#ffffff", 1) == "#000000"
    assert mix("#ff0000", "#0000ff", 0.5) == "#800080"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("#FFEE00", "#ffee00"), ("fe0", "#ffee00"), (" #abc ", "#aabbcc")],
)
def test_a_colour_may_be_typed_in_short(typed: str, stored: str):
    assert parse(typed) == stored


@given(st.text(max_size=30))
@example("#ffee00;}body{display:none")
@example("#ffee00\n")
@example("#fffff")
@example("#١٢٣")
@example("url(x)")
@example("red")
@example("#ffee0\x00")
def test_nothing_but_a_colour_gets_through(typed: str):
    try:
        color = parse(typed)
    except ValueError:
        return
    assert len(color) == 7
    assert set(color[1:]) <= set("0123456789abcdef")


def test_the_colours_of_both_schemes_have_the_same_names():
    palette: Palette = make_palette("#2f54c8", "#ff0000")

    assert palette.light.keys() == palette.dark.keys()
