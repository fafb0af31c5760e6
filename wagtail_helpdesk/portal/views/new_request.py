"""The form for a new ticket: the portal's support form, or a simple one (F8)."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language

from wagtail_helpdesk.actions import OpenTicket, Origin
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.forms import bindings
from wagtail_helpdesk.forms.live import FORM_PARAM, page_forms
from wagtail_helpdesk.frontend import Crumb
from wagtail_helpdesk.models import Channel, SupportForm, Ticket
from wagtail_helpdesk.portal import kept_text
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.forms import NewRequestForm

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
    texts = {"subject": request.GET.get("subject", "").replace("\x00", "")[:200]}
    offered = offer(visit, {**texts, **kept_text.take(request)})
    return offered or visit.render("no_form.html", {}, status=404)


def offer(
    visit: Visit, texts: Mapping[str, str], *, notice: str = "", status: int = 200
) -> HttpResponse | None:
    """The form's page, with texts to begin with.

    Args:
        visit: The visit.
        texts: ``subject`` and ``body``, and what was kept of a support form by the
            names of its inputs.
        notice: Why the customer is here, if they did not ask for it.
        status: The HTTP status.

    Returns:
        The page, or ``None`` if this portal takes nothing new.
    """
    support_form = support_form_of(visit)
    if support_form is not None:
        return _support_form_page(visit, support_form, texts, notice, status)
    if not visit.page.channel_id:
        return None
    return _form_page(visit, NewRequestForm(initial=dict(texts)), notice, status)


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
        # The page may be another one: a reply on a closed ticket ends here too.
        live.action = f"{visit.new_url}?{FORM_PARAM}={live.html_id}#{live.anchor}"
    return visit.render(
        "new.html", {**_around(visit, notice), "live_form": live}, status=status
    )


def _form_page(
    visit: Visit, form: NewRequestForm, notice: str = "", status: int = 200
) -> HttpResponse:
    context = {**_around(visit, notice), "form": form}
    return visit.render("new.html", context, status=status)


def _around(visit: Visit, notice: str) -> dict[str, object]:
    return {
        "notice": notice,
        "crumbs": [Crumb(visit.labels.mine, visit.url), Crumb(visit.labels.new)],
    }


def _send(visit: Visit, channel: Channel) -> HttpResponse:
    request, page = visit.request, visit.page
    form = NewRequestForm(request.POST, request.FILES)
    if cut := cut_off(visit):
        form.add_cut_error(cut)
        return _form_page(visit, form, status=413)
    if not form.is_valid():
        return _form_page(visit, form)
    try:
        opened = OpenTicket(
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
        ).execute()
    except ActionPermissionError as error:
        form.add_error(None, str(error))
        return _form_page(visit, form, status=403)
    except ActionError as error:
        form.add_action_error(error)
        return _form_page(visit, form)
    is_shown = opened.ticket is not None and is_visible(visit, opened.ticket)
    public_id = opened.ticket.public_id if is_shown and opened.ticket else NO_TICKET
    kept_text.mark_sent(request, "new")
    return HttpResponseRedirect(f"{visit.new_url}sent/{public_id}/")


def is_visible(visit: Visit, ticket: Ticket) -> bool:
    """Whether a ticket that the customer has just written to is shown to them here.

    Visibility filters may hide it (B18); without any, nothing is asked.

    Args:
        visit: The request.
        ticket: A ticket of theirs, or one that they saw before.
    """
    if not visit.rules.filters:
        return True
    return Ticket.objects.filter(pk=ticket.pk).passing(visit.rules).exists()
