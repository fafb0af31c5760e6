"""Mail that came in and found no place: why, what it is, and another try."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_helpdesk import intake
from wagtail_helpdesk.admin.base import AgentRequiredMixin, WorkspacePage
from wagtail_helpdesk.channels.email.parsing import parse_email
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.models import Receipt
from wagtail_helpdesk.pagination import KeysetPage

#: How much of a mail is read to name it in the list, in bytes.
_HEAD = 16_384


class IncomingView(WorkspacePage):
    """What failed or was ignored in the agent's inboxes, latest first."""

    template_name = "wagtail_helpdesk/admin/incoming.html"
    page_title = gettext_lazy("Mail without a place")
    header_icon = "warning"
    trail = (("inbox", gettext_lazy("Inbox")),)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        return self.render()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        receipts = Receipt.objects.visible_to_agent(self.agent)
        page = KeysetPage(
            receipts.left_over().select_related("channel"),
            ordering=("-pk",),
            params=self.request.GET,
        )
        entries = [{"receipt": one, "mail": parse_email(_head(one))} for one in page]
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(page=page, entries=entries, days=helpdesk_settings.RECEIPT_DAYS)
        return context


def _head(receipt: Receipt) -> bytes:
    """The beginning of what came; nothing if its file is gone."""
    if not receipt.file:
        return bytes(receipt.body[:_HEAD])
    try:
        with receipt.file.open("rb") as file:
            head: bytes = file.read(_HEAD)
    except OSError:
        return b""
    return head


class IncomingRetryView(AgentRequiredMixin):
    """Have it read once more, at once if that goes fast; or dismiss it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, and say what came of it."""
        receipts = Receipt.objects.visible_to_agent(self.agent)
        receipt = get_object_or_404(receipts.defer("body"), pk=pk)
        if request.POST.get("do") == "dismiss":
            reason = _("%(agent)s dismissed it: %(reason)s") % {
                "agent": self.agent.full_name,
                "reason": receipt.error,
            }
            intake.dismiss(receipt, reason)
            return redirect("wagtail_helpdesk_admin:incoming")
        if not intake.try_again(receipt):
            messages.info(request, _("It is being read already."))
            return redirect("wagtail_helpdesk_admin:incoming")
        intake.run_due(budget_seconds=2.0)
        receipt.refresh_from_db(fields=["state", "error", "message"])
        ticket = receipt.message.conversation.ticket if receipt.message else None
        if receipt.state == Receipt.State.DONE and ticket is not None:
            text = _("The mail is in %(ticket)s.") % {"ticket": ticket.reference}
            messages.success(request, text)
        elif receipt.state in (Receipt.State.FAILED, Receipt.State.IGNORED):
            messages.warning(request, receipt.error)
        else:
            messages.info(request, _("It will be read again soon."))
        return redirect("wagtail_helpdesk_admin:incoming")


class IncomingRawView(AgentRequiredMixin):
    """The mail as it came, as a file."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hand it over; no browser shows it."""
        receipts = Receipt.objects.visible_to_agent(self.agent).left_over()
        receipt = get_object_or_404(receipts, pk=pk)
        return HttpResponse(
            receipt.raw(),
            headers={
                "Content-Type": "application/octet-stream",
                "Content-Disposition": f'attachment; filename="mail-{receipt.pk}.eml"',
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; sandbox",
            },
        )
