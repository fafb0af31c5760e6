"""What visitors get of a site's appearance: style sheet, scheme, logo, icon."""

import re
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.template import engines
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from tests.factories import CustomerFactory, SupportFormFactory
from tests.knowledge_base.factories import site_root
from tests.portal.build import make_portal
from wagtail_helpdesk.appearance.stylesheet import css_of
from wagtail_helpdesk.models import Appearance

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<link rel="stylesheet" href="(/helpdesk/theme/[^"]+)">')
PAGE = "/accounts/login/"


def html_of(client: Client, url: str = PAGE, **kwargs: object) -> str:
    return client.get(url, **kwargs).content.decode()


def theme_urls(html: str) -> list[str]:
    return LINK.findall(html)


def test_a_page_without_an_appearance_links_nothing_more(client: Client):
    html = html_of(client)

    assert not theme_urls(html)
    assert html.count('rel="stylesheet"') == 1


def test_the_style_sheet_comes_after_the_packages_own(client: Client, choose: Callable):
    choose(accent="#0b5f53")
    html = html_of(client)

    (url,) = theme_urls(html)
    assert html.index("helpdesk.css") < html.index(url)
    assert "<style" not in html
    assert " style=" not in html


def test_the_style_sheet_is_kept_for_ever_under_its_name(
    client: Client, choose: Callable
):
    choose(accent="#0b5f53", radius=0, font="serif")
    (url,) = theme_urls(html_of(client))
    answer = Client().get(url)

    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer["Cache-Control"]
    assert "Cookie" not in answer.get("Vary", "")
    css = answer.content.decode()
    assert "--hd-accent:light-dark(#0b5f53," in css
    assert "--hd-radius:0px" in css
    assert "Georgia" in css


def test_an_old_name_gets_the_present_style_sheet_and_no_cache_keeps_it(
    client: Client, choose: Callable
):
    choose(accent="#0b5f53")
    (old,) = theme_urls(html_of(client))
    choose(accent="#7a1fa2")
    (new,) = theme_urls(html_of(client))

    assert new != old
    answer = client.get(old)
    assert answer["Cache-Control"] == "no-cache"
    assert answer.content == client.get(new).content


@pytest.mark.parametrize(
    "url",
    [
        "/helpdesk/theme/99999/0123456789abcdef.css",
        f"/helpdesk/theme/{10**30}/0123456789abcdef.css",
        "/helpdesk/theme/1/.css",
        "/helpdesk/theme/x/0123456789abcdef.css",
        "/helpdesk/theme/1/a%00b.css",
        "/helpdesk/theme/1/..%2fsecret.css",
    ],
)
def test_what_is_no_style_sheet_is_not_found(client: Client, choose: Callable, url):
    choose(accent="#0b5f53")

    assert client.get(url).status_code == 404


def test_a_site_that_only_chose_a_scheme_has_no_style_sheet(
    client: Client, choose: Callable, site: Site
):
    choose(color_scheme="dark")

    assert not theme_urls(html_of(client))
    assert client.get(f"/helpdesk/theme/{site.pk}/abc.css").status_code == 404


def test_a_style_sheet_is_only_read(client: Client, choose: Callable, site: Site):
    choose(accent="#0b5f53")

    assert client.post(f"/helpdesk/theme/{site.pk}/abc.css").status_code == 405


def test_colours_of_grounds_stay_with_the_sites_style_sheets_unless_tinted(
    choose: Callable,
):
    assert "--hd-page:" not in css_of(choose(accent="#0b5f53"))
    assert "--hd-page:light-dark(" in css_of(choose(tint="#ffcc00"))


def test_pages_of_all_kinds_have_it(client: Client, choose: Callable):
    """B32: list, ticket and form together; the sign-in and error pages too."""
    choose(accent="#0b5f53")
    make_portal()
    customer = CustomerFactory()
    client.force_login(
        customer.user, backend="django.contrib.auth.backends.ModelBackend"
    )

    for url in ("/support/", "/support/new/", "/support/r/none/", "/accounts/email/"):
        assert len(theme_urls(html_of(client, url))) == 1, url


def test_a_warm_page_asks_the_database_nothing_more(client: Client, choose: Callable):
    def queries() -> int:
        client.get(PAGE)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(PAGE)
        return len(captured)

    without = queries()
    choose(accent="#0b5f53")
    assert queries() == without


def test_a_cold_page_takes_one_query(client: Client, choose: Callable):
    choose(accent="#0b5f53")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as warm:
        client.get(PAGE)
    cache.delete(f"helpdesk:appearance:1:{Site.objects.get().pk}")
    with CaptureQueriesContext(connection) as cold:
        client.get(PAGE)

    assert len(cold) == len(warm) + 1


def test_saving_is_seen_at_once(
    client: Client, site: Site, django_capture_on_commit_callbacks
):
    assert not theme_urls(html_of(client))
    with django_capture_on_commit_callbacks(execute=True):
        row = Appearance.objects.create(site=site, accent="#0b5f53")
    assert theme_urls(html_of(client))
    with django_capture_on_commit_callbacks(execute=True):
        row.delete()
    assert not theme_urls(html_of(client))


def test_each_site_has_its_own(client: Client, choose: Callable):
    choose(accent="#0b5f53")
    other = Site.objects.create(hostname="other.example", root_page=site_root())
    Appearance.objects.create(site=other, accent="#7a1fa2")

    (here,) = theme_urls(html_of(client))
    (there,) = theme_urls(html_of(client, headers={"host": "other.example"}))
    assert b"#0b5f53" in client.get(here).content
    assert b"#7a1fa2" in client.get(there).content


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_fixed_scheme_holds_whatever_the_cookie_says(
    client: Client, choose: Callable, scheme: str
):
    choose(color_scheme=scheme)
    client.cookies["hd_color_scheme"] = "dark" if scheme == "light" else "light"
    html = html_of(client)

    assert f'data-hd-theme="{scheme}"' in html
    assert html.count("data-hd-theme") == html.count(f'data-hd-theme="{scheme}"')
    assert 'name="scheme"' not in html


def test_without_a_choice_the_device_decides(client: Client, choose: Callable):
    choose(color_scheme="system")
    client.cookies["hd_color_scheme"] = "dark"
    html = html_of(client)

    assert "data-hd-theme" not in html
    assert 'name="scheme"' not in html


def test_what_shows_a_visitors_choice_varies_by_cookie(
    client: Client, choose: Callable
):
    """A cache must not show one visitor's colours to all."""
    choose(color_scheme="visitor")
    client.cookies["hd_color_scheme"] = "dark"

    answer = client.get(PAGE)

    assert b'data-hd-theme="dark"' in answer.content
    assert "Cookie" in answer["Vary"]


def test_a_base_template_that_shows_the_choice_makes_its_page_vary(
    client: Client, rf: RequestFactory, choose: Callable
):
    from django.http import HttpResponse

    from wagtail_helpdesk.headers import HeadersMiddleware

    choose(color_scheme="visitor")
    template = engines["django"].from_string(
        "{% load helpdesk_tags %}{% hd_frame as hd %}[{{ hd.color_scheme }}]"
    )

    def view(request):
        return HttpResponse(template.render({}, request))

    request = rf.get("/")
    request.COOKIES["hd_color_scheme"] = "dark"
    answer = HeadersMiddleware(view)(request)

    assert answer.content == b"[dark]"
    assert answer["Vary"] == "Cookie"


def test_the_logo_has_its_text_and_its_size(client, choose: Callable, picture):
    choose(logo=picture, logo_alt="Northwind", show_name=False)
    html = html_of(client)

    (logo,) = re.findall(r'<img class="hd-logo"[^>]*>', html)
    assert 'alt="Northwind"' in logo
    # 200 by 100 pixels, shown at most 48 high.
    assert 'width="96" height="48"' in logo
    assert "hd-brand__mark" not in html


def test_a_logo_beside_the_name_is_not_read_twice(
    client, choose: Callable, picture, site: Site
):
    Site.objects.filter(pk=site.pk).update(site_name="Northwind")
    choose(logo=picture)
    html = html_of(client)
    assert 'height="48" alt="">' in html
    assert '<span dir="auto">Northwind</span></a>' in html

    choose(show_name=False)
    html = html_of(client)
    assert 'height="48" alt="Northwind">' in html
    assert '<span dir="auto">Northwind</span></a>' not in html


def test_dark_pages_have_a_logo_of_their_own(client, choose: Callable, picture):
    dark = type(picture).objects.create(title="Dark", file=picture.file)
    choose(logo=picture, logo_dark=dark)
    html = html_of(client)
    assert '<source media="(prefers-color-scheme: dark)"' in html

    client.post("/helpdesk/colour-scheme/", {"scheme": "dark"})
    html = html_of(client)
    assert "<source" not in html
    assert html.count('<img class="hd-logo"') == 1


def test_a_logo_whose_file_is_gone_breaks_nothing(client, choose: Callable, picture):
    choose(logo=picture, favicon=picture)
    picture.file.storage.delete(picture.file.name)
    html = html_of(client)

    assert "hd-brand__mark" in html
    assert "img/favicon.svg" in html


def test_the_text_of_the_logo_cannot_leave_its_attribute(
    client, choose: Callable, picture
):
    choose(logo=picture, logo_alt='"><script>alert(1)</script>')

    assert "<script>alert" not in html_of(client)


def test_the_icon_of_the_tab_is_the_sites(client, choose: Callable, picture):
    choose(favicon=picture)
    html = html_of(client)

    (icon,) = re.findall(r'<link rel="icon"[^>]*>', html)
    assert 'type="image/png"' in icon
    assert "favicon.svg" not in icon


def test_a_base_template_asks_for_the_logo(rf: RequestFactory, choose, picture):
    choose(logo=picture, logo_alt="Northwind")
    template = engines["django"].from_string(
        "{% load helpdesk_appearance %}{% hd_logo css_class='mine' %}"
    )

    assert '<img class="mine"' in template.render({}, rf.get("/"))


def test_a_form_on_a_page_of_the_site_has_the_colours(client, choose: Callable):
    from example_site.home.models import StandardPage

    choose(accent="#0b5f53")
    form = SupportFormFactory()
    page = StandardPage(title="Contact", slug="contact-us")
    page.body = [("support_form", {"form": form, "heading": ""})]
    site_root().add_child(instance=page)

    html = html_of(client, "/contact-us/")
    assert "hd-support-form" in html
    assert len(theme_urls(html)) == 1


@pytest.mark.parametrize("text", ["red", "#fff", "#FFFFFF", "#fffff;", "#00000\n"])
def test_nothing_but_a_colour_can_be_stored_by_a_form(site: Site, text: str):
    with pytest.raises(ValidationError):
        Appearance(site=site, accent=text).full_clean()


def test_a_row_that_got_past_the_form_breaks_out_of_no_style_sheet(choose: Callable):
    row = choose()
    Appearance.objects.filter(pk=row.pk).update(accent="}*{", font="x;}*{")
    row.refresh_from_db()

    assert css_of(row) == ""
