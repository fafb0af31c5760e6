"""What the buttons on a ticket's page do: each is a POST, an action and a redirect."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_helpdesk.actions import (
    AssignTicket,
    ChangeParticipant,
    ChangeStage,
    ChangeTicketDetails,
    CloseConversation,
    FollowTicket,
    ReopenConversation,
    ResolveContact,
    RestoreConversation,
    RetryDelivery,
    TrashConversation,
    TrashTicket,
    UndoSend,
)
from wagtail_helpdesk.admin.base import AgentRequiredMixin, admin_url
from wagtail_helpdesk.admin.forms import (
    PropertiesForm,
    SubjectForm,
    closing_stage,
    stages_of,
)
from wagtail_helpdesk.admin.ticket import TicketPage
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import (
    Contact,
    Conversation,
    Delivery,
    Inbox,
    Message,
    Ticket,
)


class TicketAction(AgentRequiredMixin):
    """A POST on a ticket the agent may see.

    Subclasses do the work in ``act`` and return what to tell the agent, if anything.
    What an action refuses is told on the ticket's page; what it hides answers 404.
    """

    http_method_names = ["post"]

    @cached_property
    def ticket(self) -> Ticket:
        """The ticket; not there for a foreign inbox and in the trash."""
        visible = Ticket.objects.visible_to_agent(self.agent)
        return get_object_or_404(
            visible.select_related("inbox", "stage"),
            public_id=self.kwargs["public_id"],
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Do it and go back to the ticket."""
        self.ticket  # noqa: B018  (404 before anything else)
        try:
            told = self.act()
        except ActionError as error:
            messages.error(request, str(error.message))
        else:
            if told:
                messages.success(request, told)
        return redirect(self.next_url())

    def act(self) -> str | None:
        """Do it."""
        raise Http404

    def next_url(self) -> str:
        """Where to go then."""
        return admin_url("ticket", self.ticket.public_id)

    def conversation(self) -> Conversation:
        """The conversation named in the address, of this ticket and a visible inbox."""
        return get_object_or_404(
            Conversation.objects.own(),
            ticket=self.ticket,
            inbox__in=Inbox.objects.visible_to_agent(self.agent),
            public_id=self.kwargs["conversation_id"],
        )


class PropertiesView(TicketAction):
    """Owner, stage, priority, type and tags."""

    def act(self) -> str | None:
        form = PropertiesForm(self.request.POST, ticket=self.ticket)
        if not form.is_valid():
            name, errors = next(iter(form.errors.items()))
            raise ActionError("invalid", f"{form.fields[name].label}: {errors[0]}")
        return _("Saved.") if form.save(self.agent) else None


class SubjectView(TicketAction):
    """The subject."""

    def act(self) -> str | None:
        form = SubjectForm(self.request.POST)
        if not form.is_valid():
            raise ActionError("invalid", str(form.errors["subject"][0]))
        ChangeTicketDetails(
            ticket=self.ticket, actor=self.agent, subject=form.cleaned_data["subject"]
        ).execute()
        return _("The subject is changed.")


class TakeView(TicketAction):
    """The agent becomes the owner."""

    def act(self) -> str | None:
        AssignTicket(ticket=self.ticket, owner=self.agent, actor=self.agent).execute()
        return _("The ticket is yours.")


class CloseView(TicketAction):
    """Close the ticket and its conversations (R3)."""

    def act(self) -> str | None:
        stage = closing_stage(stages_of(self.ticket))
        if stage is None:
            raise ActionError("no_closed_stage", _("The pipeline has no closed stage."))
        ChangeStage(ticket=self.ticket, stage=stage, actor=self.agent).execute(
            skip_permission_checks=True
        )
        return _("%(ticket)s is closed.") % {"ticket": self.ticket.reference}


class FollowView(TicketAction):
    """Follow the ticket or stop."""

    def act(self) -> str | None:
        follow = self.request.POST.get("follow") == "1"
        FollowTicket(ticket=self.ticket, agent=self.agent, follow=follow).execute()
        return _("You follow this ticket.") if follow else _("You no longer follow it.")


class CloseConversationView(TicketAction):
    """Close one conversation; the ticket stays as it is (R5)."""

    def act(self) -> str | None:
        closed = CloseConversation(
            conversation=self.conversation(), actor=self.agent
        ).execute()
        if closed.suggest_closing_ticket:
            return _(
                "The conversation is closed. It was the last open one: "
                "close the ticket too?"
            )
        return _("The conversation is closed. The ticket stays open.")


class ReopenConversationView(TicketAction):
    """Open a closed conversation again."""

    def act(self) -> str | None:
        ReopenConversation(conversation=self.conversation(), actor=self.agent).execute()
        return _("The conversation is open again.")


class RestoreConversationView(TicketAction):
    """Take a conversation out of the trash."""

    def act(self) -> str | None:
        RestoreConversation(
            conversation=self.conversation(), actor=self.agent
        ).execute()
        return _("The conversation is restored.")


class UndoView(TicketAction):
    """Take a reply back within its undo window (R16)."""

    def act(self) -> str | None:
        message = get_object_or_404(
            Message.objects.visible_to_agent(self.agent),
            conversation__ticket=self.ticket,
            public_id=self.kwargs["message_id"],
        )
        UndoSend(message=message, agent=self.agent).execute()
        return _("Taken back. Nothing was sent; your text is in the composer.")

    def next_url(self) -> str:
        return f"{super().next_url()}?compose=reply#composer"


class RetryView(TicketAction):
    """Send a mail again that failed."""

    def act(self) -> str | None:
        delivery = get_object_or_404(
            Delivery.objects.filter(
                Q(ticket=self.ticket) | Q(ticket__merged_into=self.ticket)
            ),
            token=self.kwargs["token"],
        )
        RetryDelivery(delivery=delivery, agent=self.agent).execute()
        return _("The mail is sent again.")


class ParticipantView(TicketAction):
    """Copy a contact on the ticket, or stop it."""

    def act(self) -> str | None:
        remove = self.request.POST.get("remove", "")
        if remove:
            contact = get_object_or_404(
                Contact,
                participations__ticket=self.ticket,
                public_id=remove.replace("\x00", ""),
            )
            ChangeParticipant(
                ticket=self.ticket, contact=contact, actor=self.agent, takes_part=False
            ).execute()
            return _("Removed from the ticket.")
        address = self.request.POST.get("email", "").strip()
        contact = ResolveContact(email=address).execute()
        ChangeParticipant(
            ticket=self.ticket, contact=contact, actor=self.agent
        ).execute()
        # The address as typed: the name may be another inbox's business.
        return _("%(address)s sees the ticket now and gets its mails.") % {
            "address": address
        }


class TrashTicketView(TicketPage):
    """Says what goes into the trash and asks (L8)."""

    template_name = "wagtail_helpdesk/admin/confirm_trash.html"
    header_icon = "bin"
    page_title = gettext_lazy("Move to trash")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask."""
        return self.render(conversation=None)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Move it."""
        try:
            TrashTicket(ticket=self.ticket, actor=self.agent).execute()
        except ActionError as error:
            messages.error(request, str(error.message))
            return redirect(admin_url("ticket", self.ticket.public_id))
        text = _("%(ticket)s is in the trash.") % {"ticket": self.ticket.reference}
        messages.success(request, text)
        return redirect("wagtail_helpdesk_admin:inbox")


class TrashConversationView(TicketPage):
    """Says what goes with a conversation and asks; the default keeps the ticket."""

    template_name = "wagtail_helpdesk/admin/confirm_trash.html"
    header_icon = "bin"

    @cached_property
    def conversation(self) -> Conversation:
        """The conversation, of this ticket and a visible inbox."""
        return get_object_or_404(
            Conversation.objects.own().visible_to_agent(self.agent),
            ticket=self.ticket,
            public_id=self.kwargs["conversation_id"],
        )

    @property
    def has_others(self) -> bool:
        """Whether the ticket has other live conversations."""
        live = self.ticket.conversations.live()
        return live.exclude(pk=self.conversation.pk).exists()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask."""
        return self.render(conversation=self.conversation, has_others=self.has_others)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Move it, and the ticket too if it has nothing else or the agent says so."""
        with_ticket = True if request.POST.get("with_ticket") == "1" else None
        try:
            TrashConversation(
                conversation=self.conversation,
                actor=self.agent,
                with_ticket=with_ticket,
            ).execute()
        except ActionError as error:
            messages.error(request, str(error.message))
            return redirect(admin_url("ticket", self.ticket.public_id))
        messages.success(request, _("Moved to the trash."))
        if Ticket.objects.live().filter(pk=self.ticket.pk).exists():
            return redirect("wagtail_helpdesk_admin:ticket", self.ticket.public_id)
        return redirect("wagtail_helpdesk_admin:inbox")
