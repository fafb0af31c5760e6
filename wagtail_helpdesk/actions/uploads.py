"""Files that come with a message: what is taken, under which name, and where it goes.

The bytes decide, not the browser: the type is read from the content (``filetype``), the
ending must be one the site allows, and what claims to be text has to be text.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype
from django.core.files import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.actions.together import insert_attachments, note_stored
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Attachment, Message

UNKNOWN_TYPE = "application/octet-stream"
TEXT_TYPE = "text/plain"

_TEXT_ENDINGS = frozenset(
    {
        "txt",
        "log",
        "md",
        "csv",
        "tsv",
        "json",
        "eml",
        "ics",
        "vcf",
        "xml",
        "html",
        "svg",
    }
)
_IMAGE_ENDINGS = frozenset(
    {"png", "jpg", "jpeg", "gif", "webp", "avif", "heic", "bmp", "tif", "tiff"}
)
_PROGRAM_TYPES = frozenset(
    {
        "application/x-msdownload",
        "application/x-executable",
        "application/x-shockwave-flash",
        "application/x-google-chrome-extension",
        "application/x-deb",
        "application/x-rpm",
        "application/wasm",
    }
)
_RESERVED = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_MAX_NAME = 200
_HEAD_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in.

    Attributes:
        name: The name the sender's machine gave it.
        content: The bytes; read from the start, whatever was read before.
        content_type: The type the sender claims. Kept for the record, never believed.
    """

    name: str
    content: File
    content_type: str = ""

    @property
    def size(self) -> int:
        """Size in bytes."""
        return int(self.content.size)


def clean_filename(name: str) -> str:
    """A name that any system can store and that reads as what it is.

    Folders, control characters and reversing marks go, as do dots and spaces at both
    ends; characters that Windows reserves become underscores. At most 200 characters,
    the ending always among them.

    Args:
        name: What the sender's machine called the file.

    Returns:
        The name, never empty. Cleaning it again changes nothing.
    """
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    line = clean_line(last, max_length=10_000).translate(_RESERVED).strip(" .")
    path = PurePosixPath(line)
    stem, ending = path.stem.rstrip(" ."), path.suffix[:20].rstrip()
    if not stem:
        stem, ending = "file", ending if ending != "." else ""
    return stem[: _MAX_NAME - len(ending)].rstrip(" .") + ending


def check_uploads(uploads: Sequence[Upload]) -> None:
    """Refuse what may not be attached, naming the file.

    Args:
        uploads: All files of one message.

    Raises:
        ActionError: With the code ``too_many_files``, ``total_too_large``,
            ``file_too_large``, ``file_empty`` or ``file_type``.
    """
    most = helpdesk_settings.MAX_UPLOAD_FILES
    if len(uploads) > most:
        raise ActionError(
            "too_many_files",
            ngettext(
                "Attach at most %(most)d file; you chose %(chosen)d.",
                "Attach at most %(most)d files; you chose %(chosen)d.",
                most,
            )
            % {"most": most, "chosen": len(uploads)},
            field="files",
        )
    for upload in uploads:
        _check_size(upload)
    total = helpdesk_settings.MAX_UPLOAD_TOTAL_BYTES
    if sum(upload.size for upload in uploads) > total:
        raise ActionError(
            "total_too_large",
            _("The files together are larger than %(limit)s. Send some of them later.")
            % {"limit": filesizeformat(total)},
            field="files",
        )
    for upload in uploads:
        sniff(upload)


def _check_size(upload: Upload) -> None:
    name = clean_filename(upload.name)
    if upload.size == 0:
        raise ActionError(
            "file_empty",
            _("The file “%(name)s” is empty. Choose another one.") % {"name": name},
            field="files",
        )
    limit = helpdesk_settings.MAX_UPLOAD_BYTES
    if upload.size > limit:
        raise ActionError(
            "file_too_large",
            _("The file “%(name)s” is larger than %(limit)s.")
            % {"name": name, "limit": filesizeformat(limit)},
            field="files",
        )


def sniff(upload: Upload) -> str:
    """Find the type of a file in its bytes.

    Args:
        upload: A file that is not empty.

    Returns:
        A media type. Everything that is text is ``text/plain``, whatever its ending,
        so that no browser ever runs it; what is not known is
        ``application/octet-stream``.

    Raises:
        ActionError: With the code ``file_type``: the ending is not allowed, or the
            content is not what the ending says.
    """
    name = clean_filename(upload.name)
    ending = PurePosixPath(name).suffix.lstrip(".").casefold()
    if ending not in helpdesk_settings.ALLOWED_UPLOAD_EXTENSIONS:
        raise ActionError(
            "file_type",
            _("Files like “%(name)s” cannot be attached. Allowed are: %(endings)s.")
            % {
                "name": name,
                "endings": ", ".join(helpdesk_settings.ALLOWED_UPLOAD_EXTENSIONS),
            },
            field="files",
        )
    kind = _read_kind(upload)
    if ending in _TEXT_ENDINGS:
        if _is_text(upload):
            return TEXT_TYPE
        fits = kind is None and not _has_nul(upload)
        kind = None
    elif ending in _IMAGE_ENDINGS:
        fits = kind is not None and kind.startswith("image/")
    elif ending == "pdf":
        fits = kind == "application/pdf"
    else:
        fits = kind not in _PROGRAM_TYPES
    if not fits:
        raise ActionError(
            "file_type",
            _(
                "The content of “%(name)s” is not what its ending says. "
                "Save it in its own format and attach it again."
            )
            % {"name": name},
            field="files",
        )
    return kind or UNKNOWN_TYPE


def _read_kind(upload: Upload) -> str | None:
    upload.content.seek(0)
    kind = filetype.guess(upload.content.read(_HEAD_BYTES))
    return str(kind.mime) if kind is not None else None


def _is_text(upload: Upload) -> bool:
    """Whether all of it is UTF-8 without a NUL."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    upload.content.seek(0)
    try:
        for chunk in upload.content.chunks():
            if b"\x00" in chunk:
                return False
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _has_nul(upload: Upload) -> bool:
    """Whether it is binary; text in UTF-16 says so in its first two bytes."""
    upload.content.seek(0)
    if upload.content.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return False
    upload.content.seek(0)
    return any(b"\x00" in chunk for chunk in upload.content.chunks())


def store_uploads(message: Message, uploads: Sequence[Upload]) -> list[Attachment]:
    """Attach files to a message, on private storage.

    To be called in the transaction that writes the message, after ``check_uploads``.

    Args:
        message: The saved message.
        uploads: Its files.

    Returns:
        The attachments, in the order of the files.

    Raises:
        ActionError: As ``check_uploads``, for a file that has changed since.
    """
    stored: list[Attachment] = []
    try:
        for upload in uploads:
            stored.append(_store(message, upload))
        insert_attachments(stored)
    except BaseException:
        # The rows go with the transaction, the files would stay behind.
        for attachment in stored:
            attachment.file.delete(save=False)
        raise
    return stored


def _store(message: Message, upload: Upload) -> Attachment:
    content_type = sniff(upload)
    digest = hashlib.sha256()
    upload.content.seek(0)
    for chunk in upload.content.chunks():
        digest.update(chunk)
    upload.content.seek(0)
    name = clean_filename(upload.name)
    attachment = Attachment(
        message=message,
        name=name,
        content_type=content_type,
        size=upload.size,
        sha256=digest.hexdigest(),
    )
    attachment.file.save(name, upload.content, save=False)
    note_stored(attachment)
    return attachment
