"""What a page adds to the support forms that stand on it.

A page type says so in ``support_form_door(request)``, which returns a ``FormDoor`` or
``None``. The portal's does: it warns of what was asked before, and lets managers send
for their colleagues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail_helpdesk.actions import OnBehalf, OpenedTicket

if TYPE_CHECKING:
    from django.http import HttpRequest

    from wagtail_helpdesk.forms.builder import VisitorForm
    from wagtail_helpdesk.models import Contact


class FormDoor:
    """A door that adds nothing; subclasses override what they need."""

    #: Template of what stands above the questions; its context has ``live_form``.
    before_template = ""

    def check(self, request: HttpRequest, form: VisitorForm) -> None:
        """Look at what was sent, and add to the form what is wrong.

        Args:
            request: The POST.
            form: The form; may be invalid already.
        """

    @property
    def on_behalf(self) -> OnBehalf | None:
        """For whom it is sent, if not for the visitor; asked after ``check``."""
        return None

    @property
    def content(self) -> str:
        """What was sent beside the form's own questions, for telling it apart."""
        return ""

    def has_doubts(self, contact: Contact | None, subject: str) -> bool:
        """Whether to show the form once more, with a question, before it is filed.

        Args:
            contact: Whose ticket it will be; ``None``: somebody new.
            subject: The ticket's subject.
        """
        return False

    def was_opened(self, opened: OpenedTicket) -> None:
        """Told of the ticket, also when the same form comes a second time.

        Args:
            opened: What was opened.
        """
