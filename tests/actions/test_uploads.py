"""What may be attached, under which name, and where the bytes go."""

import hashlib
import unicodedata

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import MessageFactory
from tests.files import PNG
from wagtail_helpdesk.actions.uploads import (
    Upload,
    check_uploads,
    clean_filename,
    sniff,
    store_uploads,
)
from wagtail_helpdesk.exceptions import ActionError


def upload(name: str, content: bytes) -> Upload:
    return Upload(name=name, content=ContentFile(content))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\foto.png", "foto.png"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\x00b\nc.txt", "a b c.txt"),
        ("con<1>:2.txt", "con_1__2.txt"),
        ("résumé.pdf", "résumé.pdf"),
        ("re\u0301sume\u0301.pdf", "résumé.pdf"),
        ("صورة.png", "صورة.png"),
        ("", "file"),
        ("..", "file"),
        ("/", "file"),
        (".env", "env"),
        ("a.txt. . ", "a.txt"),
        ("x" * 400 + ".jpeg", "x" * 195 + ".jpeg"),
    ],
)
def test_names_lose_what_deceives_and_keep_what_is_read(sent, kept):
    assert clean_filename(sent) == kept


@given(st.text())
def test_a_cleaned_name_is_safe_to_store_to_show_and_to_clean_again(name):
    cleaned = clean_filename(name)

    assert 0 < len(cleaned) <= 200
    assert not set(cleaned) & set('/\\<>:"|?*\x00\n\r')
    assert cleaned == cleaned.strip(" .")
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in cleaned)
    assert not any(unicodedata.bidirectional(c) in {"RLO", "LRO"} for c in cleaned)
    assert clean_filename(cleaned) == cleaned
    cleaned.encode()


@given(st.text(max_size=20), st.sampled_from(["exe", "png", "HTML", "txt"]))
def test_an_ending_that_is_shown_is_the_ending_that_is_checked(stem, ending):
    """Nothing after the check may turn an allowed name into another one."""
    cleaned = clean_filename(f"{stem}.{ending}")
    allowed = cleaned.lower().endswith((".png", ".txt"))

    try:
        sniff(upload(f"{stem}.{ending}", PNG if ending == "png" else b"text"))
    except ActionError as error:
        assert error.code == "file_type"
        assert not allowed
    else:
        assert allowed


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.png", PNG, "image/png"),
        ("a.jpg", PNG, "image/png"),
        ("A.PNG", PNG, "image/png"),
        ("a.pdf", b"%PDF-1.7 ...", "application/pdf"),
        ("a.txt", "größer".encode(), "text/plain"),
        ("a.txt", b"MZ is how it begins", "text/plain"),
        ("a.csv", "größer".encode("latin-1"), "application/octet-stream"),
        ("a.log", "text".encode("utf-16"), "application/octet-stream"),
        ("a.json", b"<script>alert(1)</script>", "text/plain"),
        ("a.zip", b"PK\x03\x04rest", "application/zip"),
        ("a.docx", b"anything", "application/octet-stream"),
    ],
)
def test_the_bytes_say_what_a_file_is(name, content, content_type):
    assert sniff(upload(name, content)) == content_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg onload='x'/>"),
        ("a.html", b"<p>"),
        ("a.exe", b"MZ\x90\x00"),
        ("a.zip", b"MZ\x90\x00"),
        ("a.doc", b"\x7fELF\x02\x01" + b"\x00" * 60),
        ("a.png", b"<script>"),
        ("a.png", b"%PDF-1.7"),
        ("a.pdf", b"<html>"),
        ("a.txt", b"a\x00b"),
        ("a.txt", PNG),
        ("a", b"text"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(name, content):
    with pytest.raises(ActionError) as refused:
        sniff(upload(name, content))

    assert refused.value.code == "file_type"
    assert f"“{name}”" in str(refused.value)


def test_text_is_checked_to_its_last_byte():
    long_text = b"x" * 200_000

    assert sniff(upload("a.txt", long_text + "é".encode())) == "text/plain"
    with pytest.raises(ActionError):
        sniff(upload("a.txt", long_text + b"\x00"))


def test_a_site_that_allows_pages_still_never_serves_them_as_pages(settings):
    settings.WAGTAIL_HELPDESK = {"ALLOWED_UPLOAD_EXTENSIONS": ["html", "svg"]}

    assert sniff(upload("a.html", b"<script>")) == "text/plain"
    assert sniff(upload("a.svg", b"<svg/>")) == "text/plain"


@pytest.mark.parametrize(
    ("limits", "sizes", "code"),
    [
        ({"MAX_UPLOAD_FILES": 2}, [1, 1, 1], "too_many_files"),
        ({"MAX_UPLOAD_BYTES": 10}, [11], "file_too_large"),
        ({"MAX_UPLOAD_TOTAL_BYTES": 10}, [6, 6], "total_too_large"),
        ({}, [0], "file_empty"),
    ],
)
def test_limits_hold_and_say_which(settings, limits, sizes, code):
    settings.WAGTAIL_HELPDESK = limits

    with pytest.raises(ActionError) as refused:
        check_uploads([upload(f"{n}.txt", b"x" * n) for n in sizes])

    assert refused.value.code == code
    assert refused.value.field == "files"


def test_exactly_at_the_limits_is_fine(settings):
    settings.WAGTAIL_HELPDESK = {
        "MAX_UPLOAD_FILES": 2,
        "MAX_UPLOAD_BYTES": 5,
        "MAX_UPLOAD_TOTAL_BYTES": 10,
    }

    check_uploads([upload("a.txt", b"12345"), upload("b.txt", b"12345")])


@pytest.mark.django_db
def test_a_stored_file_tells_nothing_by_its_path():
    [stored] = store_uploads(MessageFactory(), [upload("payroll.txt", b"secret")])

    assert stored.sha256 == hashlib.sha256(b"secret").hexdigest()
    assert (stored.size, stored.content_type) == (6, "text/plain")
    assert "payroll" not in stored.file.name
    assert stored.file.storage == storages["helpdesk_private"]


@pytest.mark.django_db
def test_files_of_a_message_that_fails_do_not_stay_on_the_disk():
    storage = storages["helpdesk_private"]
    before = _files(storage)

    with pytest.raises(ActionError):
        store_uploads(
            MessageFactory(), [upload("a.txt", b"x"), upload("b.exe", b"MZ\x90\x00")]
        )

    assert _files(storage) == before


def _files(storage) -> set[str]:
    root = "helpdesk/attachments"
    if not storage.exists(root):
        return set()
    folders = storage.listdir(root)[0]
    return {f"{f}/{n}" for f in folders for n in storage.listdir(f"{root}/{f}")[1]}
