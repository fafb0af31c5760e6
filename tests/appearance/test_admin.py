"""Choosing an appearance in the admin (A11): form, contrasts, preview."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction, Site

from tests.factories import UserFactory
from wagtail_helpdesk.models import Appearance

pytestmark = pytest.mark.django_db

INDEX = "/admin/helpdesk/appearance/"
ADD = f"{INDEX}new/"
VALUES = {"color_scheme": "visitor", "show_name": "on", "font": ""}


def edit_url(row: Appearance) -> str:
    return reverse("helpdesk_appearance:edit", args=[row.pk])


@pytest.fixture
def editor() -> Client:
    """May change the appearance, and nothing else of the help desk."""
    user = UserFactory()
    user.user_permissions.set(
        Permission.objects.filter(
            codename__in=["access_admin", "add_appearance", "change_appearance"]
        )
    )
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_an_editor_finds_it_among_the_settings_and_nothing_else(editor: Client):
    html = editor.get("/admin/helpdesk/setup/").content.decode()

    assert f'href="{INDEX}"' in html
    assert html.count("<li><a") >= 1
    assert 'href="/admin/helpdesk/inboxes/"' not in html


def test_an_editor_chooses_colours_and_is_told_what_became_of_them(
    editor: Client, site: Site
):
    answer = editor.post(ADD, {**VALUES, "site": site.pk, "accent": "FE0"}, follow=True)

    row = Appearance.objects.get()
    assert row.accent == "#ffee00"
    assert answer.redirect_chain[-1][0] == edit_url(row)
    text = text_of(answer.content.decode())
    assert "#ffee00 is too light for links on white: links use #" in text
    assert "Buttons keep #ffee00, with black text." in text


def test_the_contrasts_are_there_without_a_script(editor: Client, choose: Callable):
    row = choose(accent="#ffee00", tint="#00ff00")
    html = editor.get(edit_url(row)).content.decode()

    cells = re.findall(r"<td>(AA|Fails)</td>", html)
    assert len(cells) == 22
    assert set(cells) == {"AA"}
    assert " style=" not in html[html.index("hdw-look") : html.index("</table>")]


def test_a_colour_that_will_do_is_not_talked_about(editor: Client, choose: Callable):
    row = choose(accent="#0b5f53", color_scheme="light")

    assert "is too" not in text_of(editor.get(edit_url(row)).content.decode())


def test_without_a_colour_there_is_no_table(editor: Client, choose: Callable):
    row = choose(radius=4)

    assert "<td>AA</td>" not in editor.get(edit_url(row)).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("accent", "red", "Write a colour"),
        ("accent", "#ffee00;}*{display:none", "Write a colour"),
        ("accent", "#12345\x00", "Null characters"),
        ("accent", "#" * 9000, "Write a colour"),
        ("tint", "url(//evil.example)", "Write a colour"),
        ("radius", "17", "less than or equal to 16"),
        ("radius", "-1", "greater than or equal to 0"),
        ("radius", "1e9", "whole number"),
        ("font", "Comic Sans", "valid choice"),
        ("color_scheme", "pink", "valid choice"),
        ("site", "99999", "valid choice"),
        ("site", "x", "valid choice"),
        ("logo", "99999", "valid choice"),
        ("logo", str(10**30), "valid choice"),
    ],
)
def test_wrong_input_is_named_and_nothing_is_saved(
    editor: Client, site: Site, field: str, value: str, said: str
):
    answer = editor.post(ADD, {**VALUES, "site": site.pk, field: value})

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Appearance.objects.exists()


def test_a_tint_needs_a_colour_to_be_read_on_it(editor: Client, site: Site):
    answer = editor.post(ADD, {**VALUES, "site": site.pk, "tint": "#ffcc00"})

    assert "links have to be readable on the tint" in answer.content.decode()


def test_a_site_has_one_appearance(editor: Client, site: Site, choose: Callable):
    choose(accent="#0b5f53")
    answer = editor.post(ADD, {**VALUES, "site": site.pk})

    assert answer.status_code == 200
    assert "already exists" in answer.content.decode()


def test_a_private_picture_is_no_logo(editor: Client, site: Site, picture):
    place = Collection.get_first_root_node().add_child(name="Secret")
    CollectionViewRestriction.objects.create(collection=place, restriction_type="login")
    picture.collection = place
    picture.save()
    answer = editor.post(ADD, {**VALUES, "site": site.pk, "logo": picture.pk})

    assert "private collection" in answer.content.decode()


def test_a_form_with_mistakes_keeps_the_readout_of_what_is_stored(
    editor: Client, site: Site, choose: Callable
):
    row = choose(accent="#ffee00")
    answer = editor.post(
        edit_url(row), {**VALUES, "site": site.pk, "accent": "#123456", "radius": "99"}
    )

    assert answer.status_code == 200
    assert "#ffee00 is too light" in answer.content.decode()


def test_the_sample_is_shown_in_light_and_dark_and_from_right_to_left(
    editor: Client, choose: Callable, picture
):
    row = choose(accent="#ffee00", logo=picture)
    url = reverse("helpdesk_appearance:sample", args=[row.pk])

    light = editor.get(url)
    html = light.content.decode()
    assert light["X-Frame-Options"] == "SAMEORIGIN"
    assert 'data-hd-theme="light"' in html
    assert "/helpdesk/theme/" in html
    assert 'class="hd-logo"' in html
    assert (
        'data-hd-theme="dark"' in editor.get(url, {"scheme": "dark"}).content.decode()
    )
    rtl = editor.get(url, {"dir": "rtl"}).content.decode()
    assert 'dir="rtl"' in rtl


def test_the_sample_is_that_of_the_site_and_not_of_the_admins(
    editor: Client, choose: Callable, site: Site
):
    other = Site.objects.create(
        hostname="other.example", root_page=site.root_page, site_name="The other one"
    )
    row = Appearance.objects.create(site=other, accent="#7a1fa2")
    html = editor.get(reverse("helpdesk_appearance:sample", args=[row.pk]))

    assert f"/helpdesk/theme/{other.pk}/" in html.content.decode()
    assert "The other one" in html.content.decode()


@pytest.mark.parametrize("look", ["light", "dark", "rtl", "mobile", "\x00", "x" * 5000])
def test_the_preview_shows_the_sample_in_a_frame(
    editor: Client, choose: Callable, look: str
):
    row = choose(accent="#0b5f53")
    url = reverse("helpdesk_appearance:preview", args=[row.pk])
    html = editor.get(url, {"look": look}).content.decode()

    (source,) = re.findall(r'<iframe[^>]* src="([^"]+)"', html)
    assert editor.get(source.replace("&amp;", "&")).status_code == 200
    assert ("hdw-look__frame--narrow" in html) is (look == "mobile")


@pytest.mark.parametrize("name", ["preview", "sample"])
@pytest.mark.parametrize("pk", [99999, 10**30])
def test_what_is_not_there_cannot_be_previewed(editor: Client, name: str, pk: int):
    url = reverse(f"helpdesk_appearance:{name}", args=[pk])

    assert editor.get(url).status_code == 404
