"""The workspace's addresses, mounted at ``/admin/helpdesk/``.

The words in them are neutral; agents share them in mails and chats.
"""

from __future__ import annotations

from django.urls import path, register_converter

from wagtail_helpdesk.admin import (
    access_group_form,
    access_group_import,
    access_groups,
    access_invitations,
    bulk_actions,
    composer,
    contacts,
    inbox,
    incoming,
    memberships,
    merged_ticket,
    merging,
    privacy_report,
    registration,
    saved_views,
    setup,
    ticket,
    ticket_actions,
    ticket_tabs,
    trash,
    view_as,
)


class PublicIdConverter:
    """A public id: what cannot be one, such as a NUL, never reaches the database."""

    regex = "[a-z0-9]{1,32}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(PublicIdConverter, "helpdesk_public_id")

app_name = "wagtail_helpdesk_admin"

_TICKET = "tickets/<helpdesk_public_id:public_id>/"
_ACCESS_GROUP = "access-groups/<helpdesk_public_id:public_id>/"
_CONVERSATION = f"{_TICKET}conversations/<helpdesk_public_id:conversation_id>/"

urlpatterns = [
    path("inbox/", inbox.InboxView.as_view(), name="inbox"),
    path(
        "inbox/results/",
        inbox.InboxView.as_view(results_only=True),
        name="inbox_results",
    ),
    path("inbox/tags/", inbox.InboxTagsView.as_view(), name="inbox_tags"),
    path("inbox/export/", inbox.InboxExportView.as_view(), name="inbox_export"),
    path("inbox/bulk/", bulk_actions.BulkView.as_view(), name="inbox_bulk"),
    path("inbox/views/", saved_views.SaveViewView.as_view(), name="save_view"),
    path(
        "inbox/views/<int:pk>/delete/",
        saved_views.DeleteViewView.as_view(),
        name="delete_view",
    ),
    path("become-agent/", registration.BecomeAgentView.as_view(), name="become_agent"),
    path("trash/", trash.TrashView.as_view(), name="trash"),
    path(
        "trash/<helpdesk_public_id:public_id>/restore/",
        trash.RestoreView.as_view(),
        name="restore",
    ),
    path(_TICKET, ticket.TicketView.as_view(), name="ticket"),
    path(
        f"{_TICKET}customer-view/",
        ticket_tabs.CustomerView.as_view(),
        name="ticket_customer_view",
    ),
    path(
        f"{_TICKET}history/", ticket_tabs.HistoryView.as_view(), name="ticket_history"
    ),
    path(f"{_TICKET}compose/", composer.ComposeView.as_view(), name="compose"),
    path(
        f"{_TICKET}properties/",
        ticket_actions.PropertiesView.as_view(),
        name="ticket_properties",
    ),
    path(
        f"{_TICKET}subject/",
        ticket_actions.SubjectView.as_view(),
        name="ticket_subject",
    ),
    path(f"{_TICKET}take/", ticket_actions.TakeView.as_view(), name="ticket_take"),
    path(f"{_TICKET}close/", ticket_actions.CloseView.as_view(), name="ticket_close"),
    path(
        f"{_TICKET}follow/", ticket_actions.FollowView.as_view(), name="ticket_follow"
    ),
    path(
        f"{_TICKET}participants/",
        ticket_actions.ParticipantView.as_view(),
        name="ticket_participants",
    ),
    path(
        f"{_TICKET}trash/",
        ticket_actions.TrashTicketView.as_view(),
        name="ticket_trash",
    ),
    path(f"{_TICKET}merge/", merging.MergeView.as_view(), name="ticket_merge"),
    path(
        f"{_TICKET}unmerge/",
        merged_ticket.UnmergeView.as_view(),
        name="ticket_unmerge",
    ),
    path(
        f"{_TICKET}messages/<helpdesk_public_id:message_id>/undo/",
        ticket_actions.UndoView.as_view(),
        name="undo_send",
    ),
    path(
        f"{_TICKET}deliveries/<uuid:token>/retry/",
        ticket_actions.RetryView.as_view(),
        name="retry_delivery",
    ),
    path(
        f"{_CONVERSATION}close/",
        ticket_actions.CloseConversationView.as_view(),
        name="conversation_close",
    ),
    path(
        f"{_CONVERSATION}reopen/",
        ticket_actions.ReopenConversationView.as_view(),
        name="conversation_reopen",
    ),
    path(
        f"{_CONVERSATION}trash/",
        ticket_actions.TrashConversationView.as_view(),
        name="conversation_trash",
    ),
    path(
        f"{_CONVERSATION}restore/",
        ticket_actions.RestoreConversationView.as_view(),
        name="conversation_restore",
    ),
    path("contacts/", contacts.ContactListView.as_view(), name="contacts"),
    path(
        "contacts/<helpdesk_public_id:public_id>/",
        contacts.ContactView.as_view(),
        name="contact",
    ),
    path(
        "contacts/<helpdesk_public_id:public_id>/view-as/",
        view_as.StartView.as_view(),
        name="view_as_start",
    ),
    path(
        "contacts/<helpdesk_public_id:public_id>/sees/",
        view_as.SeesView.as_view(),
        name="contact_sees",
    ),
    path("view-as/stop/", view_as.StopView.as_view(), name="view_as_stop"),
    path(
        "organizations/", contacts.OrganizationListView.as_view(), name="organizations"
    ),
    path(
        "organizations/new/",
        contacts.AddOrganizationView.as_view(),
        name="organization_add",
    ),
    path(
        "organizations/<helpdesk_public_id:public_id>/",
        contacts.OrganizationView.as_view(),
        name="organization",
    ),
    path(
        "organizations/<helpdesk_public_id:public_id>/members/"
        "<helpdesk_public_id:contact_id>/",
        memberships.MembershipView.as_view(),
        name="membership",
    ),
    path(
        "access-groups/",
        access_groups.AccessGroupListView.as_view(),
        name="access_groups",
    ),
    path(
        "access-groups/new/",
        access_group_form.AddAccessGroupView.as_view(),
        name="access_group_add",
    ),
    path(_ACCESS_GROUP, access_groups.AccessGroupView.as_view(), name="access_group"),
    path(
        f"{_ACCESS_GROUP}edit/",
        access_group_form.EditAccessGroupView.as_view(),
        name="access_group_edit",
    ),
    path(
        f"{_ACCESS_GROUP}import/",
        access_group_import.ImportMembersView.as_view(),
        name="access_group_import",
    ),
    path(
        f"{_ACCESS_GROUP}recompute/",
        access_groups.RecomputeView.as_view(),
        name="access_group_recompute",
    ),
    path(
        f"{_ACCESS_GROUP}invitation/",
        access_invitations.InvitationPreviewView.as_view(),
        name="access_group_invitation",
    ),
    path(
        f"{_ACCESS_GROUP}invite/",
        access_invitations.InviteMembersView.as_view(),
        name="access_group_invite",
    ),
    path(
        f"{_ACCESS_GROUP}members/<helpdesk_public_id:contact_id>/invite/",
        access_invitations.InviteMemberView.as_view(),
        name="access_group_invite_member",
    ),
    path(
        f"{_ACCESS_GROUP}delete/",
        access_groups.DeleteAccessGroupView.as_view(),
        name="access_group_delete",
    ),
    path(
        f"{_ACCESS_GROUP}members/<helpdesk_public_id:contact_id>/remove/",
        access_groups.RemoveMemberView.as_view(),
        name="access_group_remove",
    ),
    path("incoming/", incoming.IncomingView.as_view(), name="incoming"),
    path(
        "incoming/<int:pk>/retry/",
        incoming.IncomingRetryView.as_view(),
        name="incoming_retry",
    ),
    path(
        "incoming/<int:pk>/raw/",
        incoming.IncomingRawView.as_view(),
        name="incoming_raw",
    ),
    path(
        "reports/privacy/",
        privacy_report.PrivacyReportView.as_view(),
        name="privacy_report",
    ),
    path(
        "reports/privacy/<int:pk>/align/",
        privacy_report.AlignPrivacyView.as_view(),
        name="privacy_align",
    ),
    path("setup/", setup.SetupView.as_view(), name="setup"),
]
