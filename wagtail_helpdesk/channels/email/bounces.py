"""Reports on mails of ours that did not arrive (RFC 3464), also the informal ones."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.channels.email.headers import Headers

_SENDERS = re.compile(
    r"^(?:mailer-daemon|mail-daemon|postmaster|mailerdaemon|mdaemon|bounces?)\b", re.I
)
_SUBJECTS = re.compile(
    r"undeliver|delivery (?:status notification|failure|has failed|problem|report)"
    r"|failure notice|returned mail|mail delivery|returned to sender"
    r"|could not be delivered|unzustellbar|nicht zugestellt"
    r"|no se ha podido entregar"
    r"|no entregado|n[ãa]o (?:foi )?entregue|mancata consegna|non remis|onbestelbaar",
    re.I,
)
_STATUS = re.compile(r"^Status:\s*([245]\.\d{1,3}\.\d{1,3})", re.I | re.M)
_ANY_STATUS = re.compile(r"(?<![\d.])([45])(?:\d\d)?[ -]*#?\(?([45]\.\d{1,3}\.\d{1,3})")
_DIAGNOSTIC = re.compile(r"^Diagnostic-Code:\s*([^\n]{1,500})", re.I | re.M)
_CODE = re.compile(r"(?:^|\s)([45]\d\d)[ -]", re.M)


@dataclass(frozen=True, slots=True)
class Bounce:
    """What became of a mail.

    Attributes:
        status: Enhanced status code such as ``5.1.1`` (RFC 3463), or empty.
        reason: What the other server said, one line; or empty.
    """

    status: str = ""
    reason: str = ""

    @property
    def is_permanent(self) -> bool:
        """Whether trying again is of no use; a report without a code counts as such."""
        return not self.status.startswith(("2", "4"))


def bounce_in(
    headers: Headers, *, sender: str, subject: str, text: str
) -> Bounce | None:
    """Read a report on a mail that did not arrive.

    Args:
        headers: The mail's fields.
        sender: Its sender's address.
        subject: Its subject.
        text: Its raw text with all parts, or the beginning of it.

    Returns:
        ``None``: it is no such report.
    """
    kind = headers.first("content-type").lower()
    formal = "multipart/report" in kind and "disposition-notification" not in kind
    from_daemon = bool(_SENDERS.match(sender))
    nobody = headers.first("return-path").strip() == "<>"
    informal = "x-failed-recipients" in headers or (
        (from_daemon or nobody) and bool(_SUBJECTS.search(subject[:500]))
    )
    if not formal and not informal:
        return None
    status = _STATUS.search(text)
    any_status = _ANY_STATUS.search(text)
    code = _CODE.search(text)
    diagnostic = _DIAGNOSTIC.search(text)
    if status:
        found = status[1]
    elif any_status:
        found = any_status[2]
    else:
        found = f"{code[1][0]}.0.0" if code else ""
    if not found and "delay" in subject[:500].lower():
        found = "4.0.0"
    reason = diagnostic[1].partition(";")[2] or diagnostic[1] if diagnostic else ""
    return Bounce(status=found, reason=clean_line(reason, 300))
