"""Why a contact sees a ticket or a page, or why not (N8)."""

import itertools

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from wagtail.models import GroupPagePermission
from wagtail.users.templatetags.wagtailusers_tags import normalize_permission_label

from tests.admin.conftest import make_agent, signed_in, url
from tests.factories import (
    ContactFactory,
    ConversationFactory,
    CustomerFactory,
    MessageFactory,
    OrganizationFactory,
    ParticipantFactory,
    TicketFactory,
)
from tests.knowledge_base.factories import restrict, translate
from tests.portal.build import change, conversation_of, make_ticket
from tests.view_as.conftest import allow
from wagtail_helpdesk.access.ticket_reasons import TicketReason, explain_ticket
from wagtail_helpdesk.access.viewed import account_of
from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.actions import RecordConsent
from wagtail_helpdesk.models import (
    Conversation,
    IdentityProvider,
    PortalRules,
    Ticket,
)
from wagtail_helpdesk.models.ticket_filters import TicketFilter

pytestmark = pytest.mark.django_db

SHOWN = {TicketReason.OWN, TicketReason.PARTICIPANT, TicketReason.ORGANIZATION}


def ask(client, contact, what):
    return client.get(url("contact_sees", contact.public_id), {"what": what})


def text_of(response):
    page = BeautifulSoup(response.content, "html.parser")
    return " ".join(page.select_one(".hdw-page").text.split())


def test_the_explanation_never_disagrees_with_the_rule(db):
    """R9: visible if and only if the queryset has it, with a reason that fits."""
    shares = OrganizationFactory(sharing="organization")
    keeps = OrganizationFactory(sharing="own")
    contact = ContactFactory(organization=shares)
    contact.memberships.update(is_primary=True)
    contact.memberships.create(organization=keeps, is_primary=False)
    blocked = ContactFactory(organization=shares, is_blocked=True)
    blocked.memberships.update(is_primary=True)
    second = OrganizationFactory(sharing="organization")
    contact.memberships.create(organization=second, is_primary=False)
    other = ContactFactory()
    tickets = []
    for owner, organization, is_trashed, spam in itertools.product(
        (contact, other, blocked),
        (None, shares, keeps, second),
        (False, True),
        ("none", "some", "all"),
    ):
        ticket = TicketFactory(
            contact=owner,
            organization=organization,
            deleted_at=timezone.now() if is_trashed else None,
        )
        if spam != "none":
            ConversationFactory(ticket=ticket, status=Conversation.Status.SPAM)
        if spam == "some":
            ConversationFactory(ticket=ticket)
        tickets.append(ticket)
    tickets[0].merged_into = tickets[1]
    tickets[0].save()
    for ticket in tickets[::5]:
        ParticipantFactory(ticket=ticket, contact=contact)
    reasons = set()
    for rules, viewer in itertools.product(
        (
            PortalRules(),
            PortalRules(sharing="organization"),
            PortalRules(filters=(TicketFilter("category", "is", ("closed",)),)),
            PortalRules(sharing="managers"),
            PortalRules(sharing="chosen", all_organizations=True),
            PortalRules(is_active=False),
        ),
        (contact, blocked),
    ):
        visible = set(
            Ticket.objects.visible_to_contact(viewer, rules).values_list(
                "pk", flat=True
            )
        )
        for ticket in tickets:
            found = explain_ticket(ticket, viewer, rules)
            assert found.is_visible == (ticket.pk in visible)
            assert (found.reason in SHOWN) == found.is_visible
            assert found.reason is not TicketReason.OTHER
            is_told_shown = found.sentence().startswith("Shown")
            assert is_told_shown == found.is_visible
            reasons.add(found.reason)
    assert reasons == set(TicketReason) - {TicketReason.OTHER}


def test_a_new_part_of_the_rule_is_never_explained_wrongly(monkeypatch, ana, ticket):
    """The verdict is the rule's own, also where nobody has put it into words."""
    whole = type(Ticket.objects.all()).visible_to_contact

    def stricter(tickets, contact, portal):
        return whole(tickets, contact, portal).exclude(pk=ticket.pk)

    monkeypatch.setattr(type(Ticket.objects.all()), "visible_to_contact", stricter)
    found = explain_ticket(ticket, ana, PortalRules())
    assert (found.is_visible, found.reason) == (False, TicketReason.OTHER)


def test_messages_that_customers_do_not_see_are_told(ana, ticket):
    """R10: a channel that is not for customers, and notes."""
    hidden = ConversationFactory(ticket=ticket, is_customer_visible=False)
    MessageFactory(conversation=hidden, body_text="Called")
    MessageFactory(
        conversation=conversation_of(ticket), direction="internal", body_text="A note"
    )
    found = explain_ticket(ticket, ana, PortalRules())
    assert (found.shown, found.hidden) == (1, 1)
    ConversationFactory(ticket=ticket)
    only_first = PortalRules(thread_policy="original")
    assert explain_ticket(ticket, ana, only_first).hidden == 2


def test_the_contacts_page_says_it_for_each_portal(client, ana, ticket, portal):
    told = text_of(ask(client, ana, ticket.reference))
    assert "Customer portal" in told
    assert "Shown: it is the contact's own ticket. 1 message is shown." in told
    assert "no account yet" in told
    change(portal, is_active=False)
    assert "Hidden: the portal is switched off." in text_of(
        ask(client, ana, str(ticket.number))
    )


def test_a_filter_that_hides_is_told_in_words(client, ana, ticket, portal):
    """B18."""
    only = {"property": "priority", "operator": "is", "values": [4]}
    change(portal, visibility_filters=[only])
    told = text_of(ask(client, ana, ticket.reference))
    assert "visibility filter “Priority is one of: Urgent” hides it" in told


def test_a_draft_that_would_decide_otherwise_is_told(client, ana, ticket, portal):
    """N14: the rules that count stay those that are published."""
    portal.visibility_filters = [
        {"property": "priority", "operator": "is", "values": [4]}
    ]
    portal.save_revision()
    told = text_of(ask(client, ana, ticket.reference))
    assert "Shown: it is the contact's own ticket." in told
    assert "The saved draft of this portal would hide it." in told
    assert "Urgent" not in told, "the agent edits no portal"
    portal.save_revision().publish()
    assert "saved draft of this portal" not in text_of(
        ask(client, ana, ticket.reference)
    )


@pytest.fixture
def edits(agent, portal):
    """Makes the agent an editor of the portal, with the right to its settings."""

    def give(*codenames):
        group = Group.objects.create(name="Portal editors")
        agent.user.groups.add(group)
        for codename in codenames:
            permission = Permission.objects.get(codename=codename)
            if codename == "change_page":
                GroupPagePermission.objects.create(
                    group=group, page=portal, permission=permission
                )
            else:
                group.permissions.add(permission)

    return give


URGENT_ALONE = {"property": "priority", "operator": "is", "values": [4]}


def test_an_editor_of_the_portal_reads_the_rule_of_the_draft(
    client, ana, ticket, portal, edits
):
    """N8, N14: in the words that a published rule is told in."""
    edits("change_page", "change_portal_settings")
    portal.visibility_filters = [URGENT_ALONE]
    portal.save_revision()
    told = text_of(ask(client, ana, ticket.reference))
    assert (
        "The saved draft of this portal would hide it. Draft: Hidden: the portal's "
        "visibility filter “Priority is one of: Urgent” hides it."
    ) in told
    latest = client.get(url("contact_sees", ana.public_id), {"latest": "1"})
    assert "Draft: Hidden: the portal's visibility filter" in text_of(latest)

    portal.save_revision().publish()
    portal.visibility_filters = []
    portal.save_revision()
    told = text_of(ask(client, ana, ticket.reference))
    assert (
        "would not hide it by its rules. Draft: Shown: it is the contact's own ticket."
    ) in told


def test_an_editor_reads_that_the_draft_hides_it_by_another_rule(
    client, ana, ticket, portal, edits
):
    """Publishing would not bring the ticket to light, and this is why."""
    edits("change_page", "change_portal_settings")
    change(portal, visibility_filters=[URGENT_ALONE])
    portal.is_active = False
    portal.save_revision()
    told = text_of(ask(client, ana, ticket.reference))
    assert "“Priority is one of: Urgent” hides it." in told
    assert "Draft: Hidden: the portal is switched off." in told
    assert "The saved draft of this portal would" not in told


@pytest.mark.parametrize("right", ["change_page", "change_portal_settings"])
def test_half_of_an_editors_rights_names_no_rule_of_the_draft(
    client, ana, ticket, portal, edits, right
):
    """B2: as with the preview of the filters."""
    edits(right)
    portal.visibility_filters = [URGENT_ALONE]
    portal.save_revision()
    told = text_of(ask(client, ana, ticket.reference))
    assert "The saved draft of this portal would hide it." in told
    assert "Draft:" not in told
    assert "Urgent" not in told


def test_a_draft_that_closes_the_door_of_the_portal_is_told(
    client, ana, ticket, portal, partners, join, edits
):
    """B48: who enters is part of the draft, as the filters are."""
    edits("change_page", "change_portal_settings")
    portal.requires_groups = True
    portal.access_groups = [partners]
    portal.save_revision()
    told = text_of(ask(client, ana, ticket.reference))
    assert "The saved draft of this portal would hide it." in told
    assert "Draft: Hidden: the contact is in none of the groups" in told
    join(ana)
    assert "saved draft" not in text_of(ask(client, ana, ticket.reference)).replace(
        "a portal's saved draft", ""
    )


def test_the_latest_tickets_are_explained_together(client, ana, ticket, portal, inbox):
    """A10: those of the contact and of the organization, in the agent's inboxes."""
    acme = OrganizationFactory()
    ana.memberships.create(organization=acme)
    shared = make_ticket(ContactFactory(), subject="Of Acme", inbox=inbox)
    Ticket.objects.filter(pk=shared.pk).update(organization=acme)
    foreign = make_ticket(ana, subject="Elsewhere")
    answer = client.get(url("contact_sees", ana.public_id), {"latest": "1"})
    told = text_of(answer)
    assert ticket.reference in told
    assert shared.reference in told
    assert foreign.reference not in told
    assert "Shown: it is the contact's own ticket." in told
    assert "in this portal customers see their own tickets only" in told


def test_a_portal_behind_a_group_is_told(client, ana, ticket, portal, partners, join):
    restrict(portal, partners.auth_group)
    told = text_of(ask(client, ana, ticket.reference))
    assert "the page of this portal is closed to the contact" in told
    join(ana)
    assert "Shown" in text_of(ask(client, ana, ticket.reference))


def test_a_group_that_the_portal_requires_is_told(
    client, ana, ticket, portal, partners, join
):
    """B48: the page is open to everybody, the portal is not."""
    portal.requires_groups = True
    portal.access_groups = [partners]
    portal.save()
    told = text_of(ask(client, ana, ticket.reference))
    assert "in none of the groups this portal requires" in told
    join(ana)
    assert "Shown" in text_of(ask(client, ana, ticket.reference))


def test_a_provider_that_the_portal_requires_is_told(client, ana, ticket, portal):
    """B54: the rule of the portal, and whether the contact could meet it."""
    change(portal, entry="sso")
    told = text_of(ask(client, ana, ticket.reference))
    assert "no identity provider of this portal signs the contact in" in told
    told = text_of(ask(client, ana, "/support/"))
    assert "Hidden: the contact does not meet all conditions" in told
    assert "no identity provider that is on serves it. Not met." in told

    IdentityProvider.objects.create(name="Acme", domains=[ana.email.split("@")[1]])

    told = text_of(ask(client, ana, ticket.reference))
    assert "Shown" in told
    assert "Only while they are signed in through an identity provider" in told
    told = text_of(ask(client, ana, "/support/"))
    assert "identity provider enter the portal: Acme. Met." in told
    assert "Shown: the contact sees this page." in told


def test_the_groups_of_a_portal_are_conditions_of_its_page(
    client, ana, portal, partners, join
):
    """B48."""
    change(portal, requires_groups=True)
    portal.access_groups = [partners]
    portal.save()
    told = text_of(ask(client, ana, "/support/"))
    assert "access groups enter the portal: Partners. Not met." in told
    join(ana)
    assert "enter the portal: Partners. Met." in text_of(ask(client, ana, "/support/"))


def test_a_consent_that_is_not_given_yet_is_told(client, ana, ticket, portal):
    """R17, B57."""
    change(portal, consent_text="<p>We keep it.</p>", consent_label="I agree.")
    told = text_of(ask(client, ana, ticket.reference))
    assert "Hidden until the contact agrees" in told
    notice = portal.consent_notice
    RecordConsent(
        contact=ana,
        text=notice.wording,
        language=notice.language,
        source=notice.source,
    ).execute()
    assert "Shown" in text_of(ask(client, ana, ticket.reference))


def test_an_account_without_a_verified_address_is_told(client, inbox, portal):
    """R17."""
    claimed = CustomerFactory(email__unverified=True)
    own = make_ticket(claimed, "Hi", subject="Claimed", inbox=inbox)
    told = text_of(ask(client, claimed, own.reference))
    assert "the contact's account has no verified address" in told


def test_a_foreign_ticket_answers_as_a_missing_one(client, ana, ticket):
    foreign = make_ticket(ContactFactory(), "Secret", subject="Foreign")
    answers = [
        text_of(ask(client, ana, what)) for what in (str(foreign.number), "99999999")
    ]
    assert answers[0] == answers[1]
    assert "no such ticket or page" in answers[0]
    assert "Foreign" not in answers[0]


def test_a_ticket_in_the_trash_is_told_to_whoever_may_restore_it(client, ana, ticket):
    ticket.deleted_at = timezone.now()
    ticket.save()
    assert "the ticket is in the trash" in text_of(ask(client, ana, ticket.reference))


def test_the_ticket_leads_to_the_reason(client, ana, ticket, inbox):
    page = client.get(url("ticket", ticket.public_id)).content.decode()
    address = f"{url('contact_sees', ana.public_id)}?what={ticket.reference}"
    assert address in page
    colleague = make_agent()
    inbox.memberships.create(agent=colleague)
    other = signed_in(colleague.user).get(url("ticket", ticket.public_id))
    assert address not in other.content.decode()


@pytest.mark.parametrize("as_address", [False, True])
def test_a_page_is_told_with_each_condition(
    client, ana, agent, article, partners, join, as_address
):
    """N7: for a page that the agent may know of."""
    join(ana)
    restrict(article, password="open sesame")
    agent.user.groups.add(partners.auth_group)
    agent.user.is_superuser = True
    agent.user.save()
    path = article.get_url()
    told = text_of(ask(client, ana, f"http://testserver{path}" if as_address else path))
    assert "Prices Hidden" in told
    assert "Groups: Partners Met." in told
    assert "Shared password Only with the password." in told
    assert "open sesame" not in told


def test_a_page_in_another_language_is_found(client, ana, article, join):
    spanish = translate(article, "es", title="Precios")
    join(ana)
    told = text_of(ask(client, ana, spanish.get_url()))
    assert "Precios Shown: the contact sees this page." in told


def test_a_public_page_is_seen_by_everyone(client, ana):
    assert "everyone sees this page" in text_of(ask(client, ana, "/support/"))


def test_a_private_page_that_the_agent_may_not_know_answers_as_a_missing_one(
    client, ana, article
):
    private, missing = article.get_url(), "/help/never/was/"
    answers = [
        text_of(ask(client, ana, path)).replace(path, "") for path in (private, missing)
    ]
    assert answers[0] == answers[1]
    assert "no such ticket or page" in answers[0]


@pytest.mark.parametrize(
    "what",
    ["\x00", "http://[", "//", "http://elsewhere.example/support/", "é" * 600, "/%ff/"]
    + ["-1", "HD-", "9" * 30, "/admin/", "?a=b", "/es/", "javascript:alert(1)"],
)
def test_no_input_is_too_odd(client, ana, what):
    assert ask(client, ana, what).status_code == 200


def test_what_is_told_of_a_page_is_what_the_contact_gets(article, partners, join):
    """Property: all conditions met if and only if the page is visible."""
    from wagtail_helpdesk.admin.sees_page import _meets

    member, other = ContactFactory(), ContactFactory()
    join(member)
    pages = [article, article.get_parent().specific]
    restrict(article)
    for page, contact in itertools.product(pages, (member, other)):
        account = account_of(contact)
        groups = {group.name for group in account.groups.all()}
        visibility = Visibility(account)
        met = all(
            _meets(reason, groups) for reason in visibility.why(page).telling_reasons
        )
        assert met == visibility.can_view(page) == (contact == member)


def test_the_permission_is_offered_to_groups(db):
    from wagtail_helpdesk.permissions import people_permissions

    offered = people_permissions().get(codename="view_as_contact")
    # Wagtail would cut off "contact" at the end.
    assert normalize_permission_label(offered) == offered.name


def test_reading_why_changes_nothing_and_begins_nothing(client, ana, ticket):
    allow(make_agent())
    ask(client, ana, ticket.reference)
    assert "helpdesk_view_as" not in client.session
