"""Settings of the help desk: one dict, ``WAGTAIL_HELPDESK``, read when it is asked.

Use ``from wagtail_helpdesk.conf import helpdesk_settings``. Each setting is a property
with its meaning, unit and default; the settings reference is made from these texts.
The pattern is django-allauth's ``account/app_settings.py``.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.conf import settings

SETTING = "WAGTAIL_HELPDESK"

_T = TypeVar("_T")


class AppSettings:
    """The help desk's settings, never cached, so ``override_settings`` works."""

    def _dict(self) -> Mapping[str, Any]:
        """What the project wrote, or nothing."""
        return getattr(settings, SETTING, None) or {}

    def _setting(self, name: str, default: _T) -> _T:
        """The project's value of ``name``, or ``default``."""
        value: _T = self._dict().get(name, default)
        return value

    # -- Pages -------------------------------------------------------------------

    @property
    def BASE_TEMPLATE(self) -> str:
        """Template that the public pages extend.

        Name your site's base template, such as ``"base.html"``, and the help desk's
        pages appear inside it. It needs the blocks ``title`` and ``content``; with
        ``extra_css`` and ``extra_js`` the style sheet and script land in their best
        place.
        """
        return self._setting("BASE_TEMPLATE", "wagtail_helpdesk/standalone.html")

    @property
    def CONTENT_SECURITY_POLICY(self) -> str | None:
        """What the help desk's pages may load, as ``HeadersMiddleware`` sends it.

        Default ``None``: scripts and styles of the site alone, images also as data,
        and the video players; the hosts of ``STATIC_URL`` and ``MEDIA_URL`` are added.
        An empty text sends none. Where Django's ``SECURE_CSP`` or the setting of
        ``django-csp`` is there, that holds instead.
        """
        return self._setting("CONTENT_SECURITY_POLICY", None)

    @property
    def SHARED_PASSWORD_RATE_LIMIT(self) -> str:
        """How often one address may try a shared password of pages or documents.

        ``"20/h"`` is twenty wrong ones an hour, over all pages together. The period is
        ``s``, ``m``, ``h`` or ``d``. An empty text switches it off.
        """
        return self._setting("SHARED_PASSWORD_RATE_LIMIT", "20/h")

    @property
    def DATA_DOWNLOAD_RATE_LIMIT(self) -> str:
        """How often a customer may download their own data from a portal.

        ``"10/h"`` is ten times an hour. The period is ``s``, ``m``, ``h`` or ``d``.
        An empty text switches it off.
        """
        return self._setting("DATA_DOWNLOAD_RATE_LIMIT", "10/h")

    @property
    def ADD_PEOPLE_RATE_LIMIT(self) -> str:
        """How often a customer may add people to requests in a portal.

        ``"20/h"`` is twenty times an hour. The period is ``s``, ``m``, ``h`` or ``d``.
        An empty text switches it off.
        """
        return self._setting("ADD_PEOPLE_RATE_LIMIT", "20/h")

    @property
    def SUGGEST_RATE_LIMIT(self) -> str:
        """How often somebody is suggested articles while they type a subject.

        The same for whoever types into a search box that stands on a page as a block.

        ``"30/m"`` is thirty times a minute; after that nothing is suggested until the
        minute is over, and typing and sending go on as before. The period is ``s``,
        ``m``, ``h`` or ``d``. An empty text switches the limit off.
        """
        return self._setting("SUGGEST_RATE_LIMIT", "30/m")

    @property
    def DEFLECTION_DAYS(self) -> int:
        """Days for which it is kept what became of suggested articles.

        No names, no addresses and nothing that was typed; see ``helpdesk_tick``, which
        deletes what is older.
        """
        return self._setting("DEFLECTION_DAYS", 400)

    # -- Tickets -----------------------------------------------------------------

    @property
    def TICKET_PREFIX(self) -> str:
        """What stands before a ticket's number, as in ``HD-1042``."""
        return self._setting("TICKET_PREFIX", "HD-")

    @property
    def MAX_PARTICIPANTS(self) -> int:
        """How many people customers may add to one ticket; agents may add more."""
        return self._setting("MAX_PARTICIPANTS", 20)

    @property
    def UNDO_SEND_SECONDS(self) -> int:
        """Seconds an agent's reply waits before it leaves, so that it can be undone."""
        return self._setting("UNDO_SEND_SECONDS", 10)

    @property
    def TRASH_DAYS(self) -> int:
        """Days a ticket stays in the trash before it is deleted for good."""
        return self._setting("TRASH_DAYS", 30)

    @property
    def INBOX_REFRESH_SECONDS(self) -> int:
        """Seconds after which an open list of tickets asks for news; 0: never.

        Only while its tab is in front; after an error it waits longer.
        """
        return self._setting("INBOX_REFRESH_SECONDS", 20)

    # -- Mail --------------------------------------------------------------------

    @property
    def SWEEP_AFTER_REQUESTS(self) -> bool:
        """Whether requests to the help desk send the mail that is due.

        After such a request has been answered, at most once in ten seconds per
        process. Switch it off where ``helpdesk_worker`` or ``helpdesk_tick`` runs.
        """
        return self._setting("SWEEP_AFTER_REQUESTS", True)

    @property
    def MAX_RECEIPT_BYTES(self) -> int:
        """Largest mail that is taken, in bytes; its sender is told of a larger one.

        Default: 25 MiB, what most mail servers take. Reading one takes up to five
        times its size in memory.
        """
        return self._setting("MAX_RECEIPT_BYTES", 25 * 1024 * 1024)

    @property
    def RECEIPT_DAYS(self) -> int:
        """Days a mail is kept as it came, after it was taken into account.

        What could not be used is kept until somebody has looked at it.
        """
        return self._setting("RECEIPT_DAYS", 30)

    @property
    def KICK_AFTER_COMMIT(self) -> bool:
        """Whether each change starts a task that queues and sends what follows.

        With the default task backend that task runs within the request. Switch it off
        where ``helpdesk_worker`` runs: it looks every second by itself.
        """
        return self._setting("KICK_AFTER_COMMIT", True)

    # -- Attachments -------------------------------------------------------------

    @property
    def MAX_UPLOAD_BYTES(self) -> int:
        """Largest size of one attached file, in bytes. Default: 10 MiB."""
        return self._setting("MAX_UPLOAD_BYTES", 10 * 1024 * 1024)

    @property
    def MAX_UPLOAD_FILES(self) -> int:
        """Most files one message may carry."""
        return self._setting("MAX_UPLOAD_FILES", 10)

    @property
    def MAX_UPLOAD_TOTAL_BYTES(self) -> int:
        """Largest size of all files of one message together, in bytes.

        Default: 25 MiB, what most mail servers take.
        """
        return self._setting("MAX_UPLOAD_TOTAL_BYTES", 25 * 1024 * 1024)

    @property
    def ALLOWED_UPLOAD_EXTENSIONS(self) -> Sequence[str]:
        """Endings of file names that may be attached, in lower case, without a dot.

        Nothing that a browser would run in the page's origin (``html``, ``svg``,
        ``xml``) and no programs are among the defaults.
        """
        return self._setting(
            "ALLOWED_UPLOAD_EXTENSIONS",
            (
                *("png", "jpg", "jpeg", "gif", "webp", "avif", "heic", "bmp", "tiff"),
                *("pdf", "txt", "log", "md", "csv", "tsv", "json", "rtf"),
                *("doc", "docx", "xls", "xlsx", "ppt", "pptx"),
                *("odt", "ods", "odp", "pages", "numbers", "key"),
                *("zip", "gz", "7z", "eml", "msg", "ics", "vcf"),
                *("mp3", "m4a", "ogg", "wav", "mp4", "mov", "webm"),
            ),
        )

    # -- Forms -------------------------------------------------------------------

    @property
    def FORM_MIN_SECONDS(self) -> int:
        """Seconds a person needs at least to fill in a support form (time trap)."""
        return self._setting("FORM_MIN_SECONDS", 2)

    @property
    def FORM_RATE_LIMIT(self) -> str:
        """How often one address may send support forms: ``"10/h"`` is ten an hour.

        The period is ``s``, ``m``, ``h`` or ``d``. An empty text switches it off.
        """
        return self._setting("FORM_RATE_LIMIT", "10/h")

    @property
    def FORM_TOKEN_HOURS(self) -> int:
        """Hours a support form that was opened may still be sent."""
        return self._setting("FORM_TOKEN_HOURS", 24)

    # -- Sign-in -----------------------------------------------------------------

    @property
    def SESSION_ABSOLUTE_HOURS(self) -> int:
        """Hours after which a customer signs in again, however busy; 0: never.

        Default: 14 days. Agents and editors are not signed out by it. A portal page
        has the time-out of sessions in which nothing happens.
        """
        return self._setting("SESSION_ABSOLUTE_HOURS", 14 * 24)

    @property
    def REQUIRE_SECOND_FACTOR(self) -> bool:
        """Whether whoever works in the admin, and every agent, needs a second factor.

        Until they have set one up, the admin leads them to where they do that. Needs
        ``allauth.mfa`` and ``wagtail_helpdesk.accounts.second_factor``'s middleware.
        """
        return self._setting("REQUIRE_SECOND_FACTOR", False)

    @property
    def PORTAL_MAX_COLUMNS(self) -> int:
        """How many columns a portal's list may have beside the subject.

        More than ten are hard to read on most screens.
        """
        return self._setting("PORTAL_MAX_COLUMNS", 10)

    # -- Scale -------------------------------------------------------------------

    @property
    def REPLICAS(self) -> Sequence[str]:
        """Names of those ``DATABASES`` that are read replicas of ``default``.

        Used by ``wagtail_helpdesk.replicas``; PostgreSQL only.
        """
        return self._setting("REPLICAS", ())

    # -- Secrets -----------------------------------------------------------------

    @property
    def ENCRYPTION_KEYS(self) -> Sequence[str] | None:
        """Secrets that encrypt credentials and second factors, the newest first.

        Each is a long random text; a key is derived from it. Old secrets stay in the
        list until everything is encrypted anew. Default ``None``: the keys are derived
        from ``SECRET_KEY`` and ``SECRET_KEY_FALLBACKS``.
        """
        return self._setting("ENCRYPTION_KEYS", None)


def setting_names() -> list[str]:
    """Names of all settings, in the order they are documented."""
    return [name for name in vars(AppSettings) if name.isupper()]


def unknown_settings() -> dict[str, str | None]:
    """Names in the project's dict that no setting has.

    Returns:
        Each such name with the nearest setting that exists, or ``None``.
    """
    known = setting_names()
    unknown = {}
    for name in getattr(settings, SETTING, None) or {}:
        if name not in known:
            near = difflib.get_close_matches(str(name).upper(), known, n=1)
            unknown[str(name)] = near[0] if near else None
    return unknown


helpdesk_settings = AppSettings()
