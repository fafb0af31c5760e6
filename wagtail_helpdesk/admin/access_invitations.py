"""Registration mails to members of an access group: send them, and see them first."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Locale

from wagtail_helpdesk.access.invitations import members_without_account
from wagtail_helpdesk.actions import InviteAccessMembers
from wagtail_helpdesk.admin.access_groups import (
    AccessGroupPage,
    AccessGroupsMixin,
    members_of_group,
)
from wagtail_helpdesk.channels.email.invitations import invitation_text
from wagtail_helpdesk.channels.email.languages import language_tag, written_for
from wagtail_helpdesk.models import EmailTemplate


class InviteMembersView(AccessGroupsMixin):
    """Send the mail to all members without an account."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Send it, and say how many mails are on their way."""
        sent = InviteAccessMembers(group=self.group, actor=self.actor).execute()
        if sent:
            text = ngettext(
                "%(number)s mail is on its way.",
                "%(number)s mails are on their way.",
                sent,
            )
            messages.success(request, text % {"number": sent})
        else:
            messages.warning(
                request, _("All members with an address have an account already.")
            )
        return self.back()


class InviteMemberView(AccessGroupsMixin):
    """Send the mail to one member, for the first time or again."""

    http_method_names = ["post"]

    def post(
        self, request: HttpRequest, public_id: str, contact_id: str
    ) -> HttpResponse:
        """Send it."""
        contact = get_object_or_404(members_of_group(self.group), public_id=contact_id)
        sent = InviteAccessMembers(
            group=self.group, contacts=[contact], actor=self.actor
        ).execute()
        name = {"name": contact.display_name}
        if sent:
            messages.success(request, _("A mail to %(name)s is on its way.") % name)
        else:
            messages.error(
                request,
                _(
                    "%(name)s gets no mail: they have an account already, no address, "
                    "or are blocked."
                )
                % name,
            )
        return self.back()


class InvitationPreviewView(AccessGroupPage):
    """The registration mail as members of the group get it, in each language."""

    template_name = "wagtail_helpdesk/admin/access_group_invitation.html"
    page_title = gettext_lazy("Registration mail")

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show it."""
        return self.render()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mails = []
        # Read by people: the place of the token, not its escaped form.
        place = unquote(reverse("wagtail_helpdesk:invitation", args=["…"]))
        for locale in Locale.objects.order_by("pk"):
            code = locale.language_code
            with written_for(code, ""):
                text = invitation_text(
                    self.group,
                    name="",
                    link_path=place,
                    language=code,
                )
                info = get_language_info(code)
            mails.append(
                {
                    "language": info["name_local"],
                    "tag": language_tag(code),
                    "direction": "rtl" if info["bidi"] else "ltr",
                    "text": text,
                }
            )
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(
            group=self.group,
            mails=mails,
            waiting=members_without_account(self.group).count(),
            texts_url=self._texts_url(),
        )
        return context

    def _texts_url(self) -> str:
        """Where the texts of mails are changed, for those who may."""
        if not self.request.user.has_perm("wagtail_helpdesk.change_emailtemplate"):
            return ""
        try:
            return reverse(EmailTemplate.snippet_viewset.get_url_name("list"))
        except NoReverseMatch:
            return ""
