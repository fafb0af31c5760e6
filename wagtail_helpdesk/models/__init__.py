"""Facts, constraints and reads; ``wagtail_helpdesk.actions`` changes them."""

from wagtail_helpdesk.models.access import AccessGroup, AccessMembership
from wagtail_helpdesk.models.agents import Agent, Team
from wagtail_helpdesk.models.appearance import Appearance
from wagtail_helpdesk.models.attachments import Attachment
from wagtail_helpdesk.models.calendars import BusinessCalendar
from wagtail_helpdesk.models.channels import (
    Channel,
    Inbox,
    InboxMembership,
    Priority,
)
from wagtail_helpdesk.models.consents import (
    Consent,
    SignUpConsent,
    consent_version,
)
from wagtail_helpdesk.models.contacts import (
    Contact,
    Identity,
    Membership,
    Organization,
    normalise_email,
)
from wagtail_helpdesk.models.conversations import Conversation
from wagtail_helpdesk.models.deflections import Deflection
from wagtail_helpdesk.models.deliveries import Delivery
from wagtail_helpdesk.models.events import Event
from wagtail_helpdesk.models.forms import SupportForm
from wagtail_helpdesk.models.invitations import AccessInvitation
from wagtail_helpdesk.models.messages import Message
from wagtail_helpdesk.models.notifications import EmailTemplate
from wagtail_helpdesk.models.pipelines import Pipeline, Stage, StageLabel
from wagtail_helpdesk.models.portal_rules import (
    EntryMode,
    MayAddPeople,
    PortalRules,
    SignUpRule,
    ThreadPolicy,
)
from wagtail_helpdesk.models.properties import TicketProperty
from wagtail_helpdesk.models.read_marks import ReadMark
from wagtail_helpdesk.models.receipts import EventReceipt, Receipt
from wagtail_helpdesk.models.replies import CannedReply, Draft
from wagtail_helpdesk.models.satisfaction import SatisfactionRating
from wagtail_helpdesk.models.sso import IdentityProvider, UsedAssertion
from wagtail_helpdesk.models.tags import Tag
from wagtail_helpdesk.models.ticket_numbers import TicketNumber, ticket_number_from
from wagtail_helpdesk.models.ticket_people import Participant, Watcher
from wagtail_helpdesk.models.ticket_texts import Audience, TicketText
from wagtail_helpdesk.models.tickets import Ticket
from wagtail_helpdesk.models.views import SavedView

__all__ = [
    "AccessGroup",
    "AccessInvitation",
    "AccessMembership",
    "Agent",
    "Appearance",
    "Attachment",
    "Audience",
    "BusinessCalendar",
    "CannedReply",
    "Channel",
    "Consent",
    "Contact",
    "Conversation",
    "Deflection",
    "Delivery",
    "Draft",
    "EmailTemplate",
    "EntryMode",
    "Event",
    "EventReceipt",
    "Identity",
    "IdentityProvider",
    "Inbox",
    "InboxMembership",
    "MayAddPeople",
    "Membership",
    "Message",
    "Organization",
    "Participant",
    "Pipeline",
    "PortalRules",
    "Priority",
    "ReadMark",
    "Receipt",
    "SatisfactionRating",
    "SavedView",
    "SignUpConsent",
    "SignUpRule",
    "Stage",
    "StageLabel",
    "SupportForm",
    "Tag",
    "Team",
    "ThreadPolicy",
    "Ticket",
    "TicketNumber",
    "TicketProperty",
    "TicketText",
    "UsedAssertion",
    "Watcher",
    "consent_version",
    "normalise_email",
    "ticket_number_from",
]
