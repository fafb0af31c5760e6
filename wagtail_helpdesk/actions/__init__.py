"""Use cases: the only writers. Views, channels, bulk actions and the API call these."""

from wagtail_helpdesk.actions.add_note import AddNote
from wagtail_helpdesk.actions.align_page_privacy import AlignPagePrivacy
from wagtail_helpdesk.actions.assign import AssignConversation, AssignTicket
from wagtail_helpdesk.actions.base import Action, Actor
from wagtail_helpdesk.actions.change_access_group import ChangeAccessGroup
from wagtail_helpdesk.actions.change_access_members import (
    AddAccessMembers,
    RemoveAccessMembers,
)
from wagtail_helpdesk.actions.change_details import ChangePriority, ChangeTicketDetails
from wagtail_helpdesk.actions.change_membership import ChangeMembership
from wagtail_helpdesk.actions.change_organization import ChangeOrganization
from wagtail_helpdesk.actions.change_profile import ChangeProfile
from wagtail_helpdesk.actions.change_stage import ChangeStage
from wagtail_helpdesk.actions.claim_contact import ClaimContact, ReleaseAddress
from wagtail_helpdesk.actions.close_conversation import (
    CloseConversation,
    ClosedConversation,
    ReopenConversation,
)
from wagtail_helpdesk.actions.close_own_ticket import (
    CloseOwnTicket,
    ReopenOwnTicket,
    ReplyAndClose,
    closed_stage_for,
)
from wagtail_helpdesk.actions.create_system_pages import CreateSystemPages
from wagtail_helpdesk.actions.delete_access_group import DeleteAccessGroup
from wagtail_helpdesk.actions.drafts import SaveDraft
from wagtail_helpdesk.actions.follow_ticket import ChangeParticipant, FollowTicket
from wagtail_helpdesk.actions.import_access_members import (
    ImportAccessMembers,
    ImportedLine,
)
from wagtail_helpdesk.actions.invite_members import InviteAccessMembers, RenewInvitation
from wagtail_helpdesk.actions.mark_all_read import MarkAllRead
from wagtail_helpdesk.actions.mark_ticket_read import MarkTicketRead
from wagtail_helpdesk.actions.merge import MergeTickets, UnmergeTicket
from wagtail_helpdesk.actions.open_ticket import (
    OnBehalf,
    OpenedTicket,
    OpenTicket,
    Origin,
)
from wagtail_helpdesk.actions.own_data import (
    AskForDeletion,
    RecordDataDownload,
    open_deletion_request,
)
from wagtail_helpdesk.actions.participants import (
    AddParticipant,
    RemoveParticipant,
)
from wagtail_helpdesk.actions.rate_ticket import RateTicket
from wagtail_helpdesk.actions.receive_message import ReceivedMessage, ReceiveMessage
from wagtail_helpdesk.actions.recompute_access_group import (
    RecomputeAccessGroup,
    RecomputedAccessGroup,
)
from wagtail_helpdesk.actions.record_consent import (
    KeepSignUpConsent,
    RecordConsent,
    WithdrawConsent,
)
from wagtail_helpdesk.actions.record_deflection import (
    ArticleVersion,
    PurgeDeflections,
    RecordDeflection,
)
from wagtail_helpdesk.actions.register_agent import RegisterAgent
from wagtail_helpdesk.actions.reply import ReplyToTicket, RetryDelivery, UndoSend
from wagtail_helpdesk.actions.resolve_contact import ForwardedSender, ResolveContact
from wagtail_helpdesk.actions.saved_views import DeleteSavedView, SaveView
from wagtail_helpdesk.actions.send_guest_link import SendGuestLink
from wagtail_helpdesk.actions.set_inbox_members import SetInboxMembers
from wagtail_helpdesk.actions.set_up_inbox import SetUpInbox
from wagtail_helpdesk.actions.trash import (
    PurgeTrash,
    RestoreConversation,
    RestoreTicket,
    TrashConversation,
    TrashTicket,
)
from wagtail_helpdesk.actions.uploads import Upload, check_uploads
from wagtail_helpdesk.actions.view_as_contact import EndViewAs, StartViewAs

__all__ = [
    "Action",
    "Actor",
    "AddAccessMembers",
    "AddNote",
    "AddParticipant",
    "AlignPagePrivacy",
    "ArticleVersion",
    "AskForDeletion",
    "AssignConversation",
    "AssignTicket",
    "ChangeAccessGroup",
    "ChangeParticipant",
    "ChangeMembership",
    "ChangeOrganization",
    "ChangePriority",
    "ChangeProfile",
    "ChangeStage",
    "ChangeTicketDetails",
    "ClaimContact",
    "CloseConversation",
    "CloseOwnTicket",
    "ClosedConversation",
    "CreateSystemPages",
    "DeleteAccessGroup",
    "DeleteSavedView",
    "EndViewAs",
    "FollowTicket",
    "ForwardedSender",
    "ImportAccessMembers",
    "ImportedLine",
    "KeepSignUpConsent",
    "InviteAccessMembers",
    "MarkAllRead",
    "MarkTicketRead",
    "MergeTickets",
    "OnBehalf",
    "OpenTicket",
    "OpenedTicket",
    "Origin",
    "PurgeDeflections",
    "PurgeTrash",
    "RateTicket",
    "ReceiveMessage",
    "ReceivedMessage",
    "RecomputeAccessGroup",
    "RecomputedAccessGroup",
    "RecordConsent",
    "RecordDataDownload",
    "RecordDeflection",
    "RegisterAgent",
    "ReleaseAddress",
    "RemoveAccessMembers",
    "RemoveParticipant",
    "ReopenConversation",
    "ReopenOwnTicket",
    "ReplyAndClose",
    "ReplyToTicket",
    "RenewInvitation",
    "ResolveContact",
    "RestoreConversation",
    "RestoreTicket",
    "RetryDelivery",
    "SaveDraft",
    "SaveView",
    "SendGuestLink",
    "SetInboxMembers",
    "SetUpInbox",
    "StartViewAs",
    "TrashConversation",
    "TrashTicket",
    "UndoSend",
    "UnmergeTicket",
    "Upload",
    "WithdrawConsent",
    "check_uploads",
    "closed_stage_for",
    "open_deletion_request",
]
