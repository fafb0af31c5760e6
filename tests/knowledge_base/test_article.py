"""An article (F3)."""

import datetime
import io

import pytest
import wagtail_factories
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image

from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    body,
    member_of,
    restrict,
    site_root,
    text,
    translate,
)
from tests.knowledge_base.pages import get, linked_data, main, words

pytestmark = pytest.mark.django_db


def picture(title: str = "Hub") -> Image:
    content = io.BytesIO()
    Picture.new("RGB", (1000, 500), "#345").save(content, "PNG")
    return Image.objects.create(
        title=title, file=ImageFile(content, name=f"{title}.png")
    )


def show(category, *blocks):
    """The article's body with these blocks, as rendered."""
    article = ArticleFactory(parent=category, body=body(*blocks))
    return get(article.url).select_one(".hd-article")


def test_it_has_title_introduction_date_time_to_read_and_audience(article):
    """B113."""
    article.audience = "Professional plan"
    article.last_published_at = datetime.datetime(
        2026, 11, 20, 23, 30, tzinfo=datetime.UTC
    )
    article.save()
    soup = get(article.url)
    assert words(soup.h1) == "Download an invoice"
    shown = words(main(soup))
    assert "Every invoice as a PDF." in shown
    assert "Professional plan" in shown
    assert "1 minute to read" in shown
    # Half past eleven in the evening in Greenwich is the next day in Madrid.
    assert soup.select_one(".hd-facts time")["datetime"] == "2026-11-21"


def test_breadcrumbs_lead_back_to_the_knowledge_base(article):
    crumbs = get(article.url).select(".hd-crumbs li")
    assert [words(crumb) for crumb in crumbs] == [
        "Help centre",
        "Billing",
        "Download an invoice",
    ]


def test_previous_and_next_are_those_the_visitor_may_see(category, article, partners):
    secret = ArticleFactory(parent=category, title="Discounts")
    ArticleFactory(parent=category, title="Draft", live=False)
    ArticleFactory(parent=category, title="Pay by card")
    restrict(secret, partners)

    turn = get(article.url).select(".hd-turn a")
    assert [words(a) for a in turn] == ["Next Pay by card"]
    turn = get(article.url, user=member_of(partners)).select(".hd-turn a")
    assert [words(a) for a in turn] == ["Next Discounts"]
    beside = get(article.url).select("[aria-labelledby=hd-section] a")
    assert [words(a) for a in beside] == ["Download an invoice", "Pay by card"]
    assert beside[0]["aria-current"] == "page"


def test_the_list_beside_a_long_category_is_bounded(category):
    for number in range(40):
        ArticleFactory(parent=category, title=f"Error code {number}")
    middle = category.get_children().get(title="Error code 20")
    beside = get(middle.url).select("[aria-labelledby=hd-section] a")
    assert len(beside) == 25
    assert words(beside[12]) == "Error code 20"


def test_contact_carries_the_article(article):
    contact = wagtail_factories.PageFactory(
        parent=site_root(), title="Contact", slug="contact"
    )
    home = article.home
    home.contact_page = contact
    home.save()
    link = get(article.url).select_one(".hd-cta a")
    assert link["href"] == f"/contact/?from={article.pk}"


def test_three_headings_make_a_table_of_contents(category):
    article = ArticleFactory(
        parent=category,
        body=body(
            ("text", "<h2>Before</h2><p>x</p><h3>Tools</h3>"),
            ("callout", {"kind": "tip", "text": "<p>y</p>"}),
            ("text", "<h2>After</h2>"),
        ),
    )
    soup = get(article.url)
    contents = soup.select_one("nav[aria-labelledby=hd-contents]")
    links = contents.select("a")
    assert [words(a) for a in links] == ["Before", "Tools", "After"]
    for link in links:
        target = soup.find(id=link["href"].removeprefix("#"))
        assert words(target) == words(link)
    assert contents.select_one("ul ul a")["href"] == "#section-tools"


def test_two_headings_make_none(category):
    article = ArticleFactory(parent=category, body=text("<h2>One</h2><h2>Two</h2>"))
    assert not get(article.url).select("#hd-contents")


def test_steps_are_an_ordered_list_with_pictures(category):
    """B113."""
    hub = picture()
    shown = show(
        category,
        (
            "steps",
            [
                {
                    "text": "<p>Hold the button.</p>",
                    "image": {
                        "image": hub.pk,
                        "decorative": False,
                        "alt_text": "The hub from above",
                    },
                },
                {"text": "<p>Wait.</p>"},
            ],
        ),
    )
    items = shown.select("ol > li")
    assert [words(item) for item in items] == ["Hold the button.", "Wait."]
    image = items[0].img
    assert image["alt"] == "The hub from above"
    assert "480w" in image["srcset"]
    assert not items[1].img


def test_a_callout_says_its_kind_in_words(category):
    """UX12: never by colour alone."""
    shown = show(category, ("callout", {"kind": "warning", "text": "<p>Hot.</p>"}))
    assert words(shown) == "Warning Hot."


def test_code_is_coloured_escaped_and_can_be_scrolled_by_keyboard(category):
    code = 'print("<b>&amp;</b>")  # done'
    shown = show(category, ("code", {"language": "python", "title": "", "code": code}))
    assert shown.pre["tabindex"] == "0"
    assert shown.code.get_text() == code
    assert shown.select_one("code .hd-c-nb")
    assert not shown.code.select("b")
    assert "Python" in words(shown)
    # Without JavaScript there is no button that does nothing.
    assert shown.button.has_attr("hidden")


def test_an_unknown_language_is_plain_text(category):
    value = {"language": "klingon", "title": "Qapla", "code": "tlh"}
    assert words(show(category, ("code", value)).code) == "tlh"


def test_a_decorative_picture_has_an_empty_alternative(category):
    """UX13."""
    value = {
        "image": {"image": picture().pk, "decorative": True, "alt_text": ""},
        "caption": "On the wall",
    }
    shown = show(category, ("image", value))
    assert shown.img["alt"] == ""
    assert words(shown.figcaption) == "On the wall"


def test_a_table_has_caption_and_header_cells(category):
    value = {
        "table_caption": "Battery life",
        "table_header_choice": "both",
        "data": [["", "Hours"], ["Normal", "12"], ["Saving", "<b>30</b>"]],
    }
    shown = show(category, ("table", value))
    assert words(shown.caption) == "Battery life"
    assert [words(th) for th in shown.select("thead th[scope=col]")] == ["Hours"]
    assert [words(th) for th in shown.select("tbody th[scope=row]")] == [
        "Normal",
        "Saving",
    ]
    assert words(shown.select("td")[-1]) == "<b>30</b>"
    assert shown.select_one(".hd-table-wrap")["tabindex"] == "0"


def test_a_file_shows_its_type_and_size(category):
    document = Document.objects.create(
        title="Wall mount", file=ContentFile(b"x" * 2048, name="mount.pdf")
    )
    shown = show(category, ("file", {"document": document.pk, "title": ""}))
    assert words(shown) == "PDF Wall mount 2.0 KB"
    assert shown.a["href"] == document.url


def test_a_file_that_was_deleted_leaves_no_trace(category):
    shown = show(category, ("file", {"document": 999, "title": "Gone"}))
    assert "Gone" not in words(shown)


def test_a_video_is_a_link_until_it_is_asked_for(category):
    """UX24: no request to another host."""
    value = {"url": "https://youtu.be/aqz-KE-bpKQ", "title": "Swap", "poster": None}
    shown = show(category, ("video", value))
    assert shown.a["href"] == "https://youtu.be/aqz-KE-bpKQ"
    assert words(shown.a) == "Play video (YouTube) Swap"
    assert shown.select_one("hd-video")["data-player"].startswith(
        "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"
    )
    assert not shown.select("iframe, script, [src^=http]")


def test_questions_open_without_a_script(category):
    value = [{"question": "Waterproof?", "answer": "<p>Yes.</p>"}]
    shown = show(category, ("questions", value))
    assert words(shown.details.summary) == "Waterproof?"


def test_it_describes_itself_to_search_engines(article):
    """UX84."""
    about, crumbs = linked_data(get(article.url))
    assert about["@type"] == "Article"
    assert about["headline"] == "Download an invoice"
    assert about["inLanguage"] == "en"
    assert about["url"] == "http://testserver/help/billing/download-an-invoice/"
    assert about["isPartOf"]["name"] == "Help centre"
    for key in ("datePublished", "dateModified"):
        assert datetime.datetime.fromisoformat(about[key]).tzinfo is not None
    assert [item.get("item") for item in crumbs["itemListElement"]] == [
        "http://testserver/help/",
        "http://testserver/help/billing/",
        None,
    ]
    assert [item["position"] for item in crumbs["itemListElement"]] == [1, 2, 3]


def test_nothing_in_a_title_ends_the_script_it_stands_in(category):
    title = "</script><script>alert('x')</script>\u2028& <b>"
    article = ArticleFactory(parent=category, title=title, slug="odd")
    soup = get(article.url)
    assert linked_data(soup)[0]["headline"] == title
    assert "alert" not in " ".join(
        script.get_text() for script in soup.find_all("script", type=False)
    )
    assert words(soup.h1) == " ".join(title.split())


def test_a_private_article_tells_search_engines_nothing(article, partners):
    """UX83."""
    restrict(article, partners)
    soup = get(article.url, user=member_of(partners))
    assert linked_data(soup) == []
    assert soup.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    assert not soup.find("link", rel="canonical")
    assert "Private" in words(soup.select_one(".hd-facts"))


def test_it_names_its_other_languages(article):
    """UX96."""
    spanish = translate(article, "es", title="Descargar una factura")
    for page in (article, spanish):
        soup = get(page.url)
        alternates = {
            link["hreflang"]: link["href"]
            for link in soup.head.find_all("link", rel="alternate")
        }
        assert alternates == {
            "en": f"http://testserver{article.url}",
            "es": f"http://testserver{spanish.url}",
            "x-default": f"http://testserver{article.url}",
        }


def test_an_alias_names_its_source_as_canonical(home, article):
    other = CategoryFactory(parent=home, title="Elsewhere")
    alias = article.create_alias(parent=other, update_slug="invoice-too")
    link = get(alias.url).find("link", rel="canonical")
    assert link["href"] == f"http://testserver{article.url}"


def test_an_article_outside_a_knowledge_base_is_still_readable():
    article = ArticleFactory(parent=site_root(), title="Alone", body=text("<p>Hi</p>"))
    soup = get(article.url)
    assert words(soup.h1) == "Alone"
    assert not soup.select(".hd-crumbs, form[role=search]")


def test_the_sitemap_leaves_private_articles_out(article, rf, partners):
    """UX83; Wagtail's own sitemap does not know of a translation's restriction."""
    spanish = translate(article, "es")
    assert spanish.get_sitemap_urls(rf.get("/"))
    restrict(article, partners)
    assert spanish.get_sitemap_urls(rf.get("/")) == []
    assert spanish.get_sitemap_urls() == []


def test_editors_can_preview_an_article_that_was_never_saved(category, client):
    admin = member_of(is_superuser=True, is_staff=True)
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    draft = category.add_child(
        instance=type(ArticleFactory.build(parent=None))(
            title="Draft", slug="draft", live=False, body=text("<h2>New</h2>")
        )
    )
    draft.save_revision()
    response = client.get(f"/admin/pages/{draft.pk}/view_draft/")
    assert response.status_code == 200
    assert b"New" in response.content


def test_the_body_of_a_thousand_words_takes_five_minutes(category):
    article = ArticleFactory(parent=category, body=text(f"<p>{'word ' * 1000}</p>"))
    assert "5 minutes to read" in words(main(get(article.url)))
