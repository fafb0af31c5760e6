"""The support forms on the page that is being answered: their ids and states."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest
from django.utils.functional import cached_property

from wagtail_helpdesk.access.sending import mark_private
from wagtail_helpdesk.forms import spam
from wagtail_helpdesk.forms.builder import VisitorForm
from wagtail_helpdesk.forms.doors import FormDoor
from wagtail_helpdesk.forms.submission import (
    TOKEN_FIELD,
    UNREADABLE_SEEN_FIELD,
    visitor_of,
)
from wagtail_helpdesk.headers import vary_by_cookie
from wagtail_helpdesk.models import SupportForm
from wagtail_helpdesk.promises import Promise, due_if_sent_now, promise_for

#: In the address a form is sent to: the form's id, readable before the body is read.
FORM_PARAM = "hd_form"
#: In the address after a success: the signed word of it, so that reloading shows the
#: thanks again and sends nothing.
SENT_PARAM = "hd_sent"
_SENT_SALT = "wagtail_helpdesk.forms.sent"
_SENT_SECONDS = 3600


@dataclass
class LiveForm:
    """One support form as its template shows it.

    Attributes:
        support_form: The form, in the page's language.
        html_id: Unique on the page.
        form: The Django form; ``None`` once it was sent.
        action: Where it is sent.
        token: The signed token.
        reference: The ticket's number, once it was sent.
        was_sent: Whether the thanks are shown.
        is_preview: Whether it only shows how it will look.
        unreadable_seen: Whether the visitor has been told of unreadable characters.
        needs_assets: Whether the style sheet and script still have to be linked.
        door: What the page adds to it.
        has_styles: Whether the style sheet is linked already.
        promise: By when a request is answered that is sent now, or that was sent.
    """

    support_form: SupportForm
    html_id: str
    form: VisitorForm | None = None
    action: str = ""
    token: str = ""
    reference: str = ""
    was_sent: bool = False
    is_preview: bool = False
    unreadable_seen: bool = False
    needs_assets: bool = False
    door: FormDoor | None = None
    has_styles: bool = False
    promise: Promise | None = None

    @property
    def anchor(self) -> str:
        """The id of the element around it, where the browser goes after sending."""
        return f"hd-form-{self.html_id}"

    @property
    def errors_anchor(self) -> str:
        """The id of the error summary."""
        return f"{self.anchor}-errors"

    @property
    def field_prefix(self) -> str:
        """What the names of its inputs begin with."""
        return prefix_of(self.html_id)

    @property
    def lost_files(self) -> list[str]:
        """Names of files to choose again: no browser lets a page fill them in."""
        return self.form.chosen_files if self.form and self.form.is_bound else []

    @property
    def is_closed(self) -> bool:
        """Whether the channel it delivers to is switched off."""
        return not self.support_form.channel.is_enabled

    # Names of inputs, for the template.
    token_field = TOKEN_FIELD
    honeypot_field = spam.HONEYPOT_FIELD
    unreadable_field = UNREADABLE_SEEN_FIELD


@dataclass(frozen=True)
class _Sent:
    """What the address says after a success.

    Attributes:
        reference: The ticket's number, or empty.
        due: By when it is answered, where that was promised.
    """

    reference: str
    due: datetime | None


@dataclass
class PageForms:
    """The support forms of one request, and what its other blocks have in common.

    Attributes:
        request: The request.
        page: The page that answers it.
        posted: The form that this request sent, to be shown again with its errors.
        shown: Ids of the forms shown so far.
        has_tokens: Whether the answer holds a token, and so belongs to one visitor.
        is_momentary: Whether the answer says what holds at this moment alone.
        is_personal: Whether the answer shows what is one visitor's alone.
        varies: Whether the answer depends on who asks.
        has_styles: Whether something on the page has linked the style sheet.
        taken: What the blocks on the page have taken for themselves, see ``is_first``.
    """

    request: HttpRequest
    page: Any
    posted: LiveForm | None = None
    shown: list[str] = field(default_factory=list)
    has_tokens: bool = False
    is_momentary: bool = False
    is_personal: bool = False
    varies: bool = False
    has_styles: bool = False
    taken: Counter[str] = field(default_factory=Counter)

    @cached_property
    def door(self) -> FormDoor | None:
        """What the page adds to its forms, the same for the whole request."""
        make = getattr(self.page, "support_form_door", None)
        door: FormDoor | None = make(self.request) if make is not None else None
        return door

    @property
    def has_errors(self) -> bool:
        """Whether a form came back with errors: the page's title says so first."""
        return self.posted is not None

    def live(self, support_form: SupportForm) -> LiveForm:
        """The state of a form that is about to be shown.

        Args:
            support_form: The form, in the language of the page.
        """
        html_id = self._next_id(support_form.key)
        has_assets = getattr(self.request, "helpdesk_assets", False)
        needs_assets = not has_assets and len(self.shown) == 1
        has_styles = not self.take_styles()
        if self.posted is not None and self.posted.html_id == html_id:
            self.has_tokens = True
            self.posted.needs_assets = needs_assets
            self.posted.door = self.door
            self.posted.has_styles = has_styles
            self.posted.promise = self._promise_of(self.posted)
            return self.posted
        live = LiveForm(
            support_form,
            html_id,
            needs_assets=needs_assets,
            has_styles=has_styles,
        )
        sent = self._sent(html_id)
        if sent is not None:
            live.was_sent, live.reference = True, sent.reference
            live.promise = promise_for(visitor_of(self.request).contact, sent.due)
            self.is_momentary = self.is_momentary or live.promise is not None
            return live
        live.form = VisitorForm(
            support_form=support_form,
            visitor=visitor_of(self.request),
            prefix=live.field_prefix,
        )
        live.promise = self._promise_of(live)
        live.action = self.action_for(live)
        live.door = self.door
        live.is_preview = bool(getattr(self.request, "is_preview", False))
        if not live.is_preview:
            live.token = spam.issue_token(
                page_id=self.page.pk, form_key=support_form.key
            )
            self.has_tokens = True
        return live

    def take_styles(self) -> bool:
        """Whether to link the style sheet here: nothing before has done so."""
        if self.has_styles or getattr(self.request, "helpdesk_assets", False):
            return False
        self.has_styles = True
        return True

    def is_first(self, name: str) -> bool:
        """Whether nothing on the page has asked for this yet.

        Args:
            name: What there may be once only, such as a style sheet or a landmark.
        """
        return self.number_of(name) == 1

    def number_of(self, name: str) -> int:
        """Count one more of something, so that its id is unique on the page.

        Args:
            name: What is counted.
        """
        self.taken[name] += 1
        return self.taken[name]

    def keep_varying(self) -> None:
        """Let no shared cache show one visitor what another one was shown."""
        self.is_momentary = self.varies = True
        # Where no page of Wagtail answers, only the middleware sees the answer.
        vary_by_cookie(self.request)

    def keep_personal(self) -> None:
        """Let nobody keep the answer: it shows what is this visitor's alone."""
        self.is_personal = self.varies = True
        mark_private(self.request)

    def _promise_of(self, live: LiveForm) -> Promise | None:
        """By when a request is answered that is sent with this form now."""
        if live.form is None:
            return None
        due = due_if_sent_now(live.support_form.channel_id)
        return promise_for(live.form.visitor.contact, due)

    def _next_id(self, key: str) -> str:
        """The key; the second form of this key on the page gets ``key_2``."""
        before = sum(shown.partition("_")[0] == key for shown in self.shown)
        html_id = f"{key}_{before + 1}" if before else key
        self.shown.append(html_id)
        return html_id

    def action_for(self, live: LiveForm) -> str:
        """Where a form is sent: this page, with the form's id in the address.

        If it comes back with errors the browser goes to their summary and focuses it,
        without a script too; after a success the redirect names another place.
        """
        query = self._other_params()
        query.append((FORM_PARAM, live.html_id))
        return f"{self.request.path}?{urlencode(query)}#{live.errors_anchor}"

    def address_after(
        self, live: LiveForm, reference: str, due: datetime | None = None
    ) -> str:
        """Where the browser is sent after a success.

        Args:
            live: The form.
            reference: The ticket's number.
            due: By when it is answered. It goes with the address, so that the promise
                stays the same however often the page is loaded.
        """
        until = due.isoformat() if due is not None else ""
        word = signing.dumps([live.html_id, reference, until], salt=_SENT_SALT)
        query = self._other_params()
        query.append((SENT_PARAM, word))
        return f"{self.request.path}?{urlencode(query)}#{live.anchor}"

    def _other_params(self) -> list[tuple[str, str]]:
        return [
            (name, value)
            for name, values in self.request.GET.lists()
            for value in values
            if name not in (FORM_PARAM, SENT_PARAM)
        ]

    def _sent(self, html_id: str) -> _Sent | None:
        """What this form has just opened; else ``None``."""
        word = self.request.GET.get(SENT_PARAM, "")
        if not word or self.posted is not None:
            return None
        try:
            sent_id, reference, *rest = signing.loads(
                word, salt=_SENT_SALT, max_age=_SENT_SECONDS
            )
        except signing.BadSignature:
            return None
        if sent_id != html_id:
            return None
        # An address of an earlier version has no time.
        until = datetime.fromisoformat(rest[0]) if rest and rest[0] else None
        return _Sent(str(reference), until)


def prefix_of(html_id: str) -> str:
    """What the names of a form's inputs begin with."""
    return f"hd-{html_id}"


def page_forms(request: HttpRequest, page: Any = None) -> PageForms:
    """The support forms of a request, the same each time it is asked.

    Args:
        request: The request.
        page: The page that answers it, where the request does not know yet.
    """
    found = getattr(request, "helpdesk_forms", None)
    if found is None:
        found = PageForms(request=request, page=page)
        request.helpdesk_forms = found  # type: ignore[attr-defined]  # per request
    return cast(PageForms, found)
