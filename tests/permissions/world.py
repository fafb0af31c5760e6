"""Two companies, two inboxes, one site: everybody the product knows, once.

Every text that belongs to one company carries that company's canary, so that a page
which shows it to the other company is found whatever the page is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupPagePermission,
    Page,
    PageViewRestriction,
    Site,
)

from example_site.home.models import HomePage, StandardPage
from tests.factories import (
    AgentFactory,
    ChannelFactory,
    CustomerFactory,
    InboxFactory,
    OrganizationFactory,
    SupportFormFactory,
    UserFactory,
)
from tests.files import drawn_file
from tests.fulltext import index_all
from wagtail_helpdesk import intake, models
from wagtail_helpdesk.actions import (
    AddAccessMembers,
    AddNote,
    ChangeAccessGroup,
    ChangeTicketDetails,
    InviteAccessMembers,
    OpenTicket,
    ReplyToTicket,
    ResolveContact,
    SaveDraft,
    TrashTicket,
    Upload,
)
from wagtail_helpdesk.actions.register_agent import agent_group
from wagtail_helpdesk.knowledge_base.models import (
    ArticlePage,
    CategoryPage,
    KnowledgeBaseHomePage,
)
from wagtail_helpdesk.portal.models import PortalHomePage

ROLES = (
    "anonymous",
    "nobody",
    "ana",
    "luis",
    "zoe",
    "agent",
    "agent2",
    "editor",
    "admin",
)


@dataclass
class Company:
    """One company's side of the desk, with its canary in every text.

    Attributes:
        canary: A word that stands in every text of this company and nowhere else.
    """

    canary: str
    organization: models.Organization
    inbox: models.Inbox
    channel: models.Channel
    ticket: models.Ticket
    trashed: models.Ticket
    conversation: models.Conversation
    message: models.Message
    reply: models.Message
    attachment: models.Attachment
    note_file: models.Attachment
    contact: models.Contact
    receipt: models.Receipt


@dataclass
class World:
    """The people, the pages and the tickets."""

    users: dict[str, Any]
    acme: Company
    globex: Company
    portal: PortalHomePage
    knowledge_base: KnowledgeBaseHomePage
    article: ArticlePage
    contact_page: StandardPage
    guest_ticket: models.Ticket
    rows: dict[type, Any] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self) -> None:
        """Sign everybody in once, so that no test has to."""
        for role, user in self.users.items():
            if user.is_authenticated:
                client = Client()
                client.force_login(
                    user, backend="django.contrib.auth.backends.ModelBackend"
                )
                self.cookies[role] = client.cookies["sessionid"].value

    def client(self, role: str) -> Client:
        """A browser in which ``role`` is signed in."""
        client = Client()
        if role in self.cookies:
            client.cookies["sessionid"] = self.cookies[role]
        return client


def make_world() -> World:
    """Build it all through the actions, as the product would."""
    pages = _pages()
    agent, agent2 = AgentFactory(), AgentFactory()
    boss = AgentFactory(user=UserFactory(is_superuser=True, is_staff=True))
    for one in (agent, agent2, boss):
        one.user.groups.add(agent_group())
    acme_org = OrganizationFactory(name="Acme canaryacme")
    globex_org = OrganizationFactory(name="Globex canaryglobex")
    people = {
        "nobody": CustomerFactory(name="Nobody"),
        "ana": CustomerFactory(name="Ana canaryacme", organization=acme_org),
        "luis": CustomerFactory(name="Luis canaryacme", organization=acme_org),
        "zoe": CustomerFactory(name="Zoe canaryglobex", organization=globex_org),
    }
    editor = UserFactory()
    editor.groups.add(_editors(pages["home"]))
    world = World(
        users={
            "anonymous": AnonymousUser(),
            **{name: contact.user for name, contact in people.items()},
            "agent": agent.user,
            "agent2": agent2.user,
            "editor": editor,
            "admin": boss.user,
        },
        acme=_company("canaryacme", acme_org, agent, people["ana"]),
        globex=_company("canaryglobex", globex_org, agent2, people["zoe"]),
        portal=pages["portal"],
        knowledge_base=pages["knowledge_base"],
        article=pages["article"],
        contact_page=pages["contact"],
        guest_ticket=_guest_ticket(pages["portal"]),
    )
    _settings_rows(world, agent)
    # As the worker does after each event; without it no search finds a ticket.
    index_all()
    world.sign_in()
    return world


def _pages() -> dict[str, Any]:
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="Home", slug="front"))
    Site.objects.update(root_page=home)
    Site.clear_site_root_paths_cache()
    portal = home.add_child(
        instance=PortalHomePage(
            title="Support",
            slug="support",
            channel=ChannelFactory(type="portal"),
            asks_rating=True,
        )
    )
    base = home.add_child(instance=KnowledgeBaseHomePage(title="Help", slug="help"))
    category = base.add_child(instance=CategoryPage(title="Setup", slug="setup"))
    article = category.add_child(instance=ArticlePage(title="Install", slug="install"))
    form = SupportFormFactory(key="contact")
    body = [("support_form", {"heading": "Ask us", "form": form})]
    contact = home.add_child(
        instance=StandardPage(title="Contact", slug="contact", body=body)
    )
    for page in (portal, base, category, article, contact):
        page.save_revision().publish()
    return {
        "home": home,
        "portal": portal,
        "knowledge_base": base,
        "article": article,
        "contact": contact,
    }


def _editors(home: Page) -> Group:
    group = Group.objects.create(name="Site editors")
    group.permissions.add(
        Permission.objects.get(
            content_type__app_label="wagtailadmin", codename="access_admin"
        )
    )
    for codename in ("add_page", "change_page", "publish_page"):
        permission = Permission.objects.get(
            content_type__app_label="wagtailcore", codename=codename
        )
        GroupPagePermission.objects.create(
            group=group, page=home, permission=permission
        )
    return group


def _company(
    canary: str,
    organization: models.Organization,
    agent: models.Agent,
    contact: models.Contact,
) -> Company:
    inbox = InboxFactory(name=f"Desk of {canary[6:]}", agents=[agent])
    channel = ChannelFactory(inbox=inbox, name=f"Channel {canary[6:]}", type="form")

    def file(name: str) -> Upload:
        content = ContentFile(canary.encode(), name=name)
        return Upload(name=f"{name}-{canary}.txt", content=content)

    opened = OpenTicket(
        channel=channel,
        contact=contact,
        subject=f"Subject {canary}",
        body_text=f"Body {canary}",
        uploads=[file("upload")],
        form_data=[
            {"key": "serial", "label": "Serial", "value": canary, "hidden": True}
        ],
        properties={"serial": canary},
    ).execute()
    ticket = opened.ticket
    assert ticket is not None
    reply = ReplyToTicket(
        ticket=ticket, agent=agent, body_text=f"Reply {canary}"
    ).execute()
    models.Message.objects.update(release_at=timezone.now())
    note = AddNote(
        ticket=ticket,
        agent=agent,
        body_text=f"Note note{canary}",
        uploads=[file("note")],
    ).execute()
    SaveDraft(
        conversation=opened.conversation,
        agent=agent,
        mode="reply",
        text=f"Draft {canary}",
    ).execute()
    ChangeTicketDetails(
        ticket=ticket, actor=agent, tags=[f"tag-{canary}"], type=f"type-{canary}"
    ).execute()
    trashed = OpenTicket(
        channel=channel, contact=contact, subject=f"Trashed {canary}"
    ).execute()
    assert trashed.ticket is not None
    TrashTicket(ticket=trashed.ticket, actor=agent).execute()
    mail_channel = ChannelFactory(inbox=inbox, name="Mail", type="email")
    # It names no sender, so it fails whoever tries again.
    receipt = intake.store(mail_channel, f"Subject: Mail {canary}\n\nx".encode())
    intake.run_due()
    receipt.refresh_from_db()
    ticket.refresh_from_db()
    return Company(
        canary=canary,
        organization=organization,
        inbox=inbox,
        channel=channel,
        ticket=ticket,
        trashed=trashed.ticket,
        conversation=opened.conversation,
        message=opened.message,
        reply=reply,
        attachment=opened.message.attachments.get(),
        note_file=note.attachments.get(),
        contact=contact,
        receipt=receipt,
    )


def _guest_ticket(portal: PortalHomePage) -> models.Ticket:
    """A ticket of somebody without an account, with a file."""
    opened = OpenTicket(
        channel=portal.channel,
        contact=ResolveContact(email="guest@elsewhere.example").execute(),
        subject="Of a guest",
        body_text="Hello",
        uploads=[Upload(name="a.txt", content=ContentFile(b"guest", name="a.txt"))],
    ).execute()
    assert opened.ticket is not None
    return opened.ticket


def _access_group(member: models.Contact) -> models.AccessGroup:
    """A group for the editors' privacy dialog, with a customer in it."""
    group = ChangeAccessGroup(name="Partners").execute()
    AddAccessMembers(group=group, contacts=[member]).execute()
    return group


def _invitation(group: models.AccessGroup) -> models.AccessInvitation:
    """Somebody without an account who is asked to register."""
    contact = ResolveContact(email="invited@elsewhere.example").execute()
    AddAccessMembers(group=group, contacts=[contact]).execute()
    InviteAccessMembers(group=group, contacts=[contact]).execute()
    return models.AccessInvitation.objects.select_related("delivery").get()


def _private_files(group: models.AccessGroup) -> dict[type, Any]:
    """A collection for the access group, with an image and a document in it."""
    place = Collection.get_first_root_node().add_child(
        instance=Collection(name="For canaryacme")
    )
    restriction = CollectionViewRestriction.objects.create(
        collection=place, restriction_type=CollectionViewRestriction.GROUPS
    )
    restriction.groups.set([group.auth_group])
    rows = {}
    for model, file in (
        (get_image_model(), drawn_file()),
        (get_document_model(), ContentFile(b"canaryacme", name="prices.txt")),
    ):
        rows[model] = model.objects.create(title="x", file=file, collection=place)
    rendition = rows[get_image_model()].get_rendition("width-9")
    return {**rows, type(rendition): rendition}


def _shared_passwords(page: Page) -> dict[type, Any]:
    """What a shared password opens: a page, and a collection of documents."""
    place = Collection.get_first_root_node().add_child(
        instance=Collection(name="Shared")
    )
    asks = {"restriction_type": "password", "password": "open sesame"}
    return {
        PageViewRestriction: PageViewRestriction.objects.create(page=page, **asks),
        CollectionViewRestriction: CollectionViewRestriction.objects.create(
            collection=place, **asks
        ),
    }


def _settings_rows(world: World, agent: models.Agent) -> None:
    """One row of every model that has views of its own in the admin."""
    stage = world.acme.inbox.default_pipeline.stages.first()
    locale = world.contact_page.locale
    world.rows = {
        models.SupportForm: models.SupportForm.objects.get(),
        models.CannedReply: models.CannedReply.objects.create(
            name="Hello", body="Hello", locale=locale
        ),
        models.EmailTemplate: models.EmailTemplate.objects.create(
            key="reply", body="{message}", locale=locale
        ),
        models.StageLabel: models.StageLabel.objects.create(
            stage=stage, name="Neu", locale=locale
        ),
        models.TicketProperty: models.TicketProperty.objects.create(
            key="serial", label="Serial", locale=locale
        ),
        models.AccessGroup: _access_group(world.acme.contact),
        models.BusinessCalendar: models.BusinessCalendar.objects.create(name="Office"),
        models.Inbox: world.acme.inbox,
        models.Agent: agent,
        models.Team: models.Team.objects.create(name="First line"),
        models.Channel: world.acme.channel,
        models.Pipeline: world.acme.inbox.default_pipeline,
        models.Stage: stage,
        models.Tag: models.Tag.objects.create(name="vip"),
        models.IdentityProvider: models.IdentityProvider.objects.create(
            name="Acme",
            server_url="https://login.acme.example",
            domains=["acme.example"],
            is_active=False,
        ),
        models.Appearance: models.Appearance.objects.create(
            site=Site.objects.get(), accent="#0b5f53"
        ),
        models.SavedView: models.SavedView.objects.create(
            owner=agent, name="Mine canaryacme", query="view=mine"
        ),
    }
    group = world.rows[models.AccessGroup]
    world.rows[models.AccessInvitation] = _invitation(group)
    world.rows.update(_private_files(world.rows[models.AccessGroup]))
    shared = world.knowledge_base.add_child(
        instance=CategoryPage(title="Shared", slug="shared")
    )
    world.rows.update(_shared_passwords(shared))
    world.rows[models.SupportForm].save_revision(user=agent.user)
