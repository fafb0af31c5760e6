"""Which mails a machine wrote, and which must not be answered by a machine.

Two questions, since they differ: what a mailing list hands on was written by a person,
and still an automatic answer to it would reach the whole list (RFC 3834, section 2).
"""

from __future__ import annotations

import re

from wagtail_helpdesk.channels.email.addresses import is_machine
from wagtail_helpdesk.channels.email.headers import Headers

_AUTO_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply")
# How the vacation notices of programs begin that set no header, in their languages.
_SUBJECTS = re.compile(
    r"^\s*(?:(?:re|aw|sv|antw|ref)\s*:\s*)*"
    r"(?:\[?auto(?:matic|mated|matische|matisch|matisk|matica)?[ -]?"
    r"(?:reply|response|antwort|antwoord|svar|risposta)\b"
    r"|out of (?:the )?office\b|abwesenheits(?:notiz|assistent)\b"
    r"|automatische abwesenheit|respuesta autom[áa]tica\b|fuera de (?:la )?oficina\b"
    r"|resposta autom[áa]tica\b|fora do escrit[óo]rio\b|r[ée]ponse automatique\b"
    r"|risposta automatica\b|fuori sede\b|afwezigheids|automaattinen vastaus"
    r"|автоответ|автоматический ответ|自動応答|自动回复|自動回覆|رد تلقائي)",
    re.IGNORECASE,
)
_SUPPRESS = re.compile(r"\b(?:all|oof|autoreply)\b", re.IGNORECASE)


def written_by_machine(headers: Headers, subject: str) -> bool:
    """Whether nobody wrote the mail: a vacation notice, a receipt, an alarm.

    Args:
        headers: The mail's fields.
        subject: The subject, decoded.
    """
    submitted = headers.first("auto-submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return True
    if headers.first("precedence").strip().lower() in ("auto_reply", "auto-reply"):
        return True
    if any(
        headers.first(name).strip().lower() not in ("", "no", "false")
        for name in _AUTO_HEADERS
    ):
        return True
    return bool(_SUBJECTS.match(subject[:500]))


def may_be_answered(headers: Headers, sender: str) -> bool:
    """Whether a machine may answer the mail, as far as the mail itself tells.

    Args:
        headers: The mail's fields.
        sender: Its sender's address.
    """
    if headers.first("return-path").strip() == "<>" or is_machine(sender):
        return False
    if headers.first("precedence").strip().lower() in ("bulk", "list", "junk"):
        return False
    if any(name in headers for name in ("list-id", "list-unsubscribe", "list-post")):
        return False
    return not _SUPPRESS.search(headers.first("x-auto-response-suppress"))
