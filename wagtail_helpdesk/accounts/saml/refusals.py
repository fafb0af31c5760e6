"""Why a document of a company's server is not taken: a word, and a text for people."""

from __future__ import annotations

from django.utils.translation import gettext as _


class RefusedError(Exception):
    """Something that was sent is not taken.

    Attributes:
        word: For the log, and for whoever runs the company's server. Never anything
            that was sent.
        status: The HTTP status of the answer.
    """

    def __init__(self, word: str, status: int = 403) -> None:
        super().__init__(word)
        self.word = word
        self.status = status


def told(word: str, provider: str) -> str:
    """What the person reads.

    Args:
        word: Of ``RefusedError``.
        provider: The provider's name.
    """
    values = {"provider": provider, "word": word}
    if word == "status":
        return _("%(provider)s did not sign you in. Try it once more.") % values
    if word in {"unasked", "lost"}:
        return (
            _(
                "This sign-in did not begin here, or took too long. Go to our sign-in "
                "page and choose %(provider)s."
            )
            % values
        )
    if word == "used":
        return (
            _(
                "This sign-in was used already. Go to our sign-in page and choose "
                "%(provider)s again."
            )
            % values
        )
    if word == "transient":
        return (
            _(
                "%(provider)s tells us another name of you each time (a transient "
                "NameID). Whoever runs it has to choose one that stays."
            )
            % values
        )
    if word == "several":
        return (
            _(
                "%(provider)s told us several e-mail addresses of you. Whoever runs it "
                "has to choose one."
            )
            % values
        )
    return (
        _(
            "What %(provider)s sent cannot be accepted (%(word)s). Try it once more; "
            "if that does not help, tell whoever runs it this word."
        )
        % values
    )
