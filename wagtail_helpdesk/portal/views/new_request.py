"""The form for a new ticket: the portal's support form, or a simple one (F8)."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language

from wagtail_helpdesk.access.follow_ups import (
    FOLLOW_UP_PARAM,
    asked_for,
    followed_ticket,
)
from wagtail_helpdesk.actions import OpenTicket, Origin
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.forms import bindings
from wagtail_helpdesk.forms.live import FORM_PARAM, page_forms
from wagtail_helpdesk.frontend import Crumb
from wagtail_helpdesk.models import Channel, SupportForm, Ticket
from wagtail_helpdesk.portal import kept_text
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.form_door import PortalDoor
from wagtail_helpdesk.portal.forms import NewRequestForm
from wagtail_helpdesk.portal.on_behalf import ForWhomForm
from wagtail_helpdesk.portal.while_you_wait import context_for, sent_by_form
from wagtail_helpdesk.promises import due_if_sent_now, promise_for

#: Stands for the id in the address of the page after sending, where the customer will
#: find nothing in the list: the inbox opens no tickets, or the portal hides this one.
NO_TICKET = "-"


def show(visit: Visit) -> HttpResponse:
    """The empty form, or what a sent one leads to.

    A support form that is sent is answered by the form engine, which shows this page
    again only if something is wrong.
    """
    request = visit.request
    if request.method == "POST" and FORM_PARAM not in request.GET:
        if visit.page.channel is not None:
            return _send(visit, visit.page.channel)
        return visit.render("no_form.html", {}, status=404)
    kept = kept_text.take(request)
    named = asked_for(request) or kept.get(FOLLOW_UP_PARAM, "")
    follows = followed_ticket(named, visit.contact, [visit.rules])
    subject = request.GET.get("subject", "").replace("\x00", "")[:200]
    if follows is not None:
        subject = subject or subject_of_answer(follows.subject)
    offered = offer(visit, {"subject": subject, **kept}, follows=follows)
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
    notice: str = "",
    status: int = 200,
    follows: Ticket | None = None,
) -> HttpResponse | None:
    """The form's page, with texts to begin with.

    Args:
        visit: The visit.
        texts: ``subject`` and ``body``, and what was kept of a support form by the
            names of its inputs.
        notice: Why the customer is here, if they did not ask for it.
        status: The HTTP status.
        follows: The closed ticket that the new one follows, which they may see.

    Returns:
        The page, or ``None`` if this portal takes nothing new.
    """
    support_form = support_form_of(visit)
    if support_form is not None:
        return _support_form_page(visit, support_form, texts, notice, status, follows)
    if not visit.page.channel_id:
        return None
    door = PortalDoor(visit)
    door.kept_person = texts.get(ForWhomForm.input_name, "")
    form = NewRequestForm(initial=dict(texts))
    return _form_page(visit, form, notice, status, door=door, follows=follows)


def cut_off(visit: Visit) -> str:
    """The limit of all files, if more than that was sent; see ``middleware``."""
    return str(getattr(visit.request, "helpdesk_uploads_cut", ""))


def support_form_of(visit: Visit) -> SupportForm | None:
    """The portal's form in the active language, if it is published."""
    chosen = visit.page.support_form
    return SupportForm.objects.with_key(chosen.key) if chosen is not None else None


def _support_form_page(
    visit: Visit,
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
        named = f"{FOLLOW_UP_PARAM}={follows.public_id}&" if follows else ""
        query = f"{named}{FORM_PARAM}={live.html_id}"
        live.action = f"{visit.new_url}?{query}#{live.anchor}"
    context = {**_around(visit, notice, follows), "live_form": live}
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


def _around(visit: Visit, notice: str, follows: Ticket | None) -> dict[str, object]:
    return {
        "notice": notice,
        "follows": follows,
        "follows_url": visit.ticket_url(follows) if follows else "",
        "crumbs": [Crumb(visit.labels.mine, visit.url), Crumb(visit.labels.new)],
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
