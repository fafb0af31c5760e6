"""The question how our help was, as a customer reads and answers it (F13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.actions import RateTicket
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.forms.inputs import LongTextField
from wagtail_helpdesk.models import Contact, PortalRules, SatisfactionRating, Ticket
from wagtail_helpdesk.models.satisfaction import MAX_COMMENT, rating_ends_at
from wagtail_helpdesk.rate_limits import count_attempt
from wagtail_helpdesk.system_pages import too_many_requests

#: How often one customer may press the button, and in how many seconds.
TRIES = (30, 60 * 60)


class RatingForm(forms.Form):
    """One of five answers, and a comment.

    Args:
        data: What was sent; ``None``: the form as it was answered, or empty.
        given: What was said before.
        chosen: What the address or an ended session has chosen; nonsense counts as
            not chosen.
    """

    use_required_attribute = False

    score = forms.TypedChoiceField(
        label=_("Your rating"),
        choices=SatisfactionRating.Score.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the five answers."),
            "invalid_choice": _("Choose one of the five answers."),
        },
    )
    comment = LongTextField(
        label=_("Comment"),
        required=False,
        max_length=MAX_COMMENT,
        help_text=_("Only our team reads it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "max_length": _(
                "Your comment has %(show_value)d characters, and at most "
                "%(limit_value)d fit."
            )
        },
    )

    def __init__(
        self,
        data: Any = None,
        *,
        given: SatisfactionRating | None = None,
        chosen: Mapping[str, str] | None = None,
    ) -> None:
        initial: dict[str, Any] = {}
        if given is not None:
            initial = {"score": given.score, "comment": given.comment}
        chosen = chosen or {}
        if chosen.get("score", "") in map(str, SatisfactionRating.Score.values):
            initial["score"] = chosen["score"]
        if chosen.get("comment"):
            initial["comment"] = chosen["comment"]
        super().__init__(data, initial=initial)
        #: Whether the form says something else than what was said before.
        self.is_changed = data is not None or bool(
            given
            and (str(initial["score"]), initial["comment"])
            != (str(given.score), given.comment)
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """The question about one ticket, with its answer so far.

    Attributes:
        question: What is asked.
        given: What was said about this closing, if anything.
        ends_at: Until when it may be said, and changed.
        form: The answer.
    """

    question: str
    given: SatisfactionRating | None
    ends_at: datetime
    form: RatingForm


def asked_about(
    page: Any,
    ticket: Ticket,
    contact: Contact,
    *,
    data: Any = None,
    chosen: Mapping[str, str] | None = None,
) -> Asked | None:
    """What a portal asks a contact about a ticket that they may see.

    Takes one query where it is asked.

    Args:
        page: The portal's page.
        ticket: The ticket.
        contact: Who would answer.
        data: What was sent, if it was.
        chosen: What is chosen beforehand; see ``RatingForm``.

    Returns:
        ``None`` where it is not asked; see ``asked_until``.
    """
    ends_at = asked_until(page, ticket, contact)
    if ends_at is None:
        return None
    given = SatisfactionRating.objects.of_closing(ticket, contact).first()
    form = RatingForm(data, given=given, chosen=chosen)
    return Asked(page.rating_text, given, ends_at, form)


def asked_until(page: Any, ticket: Ticket, contact: Contact) -> datetime | None:
    """Until when a portal asks a contact about a ticket.

    Args:
        page: The portal's page.
        ticket: A ticket that the contact may see.
        contact: Who would answer.

    Returns:
        ``None`` where it does not: it never asks, the ticket is open or was closed more
        than seven days ago, or it is somebody else's.
    """
    ends_at = rating_ends_at(ticket)
    if not page.asks_rating or ticket.contact_id != contact.pk:
        return None
    return ends_at if ends_at is not None and timezone.now() < ends_at else None


def answer(
    request: HttpRequest,
    ticket: Ticket,
    contact: Contact,
    *,
    rules: PortalRules,
    form: RatingForm,
) -> HttpResponse | None:
    """Keep an answer that was sent; what is wrong with it stands in the form.

    Args:
        request: The POST.
        ticket: The ticket.
        contact: Who answers.
        rules: The portal's rules.
        form: What was sent.

    Returns:
        An answer for whoever presses the button without end, else ``None``.

    Raises:
        ActionPermissionError: They may not.
    """
    if not form.is_valid():
        return None
    who = f"contact:{contact.pk}"
    if wait := count_attempt(TRIES, scope="rating", who=who).wait:
        return too_many_requests(request, wait=wait)
    try:
        RateTicket(
            ticket=ticket, contact=contact, portal=rules, **form.cleaned_data
        ).execute()
    except ActionError as error:
        field = error.field if error.field in form.fields else None
        form.add_error(field, str(error.message))
    return None
