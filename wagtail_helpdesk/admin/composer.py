"""Writing on a ticket: replies, notes, drafts, canned replies.

One form serves all of it, so that what was typed is never lost: every way out that is
not "sent" shows the page again with the text in it.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages

from wagtail_helpdesk.actions import AddNote, ReplyToTicket, SaveDraft, Upload
from wagtail_helpdesk.admin.base import admin_url
from wagtail_helpdesk.admin.forms import clean_mode
from wagtail_helpdesk.admin.merged_ticket import find_merged
from wagtail_helpdesk.admin.ticket import Composer, TicketView
from wagtail_helpdesk.admin.ticket_reading import find_ticket
from wagtail_helpdesk.exceptions import ActionError, ConversationChanged
from wagtail_helpdesk.models import Conversation, Draft, Message, Stage


class ComposeView(TicketView):
    """Takes the composer's form. The button pressed (``do``) says what is wanted."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Send, note, keep as draft or insert a canned reply."""
        try:
            # A foreign ticket is not there, whatever is wanted.
            self.ticket  # noqa: B018
        except Http404:
            return self._merged_meanwhile()
        do = request.POST.get("do", "")
        if do == "draft":
            return self._save_draft()
        if do == "insert":
            composer = self.composer
            composer.text = self.with_canned(
                composer.text, request.POST.get("canned", "")
            )
            return self.render(composer=composer)
        if do not in ("reply", "note") or do != self.composer.mode:
            # Never guess: a note that goes out as a reply cannot be taken back.
            return self._again(
                _("Choose “Reply” or “Internal note”, then press its button.")
            )
        try:
            return self._reply() if do == "reply" else self._note()
        except ConversationChanged as error:
            self.composer.is_conflict = True
            return self._again(str(error.message), status=409)
        except ActionError as error:
            return self._again(str(error.message))

    @cached_property
    def composer(self) -> Composer:
        """The form as it was sent."""
        post = self.request.POST
        return Composer(
            mode=clean_mode(post.get("mode")),
            text=post.get("text", ""),
            conversation=post.get("conversation", ""),
            stage=post.get("stage", ""),
            token=post.get("token", "")[:64].replace("\x00", "") or Composer().token,
        )

    @cached_property
    def conversation(self) -> Conversation | None:
        """Where a reply goes; ``None`` lets the action choose.

        A draft and a note belong to it too.
        """
        for conversation in self.live_conversations:
            if conversation.public_id == self.composer.conversation:
                return conversation
        return self.live_conversations[0] if self.live_conversations else None

    def _uploads(self) -> list[Upload]:
        files = self.request.FILES.getlist("files")
        return [
            Upload(name=f.name or "", content=f, content_type=f.content_type or "")
            for f in files
        ]

    def _reply(self) -> HttpResponse:
        message = ReplyToTicket(
            ticket=self.ticket,
            agent=self.agent,
            body_text=self.composer.text,
            uploads=self._uploads(),
            conversation=self.conversation,
            client_token=self.composer.token,
            seen_seq=self._seen_seq(),
            force=self.request.POST.get("force") == "1",
            stage=self._stage(),
        ).execute(skip_permission_checks=True)  # The view has just found both.
        return self._sent(message)

    def _note(self) -> HttpResponse:
        message = AddNote(
            ticket=self.ticket,
            agent=self.agent,
            body_text=self.composer.text,
            uploads=self._uploads(),
            client_token=self.composer.token,
        ).execute(skip_permission_checks=True)
        return self._sent(message)

    def _sent(self, message: Message) -> HttpResponse:
        self._clear_drafts()
        url = admin_url("ticket", self.ticket.public_id)
        return redirect(f"{url}#message-{message.public_id}")

    def _stage(self) -> Stage | None:
        wanted = self.composer.stage
        if not wanted:
            return None
        for stage in Stage.objects.filter(pipeline=self.ticket.pipeline_id):
            if str(stage.pk) == wanted:
                return stage
        raise ActionError("foreign_stage", _("Choose a stage of this ticket."))

    def _seen_seq(self) -> int | None:
        """The newest message of the conversation that the agent had on screen."""
        if self.conversation is None:
            return None
        seen = self._seen()
        on_screen = Message.objects.filter(
            conversation=self.conversation, pk__lte=seen
        ).order_by("-seq")
        return on_screen.values_list("seq", flat=True).first() or 0

    def _seen(self) -> int:
        value = self.request.POST.get("seen", "")
        if value.isascii() and value.isdigit() and len(value) <= 18:
            return int(value)
        return 0

    def _again(self, error: str, *, status: int = 400) -> HttpResponse:
        """The page with the text in it and what was wrong."""
        composer = self.composer
        composer.error = error
        composer.lost_files = [
            f.name or "" for f in self.request.FILES.getlist("files")
        ]
        return self.render(composer=composer, seen=self._seen(), status=status)

    def _merged_meanwhile(self) -> HttpResponse:
        """What was written on a ticket that is merged by now, in the other's box."""
        merged = find_merged(self.agent, self.kwargs["public_id"])
        target = find_ticket(self.agent, merged.current.public_id)
        if target is None:
            raise Http404
        self.ticket = target
        told = _("%(ticket)s was merged into this one meanwhile. Nothing was sent yet.")
        return self._again(told % {"ticket": merged.reference}, status=409)

    def _save_draft(self) -> HttpResponse:
        conversation = self.conversation
        if conversation is None:
            return self._again(_("There is no conversation yet to keep a draft in."))
        composer = self.composer
        self._clear_drafts(but=(conversation.pk, composer.mode))
        SaveDraft(
            conversation=conversation,
            agent=self.agent,
            mode=composer.mode,
            text=composer.text,
        ).execute()
        clock = date_format(timezone.localtime(), "TIME_FORMAT")
        text = _("Draft saved %(time)s") % {"time": clock}
        if self.request.headers.get("accept") == "application/json":
            return JsonResponse({"status": text})
        messages.success(self.request, text)
        return redirect(admin_url("ticket", self.ticket.public_id) + "#composer")

    def _clear_drafts(self, but: tuple[int, str] | None = None) -> None:
        """The composer holds one text: no other draft of this ticket outlives it."""
        drafts = Draft.objects.filter(
            conversation__ticket=self.ticket, agent=self.agent
        ).select_related("conversation")
        for draft in drafts:
            if (draft.conversation_id, draft.mode) != but:
                SaveDraft(
                    conversation=draft.conversation,
                    agent=self.agent,
                    mode=draft.mode,
                    text="",
                ).execute(skip_permission_checks=True)
