"""Translatable texts and forms of the help desk, as snippets.

wagtail-localize translates pages and snippets only, and hard-codes the names of the
snippets' URLs: ``base_url_path`` gives pretty addresses, but ``admin_url_namespace``
must never be set.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import ObjectList, PublishingPanel, TabbedInterface
from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_helpdesk.models import (
    CannedReply,
    EmailTemplate,
    StageLabel,
    SupportForm,
    TicketProperty,
)


class SupportFormViewSet(SnippetViewSet):
    """Support forms (B26)."""

    model = SupportForm
    base_url_path = "helpdesk/forms"
    icon = "form"
    menu_label = _("Support forms")
    list_display = ["name", "key", "channel", UpdatedAtColumn()]
    list_filter = ["channel"]
    search_fields = ["name", "key"]
    edit_handler = TabbedInterface(
        [
            ObjectList(SupportForm.panels[:4], heading=_("Questions")),
            ObjectList(SupportForm.panels[4:], heading=_("Consent and sending")),
            ObjectList([PublishingPanel()], heading=_("Publishing")),
        ]
    )


class CannedReplyViewSet(SnippetViewSet):
    """Prepared texts for replies."""

    model = CannedReply
    base_url_path = "helpdesk/canned-replies"
    icon = "openquote"
    menu_label = _("Canned replies")
    list_display = ["name", UpdatedAtColumn()]
    search_fields = ["name", "body"]


class EmailTemplateViewSet(SnippetViewSet):
    """Texts of mails."""

    model = EmailTemplate
    base_url_path = "helpdesk/mail-texts"
    icon = "mail"
    menu_label = _("Mail texts")
    list_display = ["__str__", "subject", UpdatedAtColumn()]


class StageLabelViewSet(SnippetViewSet):
    """Names of stages in other languages."""

    model = StageLabel
    base_url_path = "helpdesk/stage-labels"
    icon = "tag"
    menu_label = _("Stage labels")
    list_display = ["name", "customer_label", "stage", UpdatedAtColumn()]


class TicketPropertyViewSet(SnippetViewSet):
    """Custom properties of tickets."""

    model = TicketProperty
    base_url_path = "helpdesk/properties"
    icon = "list-ul"
    menu_label = _("Ticket properties")
    list_display = ["label", "key", "type", UpdatedAtColumn()]
    search_fields = ["label", "key"]


#: Registered by ``wagtail_hooks``.
VIEWSETS = (
    SupportFormViewSet,
    CannedReplyViewSet,
    EmailTemplateViewSet,
    StageLabelViewSet,
    TicketPropertyViewSet,
)
