"""What a portal's requests go through: the inbox, its channels, the form."""

from __future__ import annotations

from typing import Any, cast

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions import SetUpInbox
from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Channel, Inbox, Pipeline, SupportForm
from wagtail_helpdesk.permissions import agent_for
from wagtail_helpdesk.portal.setup.changes import PortalAction, latest

_ADD_INBOX = ("add_inbox", "add_pipeline", "add_stage", "add_channel")


def may_add(user: Any, *names: str) -> bool:
    """Whether somebody holds all these permissions on settings of the help desk.

    Args:
        user: The user.
        names: Code names.
    """
    return all(user.has_perm(f"wagtail_helpdesk.{name}") for name in names)


def may_add_inbox(user: Any) -> bool:
    """Whether somebody may make an inbox with all that it needs."""
    return may_add(user, *_ADD_INBOX)


def may_add_form(user: Any) -> bool:
    """Whether somebody may make a support form and publish it."""
    return may_add(user, "add_supportform", "publish_supportform", "add_channel")


class ConnectInbox(PortalAction):
    """Let what customers send in a portal arrive in an inbox (B6).

    A new inbox is made with its pipeline, and whoever makes it becomes a member if
    they are an agent. The portal gets a channel of the inbox. Twice the same makes
    nothing the second time.

    Args:
        page: The portal's page.
        user: Who does it.
        inbox: The inbox; ``None``: a new one.
        name: The name of the new one.
        pipeline: The pipeline of the new one; ``None``: a new one.
    """

    def __init__(
        self,
        *,
        page: Any,
        user: Any,
        inbox: Inbox | None = None,
        name: str = "",
        pipeline: Pipeline | None = None,
    ) -> None:
        super().__init__(page=page, user=user)
        self.inbox = inbox
        self.name = clean_line(name, 100)
        self.pipeline = pipeline

    def check(self) -> None:
        super().check()
        if self.inbox is None and not may_add_inbox(self.user):
            raise ActionPermissionError(_("You may not make an inbox."))

    def change_page(self, page: Any) -> Any:
        """Do it; the newest version of the page."""
        newest = latest(page)
        current: Channel | None = newest.channel
        inbox = self.inbox
        if inbox is None and current is not None and current.inbox.name == self.name:
            # Made a moment ago, by the first of two clicks.
            inbox = current.inbox
        if inbox is None:
            agent = agent_for(self.user)
            inbox = SetUpInbox(
                name=self.name,
                pipeline=self.pipeline,
                members=[agent] if agent else [],
                actor=agent,
            ).execute()
        fits = current is not None and current.is_enabled
        if fits and current is not None and current.inbox_id == inbox.pk:
            channel = current
        else:
            channel = self._channel_of(inbox, newest.title)

        def change(version: Any) -> None:
            version.channel = channel

        return self.apply(page, change, step="inbox")

    def _channel_of(self, inbox: Inbox, title: str) -> Channel:
        if not has_channel(inbox, "portal") and not may_add(self.user, "add_channel"):
            raise ActionPermissionError(_("You may not make a channel."))
        return channel_of(inbox, "portal", title)


class ConnectForm(PortalAction):
    """Choose what customers fill in to send something new (B23).

    Args:
        page: The portal's page.
        user: Who does it.
        form: A support form; ``None`` without a name: the built-in form. It takes the
            place of all that the portal has; the words of a single one stay.
        name: The name of a new, simple form that is published at once.
        keep: Leave the forms that the portal has.

    Raises:
        ActionError: ``no_inbox`` or ``name_taken``.
    """

    def __init__(
        self,
        *,
        page: Any,
        user: Any,
        form: SupportForm | None = None,
        name: str = "",
        keep: bool = False,
    ) -> None:
        super().__init__(page=page, user=user)
        self.form = form
        self.name = clean_line(name, 100)
        self.keep = keep

    def check(self) -> None:
        super().check()
        if self.name and not may_add_form(self.user):
            raise ActionPermissionError(_("You may not make a form."))

    def change_page(self, page: Any) -> Any:
        """Do it; the newest version of the page."""
        newest = latest(page)
        form = self._make(newest) if self.name else self.form

        def change(version: Any) -> None:
            if not self.keep:
                _connect_only(version, form)

        return self.apply(page, change, step="form")

    def _make(self, page: Any) -> SupportForm:
        for row in connected_forms(page):
            if row.form.name == self.name:
                # Made a moment ago, by the first of two clicks.
                return cast(SupportForm, row.form)
        if page.channel is None:
            raise ActionError("no_inbox", _("Choose the inbox first."))
        forms = SupportForm.objects.filter(locale=page.locale)
        if forms.filter(name=self.name).exists():
            raise self._taken()
        form = SupportForm(
            name=self.name,
            key=_free_key(self.name, forms),
            locale=page.locale,
            channel=channel_of(page.channel.inbox, "form", self.name),
            live=False,
        )
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError as error:
            # Somebody made the same for another portal at this moment.
            raise self._taken() from error
        form.save_revision(user=self.user).publish(user=self.user)
        return form

    def _taken(self) -> ActionError:
        return ActionError(
            "name_taken",
            _("There is a form “%(name)s”. Choose it, or take another name.")
            % {"name": self.name},
            field="name",
        )


def connected_forms(page: Any) -> list[Any]:
    """The rows of a portal's forms, published or not, in their order.

    Args:
        page: A version of the portal.
    """
    return list(page.support_forms.select_related("form__channel"))


def _connect_only(page: Any, form: SupportForm | None) -> None:
    rows = connected_forms(page)
    row = next((one for one in rows if form and one.form.key == form.key), None)
    if row is None and len(rows) == 1:
        row = rows[0]
    if form is None:
        page.support_forms = []
        return
    row = row or page.support_forms.model()
    row.form = form
    page.support_forms = [row]


def _free_key(name: str, forms: QuerySet[SupportForm]) -> str:
    """A machine key for a form of this name, with a number where one has it."""
    base = slugify(name)[:40].strip("-_").replace("_", "-")
    if not base[:1].isalpha():
        base = f"form-{base}".strip("-")
    key, number = base, 2
    while forms.filter(key=key).exists():
        key, number = f"{base}-{number}", number + 1
    return key


def has_channel(inbox: Inbox, type: str) -> bool:
    """Whether an inbox has a channel of a type that is on.

    Args:
        inbox: The inbox.
        type: The channel's type.
    """
    return inbox.channels.filter(type=type, is_enabled=True).exists()


def channel_of(inbox: Inbox, type: str, name: str) -> Channel:
    """The first channel of a type that is on; a new one if the inbox has none.

    Part of the caller's transaction.

    Args:
        inbox: The inbox.
        type: The channel's type.
        name: The name of a new one.
    """
    Inbox.objects.select_for_update().get(pk=inbox.pk)
    channels = inbox.channels.filter(type=type, is_enabled=True)
    # A locking read: MariaDB's others see what was there when they began.
    found = channels.select_for_update().order_by("pk").first()
    return found or Channel.objects.create(
        inbox=inbox, type=type, name=clean_line(name, 100)
    )
