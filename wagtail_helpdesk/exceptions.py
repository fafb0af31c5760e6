"""What the help desk raises; views turn these into answers, never into a 500."""

from __future__ import annotations

from django.utils.functional import Promise


class HelpdeskError(Exception):
    """Base of every error of this package."""


class ActionPermissionError(HelpdeskError):
    """The actor may not do this. Views answer as for a missing object."""


class ActionError(HelpdeskError):
    """The input of an action is wrong; nothing was written.

    Attributes:
        code: A stable machine word, such as ``"file_too_large"``.
        message: What was wrong, with which value, and how to mend it, translated.
        field: The name of the input it is about, or ``None``.
    """

    def __init__(
        self, code: str, message: str | Promise, *, field: str | None = None
    ) -> None:
        super().__init__(str(message))
        self.code = code
        self.message = message
        self.field = field


class ConversationChanged(ActionError):
    """Somebody wrote while the agent was writing (R16); sending may be forced."""


class CredentialsLost(HelpdeskError):
    """A secret cannot be decrypted with the keys that are configured."""
