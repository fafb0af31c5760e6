"""A support form that was sent: checked, and filed as a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

import swapper
from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_helpdesk.access.contacts import contact_for
from wagtail_helpdesk.access.follow_ups import asked_for, followed_ticket
from wagtail_helpdesk.access.portals import portal_rules
from wagtail_helpdesk.access.visibility import pages_visible_to
from wagtail_helpdesk.actions import OpenedTicket, Origin
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.forms import spam
from wagtail_helpdesk.forms.builder import EMAIL_FIELD, Visitor, VisitorForm
from wagtail_helpdesk.forms.doors import FormDoor
from wagtail_helpdesk.forms.inputs import FilesField
from wagtail_helpdesk.forms.opening import Opening
from wagtail_helpdesk.models import SupportForm, Ticket

TOKEN_FIELD = "form-token"  # noqa: S105  (the name of an input)
UNREADABLE_SEEN_FIELD = "unreadable-seen"
#: Names the page a visitor came from, such as the article that did not help (N3).
ORIGIN_PARAM = "from"

_TOO_LARGE = {"file_too_large", "total_too_large"}
_FILE_CODES = {*_TOO_LARGE, "file_empty", "file_type", "too_many_files"}


@dataclass
class Result:
    """What became of a form that was sent.

    Attributes:
        form: The bound form, with its errors.
        status: The status to answer with; 303 when a ticket was opened.
        token: The token for the form if it is shown again.
        opened: The ticket.
        is_proven: Whether the token shows that the form stands on this page.
        retry_after: Seconds to wait, with status 429.
        unreadable_seen: Whether the visitor has been told of unreadable characters.
    """

    form: VisitorForm
    status: int
    token: str
    opened: OpenedTicket | None = None
    is_proven: bool = True
    retry_after: int = 0
    unreadable_seen: bool = False


def visitor_of(request: HttpRequest) -> Visitor:
    """Who sends the request, as far as forms need to know.

    An account without a verified address is asked like a stranger; its name and
    address are only filled in.
    """
    user = getattr(request, "user", None)
    contact = contact_for(user)
    if contact is not None or user is None or not user.is_authenticated:
        return Visitor(contact=contact)
    return Visitor(name=user.get_full_name(), email=getattr(user, "email", ""))


def submit(
    request: HttpRequest,
    *,
    page: Any,
    support_form: SupportForm,
    prefix: str,
    door: FormDoor | None = None,
) -> Result:
    """Check a form that was sent, and open the ticket.

    Args:
        request: The POST.
        page: The page it was sent to.
        support_form: The form.
        prefix: What the names of its inputs begin with.
        door: What the page adds to it.
    """
    data, is_unreadable = _readable(request.POST)
    form = VisitorForm(
        data,
        request.FILES,
        support_form=support_form,
        visitor=visitor_of(request),
        prefix=prefix,
    )
    form.full_clean()  # What is added below must not be cleaned away.
    result = Result(form=form, status=HTTPStatus.SEE_OTHER, token="")
    nonce = _check_token(request, page, support_form, result)
    _check_transfer(request, is_unreadable, result)
    if door is not None:
        door.check(request, form)
    if not form.is_valid():
        result.status = _status(form, result.status)
        return result
    wait = spam.seconds_to_wait(
        form_key=support_form.key, who=_who(request, form.visitor)
    )
    if wait:
        result.retry_after = wait
        result.status = HTTPStatus.TOO_MANY_REQUESTS
        minutes = -(-wait // 60)
        form.add_error(
            None,
            ngettext(
                "You have sent many requests. Your text is kept: send it again in "
                "%(minutes)d minute.",
                "You have sent many requests. Your text is kept: send it again in "
                "%(minutes)d minutes.",
                minutes,
            )
            % {"minutes": minutes},
        )
        return result
    _file(request, page, result, nonce, door or FormDoor())
    return result


def _who(request: HttpRequest, visitor: Visitor) -> str:
    """Whom the rate limit counts: people behind one address are told apart if known."""
    if visitor.contact is not None:
        return f"contact:{visitor.contact.pk}"
    return spam.client_address(request)


def _readable(data: QueryDict) -> tuple[QueryDict, bool]:
    """The data without NUL, and whether something could not be read.

    Django puts U+FFFD where bytes are no UTF-8.
    """
    clean = QueryDict(mutable=True)
    is_unreadable = False
    for name, values in data.lists():
        for value in values:
            is_unreadable = is_unreadable or "\x00" in value or "\ufffd" in value
            clean.appendlist(name, value.replace("\x00", ""))
    return clean, is_unreadable


def _check_token(
    request: HttpRequest, page: Any, support_form: SupportForm, result: Result
) -> str:
    """Look at the token and the trap; what is wrong becomes an error of the form."""
    sent = request.POST.get(TOKEN_FIELD, "")
    fresh = spam.issue_token(page_id=page.pk, form_key=support_form.key)
    try:
        token = spam.read_token(sent, page_id=page.pk, form_key=support_form.key)
    except spam.BadToken:
        result.is_proven = False
        result.token = fresh
        _add(result, _("This form could not be recognised. Please send it again."))
        return ""
    if token.is_expired:
        result.token = fresh
        _add(
            result,
            _("This form was open for a long time. Check your text and send it again."),
        )
        return ""
    result.token = sent
    if token.is_too_young:
        _add(result, _("That was very quick. Please send your request once more."))
    elif request.POST.get(spam.HONEYPOT_FIELD):
        _add(
            result,
            _(
                "Your request looked like an automated one: a field that people do not "
                "see was filled in. Please send it once more."
            ),
        )
    return token.nonce


def _check_transfer(request: HttpRequest, is_unreadable: bool, result: Result) -> None:
    """What went wrong on the way: characters that were lost, files cut off."""
    if is_unreadable:
        seen = bool(request.POST.get(UNREADABLE_SEEN_FIELD))
        result.unreadable_seen = True
        if not seen:
            _add(
                result,
                _(
                    "Some characters could not be read. They were removed or show as "
                    "“�”. Check your text and send it again."
                ),
            )
    cut = getattr(request, "helpdesk_uploads_cut", None)
    if cut is not None:
        result.form.add_error(
            _files_field(result.form),
            forms.ValidationError(
                _("The files are too large together: %(limit)s at most.")
                % {"limit": cut},
                code="total_too_large",
            ),
        )


def _add(result: Result, message: str) -> None:
    """An error that is about the sending, not about a field: status 400."""
    result.form.add_error(None, message)
    result.status = HTTPStatus.BAD_REQUEST


def _status(form: VisitorForm, status: int) -> int:
    codes = {
        error.code for errors in form.errors.as_data().values() for error in errors
    }
    if codes & _TOO_LARGE:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if status == HTTPStatus.SEE_OTHER:
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return status


def _files_field(form: VisitorForm) -> str | None:
    names = [n for n, f in form.fields.items() if isinstance(f, FilesField)]
    return names[0] if names else None


def _file(
    request: HttpRequest, page: Any, result: Result, nonce: str, door: FormDoor
) -> None:
    """Open the ticket; what the actions refuse becomes an error of the form."""
    form = result.form
    origin = origin_of(request, page, form.support_form)
    token = spam.client_token(nonce, _content(form) + door.content)
    opening = Opening(
        form,
        origin,
        token,
        follow_up_of=_follow_up_of(request, form.visitor),
        on_behalf=door.on_behalf,
    )
    if not opening.was_sent_before() and door.has_doubts(
        opening.contact, opening.answers.subject
    ):
        result.status = HTTPStatus.CONFLICT
        return
    try:
        result.opened = opening.execute()
        door.was_opened(result.opened)
    except ActionPermissionError as error:
        form.add_error(None, str(error))
        result.status = HTTPStatus.FORBIDDEN
    except ActionError as error:
        field = None
        if error.code in _FILE_CODES:
            field = _files_field(form)
        elif error.code == "bad_email" and EMAIL_FIELD in form.fields:
            field = EMAIL_FIELD
        form.add_error(
            field, forms.ValidationError(str(error.message), code=error.code)
        )
        result.status = _status(form, HTTPStatus.SEE_OTHER)


def _follow_up_of(request: HttpRequest, visitor: Visitor) -> Ticket | None:
    """The closed request that this one follows, if the visitor may see that one."""
    named = asked_for(request)
    if not named or visitor.contact is None:
        return None
    return followed_ticket(named, visitor.contact, portal_rules(request))


def origin_of(
    request: HttpRequest, page: Any, support_form: SupportForm | None = None
) -> Origin:
    """The page a request came from: the form's own, or the one ``?from=`` names (N3).

    Args:
        request: The request.
        page: The page the form stands on.
        support_form: The form, read with its locale, which mostly is the page's too.
    """
    named = request.GET.get(ORIGIN_PARAM, "")
    if named.isascii() and named.isdigit() and len(named) < 10:
        pages = swapper.load_model("wagtailcore", "Page").objects.live()
        user = getattr(request, "user", None)
        found = pages_visible_to(user, pages.filter(pk=int(named))).first()
        page = found or page
    same = support_form is not None and support_form.locale_id == page.locale_id
    locale = support_form.locale if support_form is not None and same else page.locale
    return Origin(
        page_id=page.pk,
        revision_id=page.live_revision_id,
        locale=locale.language_code,
    )


def _content(form: VisitorForm) -> str:
    """All that was filled in, as one text: the same content is the same request."""
    data = cast(QueryDict, form.data)
    own = [
        (name, data.getlist(name))
        for name in sorted(data)
        if name.startswith(f"{form.prefix}-")
    ]
    files = [
        (upload.name, upload.size)
        for name, field in form.fields.items()
        if isinstance(field, FilesField)
        for upload in form.cleaned_data.get(name, ())
    ]
    return repr((own, files))
