"""The form for a new ticket: the portal's support form, or a simple one (F8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wagtail_helpdesk.access.follow_ups import (
    FOLLOW_UP_PARAM,
    asked_for,
    followed_ticket,
)
from wagtail_helpdesk.actions import OpenTicket, Origin
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.forms import bindings
from wagtail_helpdesk.forms.live import FORM_PARAM, page_forms
from wagtail_helpdesk.models import Channel, SupportForm, Ticket
from wagtail_helpdesk.portal import kept_text
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.form_door import PortalDoor
from wagtail_helpdesk.portal.forms import NewRequestForm
from wagtail_helpdesk.portal.on_behalf import ForWhomForm
from wagtail_helpdesk.portal.views import form_choice
from wagtail_helpdesk.portal.while_you_wait import context_for, sent_by_form
from wagtail_helpdesk.promises import due_if_sent_now, promise_for

#: Stands for the id in the address of the page after sending, where the customer will
#: find nothing in the list: the inbox opens no tickets, or the portal hides this one.
NO_TICKET = "-"


def show(visit: Visit) -> HttpResponse:
    """The empty form, the choice among several, or what a sent one leads to.

    A support form that is sent is answered by the form engine, which shows this page
    again only if something is wrong.
    """
    request = visit.request
    if request.method == "POST":
        # The built-in form has none of the others' questions, and asks no consent.
        if FORM_PARAM in request.GET or visit.page.open_forms:
            return _not_here_any_more(visit)
        if visit.page.channel is not None:
            return _send(visit, visit.page.channel)
        return visit.render("no_form.html", {}, status=404)
    row = form_choice.chosen(visit)
    notice, status = form_choice.problem(visit)
    follows = followed_ticket(asked_for(request), visit.contact, [visit.rules])
    if row is None and visit.page.open_forms:
        return form_choice.show(visit, follows, notice=notice, status=status)
    kept = kept_text.take(request)
    if visit.page.form_count > 1:
        # Whoever chose the wrong form chooses again; see ``PortalDoor.was_opened``.
        kept_text.put(request, request.get_full_path(), kept)
    if follows is None:
        named = kept.get(FOLLOW_UP_PARAM, "")
        follows = followed_ticket(named, visit.contact, [visit.rules])
    subject = request.GET.get("subject", "").replace("\x00", "")[:200]
    if follows is not None:
        subject = subject or subject_of_answer(follows.subject)
    texts = {"subject": subject, **kept}
    offered = offer(
        visit, texts, row=row, notice=notice, status=status, follows=follows
    )
    return offered or visit.render("no_form.html", {}, status=404)


def subject_of_answer(subject: str) -> str:
    """The subject of a request that follows one with this subject."""
    # "Re:" is the same in every language (RFC 5322, section 3.6.5).
    known = subject.casefold().startswith("re:")
    return (subject if known else f"Re: {subject}")[:200]


def offer(
    visit: Visit,
    texts: Mapping[str, str],
    *,
    row: Any = None,
    notice: str = "",
    status: int = 200,
    follows: Ticket | None = None,
) -> HttpResponse | None:
    """The form's page, with texts to begin with.

    Args:
        visit: The visit.
        texts: ``subject`` and ``body``, and what was kept of a support form by the
            names of its inputs.
        row: The form of the portal, if one was chosen. Among several the customer
            chooses then; the texts wait for that.
        notice: Why the customer is here, if they did not ask for it.
        status: The HTTP status.
        follows: The closed ticket that the new one follows, which they may see.

    Returns:
        The page, or ``None`` if this portal takes nothing new.
    """
    forms = visit.page.open_forms
    if row is None and len(forms) > 1:
        kept_text.put(visit.request, visit.new_url, texts)
        return form_choice.show(visit, follows, notice=notice, status=status)
    row = row or next(iter(forms), None)
    support_form = SupportForm.objects.with_key(row.form.key) if row else None
    if support_form is not None:
        return _support_form_page(
            visit, row, support_form, texts, notice, status, follows
        )
    if not visit.page.channel_id:
        return None
    door = PortalDoor(visit)
    door.kept_person = texts.get(ForWhomForm.input_name, "")
    form = NewRequestForm(initial=dict(texts))
    return _form_page(visit, form, notice, status, door=door, follows=follows)


def cut_off(visit: Visit) -> str:
    """The limit of all files, if more than that was sent; see ``middleware``."""
    return str(getattr(visit.request, "helpdesk_uploads_cut", ""))


def _not_here_any_more(visit: Visit) -> HttpResponse:
    """The answer to a form that the portal does not connect (any more).

    What was written stands in the form that there is, or waits for the choice.
    """
    request = visit.request
    notice = _(
        "Nothing was sent: this form is not here any more. Please use the one that is "
        "here now."
    )
    texts = form_choice.sent_texts(request)
    follows = followed_ticket(asked_for(request), visit.contact, [visit.rules])
    offered = offer(visit, texts, notice=notice, status=409, follows=follows)
    return offered or visit.render("no_form.html", {}, status=404)


def _support_form_page(
    visit: Visit,
    row: Any,
    support_form: SupportForm,
    texts: Mapping[str, str],
    notice: str,
    status: int,
    follows: Ticket | None,
) -> HttpResponse:
    live = page_forms(visit.request, visit.page).live(support_form)
    # The frame of the page has brought style sheet and script already.
    live.needs_assets = False
    if live.form is not None and not live.form.is_bound:
        for question in live.form.layout.questions:
            kept = texts.get(f"{live.field_prefix}-{question.key}", "")
            if question.binding == bindings.SUBJECT:
                kept = kept or texts.get("subject", "")
            elif question.binding == bindings.DESCRIPTION:
                kept = kept or texts.get("body", "")
            if kept:
                live.form.initial[question.key] = kept
        if isinstance(live.door, PortalDoor):
            live.door.kept_person = texts.get(ForWhomForm.input_name, "")
        # The page may be another one: a reply on a closed ticket ends here too.
        query = {
            **({FOLLOW_UP_PARAM: follows.public_id} if follows else {}),
            form_choice.PARAM: row.form.key,
            FORM_PARAM: live.html_id,
        }
        live.action = f"{visit.new_url}?{urlencode(query)}#{live.anchor}"
    context = {**_around(visit, notice, follows, row), "live_form": live}
    if live.form is not None:
        subjects = (
            question.key
            for question in live.form.layout.questions
            if question.binding == bindings.SUBJECT
        )
        if (key := next(subjects, "")) in live.form.fields:
            context["subject_id"] = live.form[key].id_for_label
    elif live.was_sent:
        context.update(context_for(visit, sent_by_form(visit, live.reference)))
    return visit.render("new.html", context, status=status)


def _form_page(
    visit: Visit,
    form: NewRequestForm,
    notice: str = "",
    status: int = 200,
    *,
    door: PortalDoor,
    follows: Ticket | None,
) -> HttpResponse:
    context = {
        **_around(visit, notice, follows),
        "form": form,
        "door": door,
        "subject_id": form["subject"].id_for_label,
        "promise": promise_for(visit.contact, due_if_sent_now(visit.page.channel_id)),
        "lost_files": [file.name for file in visit.request.FILES.getlist("files")],
    }
    return visit.render("new.html", context, status=status)


def _around(
    visit: Visit, notice: str, follows: Ticket | None, row: Any = None
) -> dict[str, object]:
    return {
        **form_choice.words_of(visit, row),
        "notice": notice,
        "follows": follows,
        "follows_url": visit.ticket_url(follows) if follows else "",
        "crumbs": form_choice.crumbs_to(visit, row),
    }


def _send(visit: Visit, channel: Channel) -> HttpResponse:
    request, page = visit.request, visit.page
    form = NewRequestForm(request.POST, request.FILES)
    follows = followed_ticket(asked_for(request), visit.contact, [visit.rules])
    door = PortalDoor(visit)

    def again(status: int = 200) -> HttpResponse:
        return _form_page(visit, form, status=status, door=door, follows=follows)

    if cut := cut_off(visit):
        form.add_cut_error(cut)
        return again(413)
    form.full_clean()  # What is added below must not be cleaned away.
    door.check(request, form)
    if not form.is_valid():
        return again()
    try:
        opening = OpenTicket(
            channel=channel,
            contact=visit.contact,
            subject=form.cleaned_data["subject"],
            body_text=form.cleaned_data["body"],
            uploads=form.uploads(),
            language=get_language() or "",
            origin=Origin(
                page_id=page.pk,
                revision_id=page.live_revision_id,
                locale=page.locale.language_code,
            ),
            client_token=form.cleaned_data["client_token"],
            follow_up_of=follows,
            on_behalf=door.on_behalf,
        )
        # A second click is no second question.
        was_sent = opening.existing() is not None
        if not was_sent and door.has_doubts(opening.contact, opening.subject):
            return again(409)
        opened = opening.execute()
    except ActionPermissionError as error:
        form.add_error(None, str(error))
        return again(403)
    except ActionError as error:
        form.add_action_error(error)
        return again()
    door.was_opened(opened)
    is_shown = opened.ticket is not None and visit.shows(opened.ticket)
    public_id = opened.ticket.public_id if is_shown and opened.ticket else NO_TICKET
    kept_text.mark_sent(request, "new")
    return HttpResponseRedirect(f"{visit.new_url}sent/{public_id}/")
