"""What the portal adds to a support form: whom it is for, and what was asked before."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest

from wagtail_helpdesk.access.contacts import contact_for
from wagtail_helpdesk.actions import OnBehalf, OpenedTicket
from wagtail_helpdesk.forms.doors import FormDoor
from wagtail_helpdesk.models import Contact, Deflection
from wagtail_helpdesk.portal import kept_text
from wagtail_helpdesk.portal.consent import needs_consent
from wagtail_helpdesk.portal.duplicates import ANYWAY, Similar, similar_to
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.on_behalf import ForWhomForm
from wagtail_helpdesk.portal.suggestions import record

_INCLUDES = "wagtail_helpdesk/portal/includes"


class PortalDoor(FormDoor):
    """The portal's part of a form, simple or not.

    Args:
        visit: The visit of a customer who may come in.

    Attributes:
        similar: What was asked before, once ``has_doubts`` has found it.
        kept_person: For whom it was, of a form that was sent after the session ended.
    """

    before_template = f"{_INCLUDES}/form_door.html"

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.similar: Similar | None = None
        self.kept_person = ""

    @cached_property
    def for_whom(self) -> ForWhomForm:
        """The question for whom it is, with the answer if there is one."""
        request = self.visit.request
        # The form engine shows the page again as if it had been asked for.
        data = request.POST if request.POST else None
        initial = {"person": self.kept_person}
        return ForWhomForm(data, initial=initial, contact=self.visit.contact)

    def check(self, request: HttpRequest, form: Any) -> None:
        if not self.for_whom.is_valid():
            for error in self.for_whom.errors.get("person", []):
                form.add_error(None, error)

    @property
    def on_behalf(self) -> OnBehalf | None:
        valid = self.for_whom.is_bound and self.for_whom.is_valid()
        return self.for_whom.on_behalf if valid else None

    @property
    def content(self) -> str:
        person = self.on_behalf
        return str(person.contact.public_id) if person else ""

    def has_doubts(self, contact: Contact | None, subject: str) -> bool:
        if contact is None or self.visit.request.POST.get(ANYWAY):
            return False
        self.similar = similar_to(self.visit, contact, subject)
        return self.similar is not None

    def was_opened(self, opened: OpenedTicket) -> None:
        request = self.visit.request
        kept_text.forget(request, self.visit.new_url)
        if opened.created:
            record(request, self.visit.page.pk, Deflection.Kind.FILED)


def door_for(page: Any, request: HttpRequest) -> PortalDoor | None:
    """The portal's part of a support form, for a customer who may come in.

    Args:
        page: The portal's page.
        request: The request that shows or sends the form.
    """
    contact = contact_for(getattr(request, "user", None))
    if contact is None or not page.is_active or not page.lets_in(request, contact):
        return None
    if needs_consent(page, contact):
        return None
    visit = Visit(
        page=page,
        request=request,
        contact=contact,
        rules=page.rules,
        labels=page.labels,
    )
    return PortalDoor(visit)
