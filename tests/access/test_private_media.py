"""Images and documents of private collections are private at every address they have.

Architecture, section 4, line 6; security.md 0.5.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path, re_path
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.views.serve import generate_image_url
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupCollectionPermission,
)

from example_site.urls import urlpatterns as site_patterns
from tests.factories import UserFactory
from tests.files import drawn_file
from tests.knowledge_base.factories import member_of
from wagtail_helpdesk.access.media import GuardedServeView
from wagtail_helpdesk.access.media_checks import (
    check_headers_middleware,
    check_private_files,
)
from wagtail_helpdesk.access.media_urls import guarded_media

pytestmark = pytest.mark.django_db

urlpatterns = [
    re_path(
        r"^signed/([^/]*)/(\d*)/([^/]*)/[^/]*$",
        GuardedServeView.as_view(),
        name="wagtailimages_serve",
    ),
    path("elsewhere/", include(guarded_media(originals="pictures/"))),
    *site_patterns,
]


def collection(name: str = "Secret", parent: Collection | None = None) -> Collection:
    above = parent or Collection.get_first_root_node()
    return above.add_child(instance=Collection(name=name))


def restrict(place: Collection, *groups: Group, password: str = "") -> Any:
    kind = "password" if password else "groups" if groups else "login"
    restriction = CollectionViewRestriction.objects.create(
        collection=place, restriction_type=kind, password=password
    )
    restriction.groups.set(groups)
    return restriction


def picture(place: Collection, name: str = "plan.png") -> Any:
    return get_image_model().objects.create(
        title="Plan", file=drawn_file(name), collection=place
    )


def paper(place: Collection, name: str = "prices.txt", text: bytes = b"prices") -> Any:
    return get_document_model().objects.create(
        title="Prices", file=ContentFile(text, name=name), collection=place
    )


def browser(user: Any = None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def secret(partners) -> Collection:
    place = collection()
    restrict(place, partners)
    return place


def addresses(image: Any) -> list[str]:
    """Where the files of an image are: as uploaded, and in one size."""
    return [image.file.url, image.get_rendition("width-100").url]


def test_a_public_image_is_for_everyone_and_may_be_kept(secret):
    image = picture(collection("Open"))
    for address in addresses(image):
        response = browser().get(address)
        assert response.status_code == 200
        assert response["Content-Type"] == "image/png"
        assert response["Cache-Control"] == "public, max-age=3600"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "Cookie" not in response.get("Vary", "")
        assert b"".join(response.streaming_content).startswith(b"\x89PNG")


def test_a_public_image_that_has_not_changed_is_not_sent_again():
    address = picture(collection("Open")).file.url
    since = browser().get(address)["Last-Modified"]
    assert browser().get(address, headers={"if-modified-since": since}).status_code == (
        304
    )


def test_a_private_image_is_for_members_only_and_kept_by_nobody(secret, partners):
    image = picture(secret)
    member, stranger = browser(member_of(partners)), browser(member_of())
    for address in addresses(image):
        for refused in (browser(), stranger):
            assert refused.get(address).status_code == 404
        response = member.get(address)
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-store"
        assert "Cookie" in response["Vary"]
        assert "ETag" not in response
        assert "Last-Modified" not in response
        kept = {"if-modified-since": "Wed, 21 Oct 2099 07:28:00 GMT"}
        assert member.get(address, headers=kept).status_code == 200


def test_privacy_comes_from_the_collections_above(secret, partners):
    image = picture(collection("Below", parent=collection("Between", parent=secret)))
    for address in addresses(image):
        assert browser().get(address).status_code == 404
        assert browser(member_of(partners)).get(address).status_code == 200


def test_every_restriction_on_the_way_has_to_be_passed(secret, partners):
    resellers = Group.objects.create(name="Resellers")
    inner = collection("Inner", parent=secret)
    restrict(inner, resellers)
    address = picture(inner).file.url
    assert browser(member_of(partners)).get(address).status_code == 404
    assert browser(member_of(resellers)).get(address).status_code == 404
    assert browser(member_of(partners, resellers)).get(address).status_code == 200


def test_signing_in_or_a_shared_password_is_enough_where_that_is_asked():
    signed_in, shared = collection("Signed in"), collection("Shared")
    restrict(signed_in)
    restriction = restrict(shared, password="open sesame")
    first, second = picture(signed_in).file.url, picture(shared, "b.png").file.url
    visitor = browser()
    assert visitor.get(first).status_code == visitor.get(second).status_code == 404
    assert browser(member_of()).get(first).status_code == 200
    assert browser(member_of()).get(second).status_code == 404
    visitor.post(
        f"/documents/authenticate_with_password/{restriction.pk}/",
        {"password": "open sesame", "return_url": "/"},
    )
    assert visitor.get(second).status_code == 200


def test_a_private_image_answers_exactly_as_one_that_never_was(secret):
    """Same status, same headers, same bytes but for the name in the address."""
    private = picture(secret, "aaaa.png").file.url
    for user in (None, member_of()):
        first = browser(user).get(private)
        second = browser(user).get(private.replace("aaaa", "bbbb"))
        assert first.status_code == second.status_code == 404
        assert dict(first.headers) == dict(second.headers)
        assert first["Cache-Control"] == "private, no-store"
        assert first.content.replace(b"aaaa", b"") == second.content.replace(
            b"bbbb", b""
        )


def test_an_image_moved_into_a_private_collection_is_private_at_once(secret):
    image = picture(collection("Open"))
    address = image.get_rendition("width-100").url
    assert browser().get(address).status_code == 200
    get_image_model().objects.filter(pk=image.pk).update(collection=secret)
    assert browser().get(address).status_code == 404


def test_two_images_with_one_file_are_as_private_as_the_stricter(secret):
    image = picture(collection("Open"))
    copy = get_image_model()(title="Copy", collection=secret, width=1, height=1)
    copy.file = image.file.name
    copy.save()
    assert browser().get(image.file.url).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "images/never.png",
        "images/../private/never.txt",
        "images/./plan.png",
        "original_images//plan.png",
        "original_images/PLAN.png",
        "original_images/plan.png/",
        "original_images/%00.png",
        "original_images/%2e%2e/%2e%2e/etc/passwd",
        "original_images/" + "a" * 3000,
        "original_images/%F0%9F%92%A9%ED%A0%80.png",
    ],
)
def test_no_address_gets_round_the_guard_or_breaks_it(secret, name):
    picture(secret, "plan.png")
    assert browser().get(f"/media/{name}").status_code == 404


def test_a_file_without_an_image_is_not_sent():
    """What is left over may have been private."""
    storages["default"].save("images/left-over.png", drawn_file())
    assert browser().get("/media/images/left-over.png").status_code == 404


def test_an_image_whose_file_is_gone_is_missing():
    image = picture(collection("Open"))
    image.file.storage.delete(image.file.name)
    assert browser().get(image.file.url).status_code == 404


def test_only_reading_is_possible():
    image = picture(collection("Open"))
    assert browser().post(image.file.url).status_code == 405
    assert browser().head(image.file.url).status_code == 200


def test_whoever_works_with_images_in_the_admin_sees_them_there(secret):
    address = picture(secret).get_rendition("max-165x165").url
    editor = UserFactory()
    assert browser(editor).get(address).status_code == 404
    writers = Group.objects.create(name="Writers")
    editor.groups.add(writers)
    GroupCollectionPermission.objects.create(
        group=writers,
        collection=secret,
        permission=Permission.objects.get(
            content_type__app_label="wagtailimages", codename="choose_image"
        ),
    )
    # Without the admin it is a customer in the wrong group.
    assert browser(editor).get(address).status_code == 404
    writers.permissions.add(Permission.objects.get(codename="access_admin"))
    response = browser(editor).get(address)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert browser(UserFactory(is_superuser=True)).get(address).status_code == 200


def test_the_number_of_queries_does_not_grow(secret, partners):
    open_image, private = picture(collection("Open")), picture(secret, "b.png")
    member = browser(member_of(partners))
    # The first request of a session also begins its time.
    assert member.get(addresses(private)[1]).status_code == 200
    counts = []
    for round in range(2):
        found = []
        for client, address in (
            (browser(), addresses(open_image)[1]),
            (member, addresses(private)[1]),
        ):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        counts.append(found)
        for number in range(5):
            more = collection(f"More {round} {number}", parent=secret)
            restrict(more, partners)
            picture(more, f"more{round}{number}.png").get_rendition("width-100")
    assert counts[0] == counts[1]
    # The image and the restrictions; then the session, the user and the groups.
    assert counts[0] == [2, 5]


@pytest.mark.parametrize("kind", ["signed", "elsewhere"])
def test_other_places_of_images_are_guarded_too(secret, partners, settings, kind):
    settings.ROOT_URLCONF = __name__
    image = picture(secret)
    address = (
        generate_image_url(image, "width-100")
        if kind == "signed"
        else image.get_rendition("width-100").url.replace("/media/", "/elsewhere/")
    )
    refused = browser().get(address)
    assert refused.status_code == 404
    assert refused["Cache-Control"] == "private, no-store"
    response = browser(member_of(partners)).get(address)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_a_public_image_by_signed_address_is_as_in_wagtail(settings):
    settings.ROOT_URLCONF = __name__
    image = picture(collection("Open"))
    address = generate_image_url(image, "width-100")
    assert browser().get(address)["Cache-Control"] == "max-age=3600, public"
    forged = address.replace("width-100", "width-200")
    assert browser().get(forged).status_code == 403


# -- Documents


def test_a_private_document_is_kept_by_no_cache(secret, partners):
    document = paper(secret)
    response = browser(member_of(partners)).get(document.url)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"prices"
    assert response["Cache-Control"] == "private, no-store"
    assert "Cookie" in response["Vary"]
    assert "ETag" not in response


def test_no_answer_about_a_private_document_is_kept(secret, settings):
    document = paper(secret)
    response = browser().get(document.url)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={document.url}"
    assert "no-store" in response["Cache-Control"]
    settings.WAGTAILDOCS_SERVE_METHOD = "redirect"
    boss = browser(UserFactory(is_superuser=True))
    response = boss.get(document.url)
    assert response.status_code == 302
    assert response["Cache-Control"] == "private, no-store"


def test_signed_in_without_the_group_a_document_is_403_and_no_loop(secret):
    """Security.md 0.3."""
    response = browser(member_of()).get(paper(secret).url)
    assert response.status_code == 403
    assert "Prices" not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_a_shared_password_is_asked_for_before_a_document():
    place = collection()
    restrict(place, password="open sesame")
    response = browser(member_of()).get(paper(place).url)
    assert response.status_code == 200
    assert 'type="password"' in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_a_public_document_is_left_to_wagtail(secret):
    response = browser().get(paper(collection("Open")).url)
    assert response.status_code == 200
    assert "Cache-Control" not in response
    assert "ETag" in response


def test_the_file_of_a_document_has_no_side_door(secret, partners):
    private, public = paper(secret), paper(collection("Open"), "page.html", b"<p>")
    assert browser().get(private.file.url).status_code == 404
    response = browser(member_of(partners)).get(private.file.url)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    shown = browser().get(public.file.url)
    assert shown.status_code == 200
    assert shown["Content-Disposition"].startswith("attachment")
    assert "sandbox" in shown["Content-Security-Policy"]


# -- System checks


@pytest.fixture
def without_guard(settings):
    settings.ROOT_URLCONF = "tests.accounts.open_urls"


def warnings() -> list[str]:
    return [warning.msg for warning in check_private_files(None, ["default"])]


def test_private_files_at_open_addresses_are_named(secret, without_guard):
    inner = collection("Below", parent=secret)
    image, document = picture(inner), paper(inner)
    rendition = image.get_rendition("width-100")
    found = warnings()
    assert [text.split(" lie ")[0] for text in found] == [
        "1 images",
        "1 sizes of images",
        "1 documents",
    ]
    for text, address in zip(
        found, (image.file.url, rendition.url, document.file.url), strict=True
    ):
        assert text.endswith(address)
    assert {w.id for w in check_private_files(None, ["default"])} == {
        "wagtail_helpdesk.W011"
    }


def test_guarded_files_and_public_ones_are_nothing_to_warn_of(secret, settings):
    picture(secret), paper(secret)
    assert warnings() == []
    settings.MEDIA_URL = "https://cdn.example.com/media/"
    assert warnings() == []


def test_a_site_without_private_collections_needs_no_guard(without_guard):
    picture(collection("Open"))
    assert warnings() == []


def test_the_database_is_asked_only_when_it_may_be(secret, without_guard):
    picture(secret)
    assert check_private_files(None) == check_private_files(None, ["other"]) == []


def test_a_missing_middleware_is_named(settings):
    assert check_headers_middleware(None) == []
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if "Headers" not in name
    ]
    (message,) = check_headers_middleware(None)
    assert message.id == "wagtail_helpdesk.W012"
