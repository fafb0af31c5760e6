"""The demo that a newcomer meets: public contract, architecture section 7."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction
from wagtail_localize.models import Translation

from example_site.demo.people import EVERYONE, PASSWORD
from example_site.demo.words import words
from wagtail_helpdesk.access.contacts import contact_for
from wagtail_helpdesk.knowledge_base.models import ArticlePage, CategoryPage
from wagtail_helpdesk.models import (
    AccessGroup,
    AccessInvitation,
    Agent,
    Attachment,
    CannedReply,
    Contact,
    Delivery,
    IdentityProvider,
    Inbox,
    Message,
    Organization,
    PortalRules,
    SatisfactionRating,
    StageLabel,
    SupportForm,
    Ticket,
    TicketNumber,
    TicketProperty,
)
from wagtail_helpdesk.permissions import agent_for
from wagtail_helpdesk.portal.models import PortalHomePage, SystemPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

PREFIXES = {"en": "", "es": "/es", "pt-br": "/pt-br"}
SIGN_INS = (
    "admin@example.com",
    "agent@example.com",
    "agent2@example.com",
    "editor@example.com",
    "ana@acme.example",
    "luis@acme.example",
    "zoe@globex.example",
    "nobody@solo.example",
)


def user(email: str) -> object:
    return get_user_model().objects.get(username=email)


def client_of(email: str) -> Client:
    client = Client()
    client.force_login(user(email), backend="django.contrib.auth.backends.ModelBackend")
    return client


def counts() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.managed
    }


def test_a_second_run_changes_nothing_and_asks_little(django_assert_max_num_queries):
    before = counts()
    with django_assert_max_num_queries(20):
        call_command("load_demo", verbosity=0)
    assert counts() == before


def test_the_command_prints_every_sign_in(capsys):
    call_command("load_demo")
    printed = capsys.readouterr().out
    assert PASSWORD in printed
    assert all(person.email in printed for person in EVERYONE)


def test_reset_leaves_a_site_as_after_migrate():
    call_command("load_demo", verbosity=0)
    from example_site.demo.resetting import reset_demo

    reset_demo()
    assert Ticket.objects.count() == Contact.objects.count() == Inbox.objects.count()
    assert Ticket.objects.count() == 0
    assert not Page.objects.filter(depth__gt=1).exists()
    assert not get_user_model().objects.filter(email__in=SIGN_INS).exists()
    assert not AccessGroup.objects.exists()
    assert not Group.objects.filter(name="Partners").exists()
    assert not IdentityProvider.objects.exists()


@pytest.mark.parametrize("email", SIGN_INS)
def test_every_sign_in_of_the_public_contract_works(email):
    client = Client()
    answer = client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(user(email).pk)


@pytest.mark.parametrize("language", PREFIXES)
@pytest.mark.parametrize("path", ["/", "/help/", "/contact/", "/help/search/?q=hub"])
def test_public_pages_answer_in_every_language(client, language, path):
    answer = client.get(f"{PREFIXES[language]}{path}")
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize("prefix", PREFIXES.values())
def test_the_portal_answers_customers_in_every_language(prefix):
    answer = client_of("ana@acme.example").get(f"{prefix}/support/")
    assert answer.status_code == 200


def test_every_page_of_the_demo_answers():
    # A customer and a partner: the portal and the private guides are open to her.
    client = client_of("ana@acme.example")
    # The sign-in and its neighbours lead on whoever is in.
    pages = Page.objects.live().filter(depth__gt=1).not_type(SystemPage)
    refused = [
        page.url for page in pages if client.get(page.get_url()).status_code != 200
    ]
    assert refused == []


@pytest.mark.parametrize("prefix", ["", "/es", "/pt-br"])
def test_the_demo_has_its_system_pages_in_every_language(prefix):
    """B56."""
    visitor = Client()
    asked = visitor.get(f"{prefix}/support/")
    assert asked["Location"] == f"{prefix}/support/sign-in/?next={prefix}/support/"
    for slug in ("sign-in", "register", "reset-request"):
        assert visitor.get(f"{prefix}/support/{slug}/").status_code == 200
    assert visitor.get(f"{prefix}/support/denied/").status_code == 403
    assert Page.find_problems() == ([], [], [], [], [])


def test_workspace_and_admin_let_in_whom_they_should():
    assert (
        client_of("agent@example.com").get("/admin/helpdesk/inbox/").status_code == 200
    )
    assert client_of("editor@example.com").get("/admin/").status_code == 200
    refused = client_of("editor@example.com").get("/admin/helpdesk/inbox/")
    assert refused.status_code != 200


def test_articles_are_many_and_long_enough():
    assert ArticlePage.objects.filter(locale__language_code="en").count() >= 18
    for language in ("es", "pt-br"):
        translated = ArticlePage.objects.live().filter(locale__language_code=language)
        assert translated.count() >= 7
    for article in ArticlePage.objects.all():
        words = len(f"{article.introduction} {article.body_text}".split())
        assert 250 <= words <= 620, (article.slug, article.locale, words)


def test_articles_show_every_kind_of_block():
    kinds = {
        block.block_type for page in ArticlePage.objects.all() for block in page.body
    }
    wanted = {"text", "steps", "callout", "code", "table", "image", "file", "video"}
    assert wanted <= kinds


def test_categories_nest():
    routers = CategoryPage.objects.get(slug="routers", locale__language_code="en")
    assert routers.get_parent().slug == "devices"


def test_translations_are_complete_in_the_translation_editor():
    translations = Translation.objects.all()
    # Pages, form, properties, canned replies and stage labels, each in two languages.
    assert translations.count() >= 60
    for translation in translations:
        total, done = translation.get_progress()
        assert total == done, translation.get_target_instance()


@pytest.mark.parametrize(
    "model", [SupportForm, TicketProperty, CannedReply, StageLabel]
)
def test_snippets_are_translated(model):
    in_english = model.objects.filter(locale__language_code="en").count()
    assert in_english
    for language in ("es", "pt-br"):
        assert (
            model.objects.filter(locale__language_code=language).count() == in_english
        )


def test_a_translated_page_has_no_english_words_left():
    page = ArticlePage.objects.get(slug="router-lights", locale__language_code="es")
    assert "solid green" not in page.body_text
    assert "verde fijo" in page.body_text


def test_translated_choices_keep_their_stored_values():
    values = {
        tuple(choice.value["value"] for choice in row.choices)
        for row in TicketProperty.objects.filter(key="product")
    }
    assert values == {("router", "hub", "sensor", "console", "other")}


def test_partner_guides_are_for_partners_only():
    """Ground for B48: a group's private section."""
    guide = "/help/partner-guides/partner-rma/"
    assert client_of("ana@acme.example").get(guide).status_code == 200
    assert client_of("nobody@solo.example").get(guide).status_code != 200
    assert Client().get(guide).status_code != 200
    assert PageViewRestriction.objects.count() == 1


def test_access_groups_by_hand_and_by_rule_have_members():
    """B48, B49: something to look at for whoever tries access groups."""
    members = {
        group.name: set(
            group.memberships.values_list("contact__name", "source").order_by("pk")
        )
        for group in AccessGroup.objects.all()
    }
    assert members == {
        "Partners": {
            ("Ana Costa", "manual"),
            ("Inés Duarte", "manual"),
            ("Marco Conti", "manual"),
        },
        "Acme staff": {("Ana Costa", "rule"), ("Luis Romero", "rule")},
    }
    (invitation,) = AccessInvitation.objects.select_related("delivery")
    assert invitation.address == "ines@friosur.example"
    assert invitation.state == AccessInvitation.State.SENT
    # The tutorial counts the mails, so the demo begins with none that wait.
    assert not Delivery.objects.filter(status=Delivery.Status.QUEUED).exists()


def test_nobody_signs_in_by_a_provider_that_is_not_there(client):
    provider = IdentityProvider.objects.get()
    assert not provider.is_active
    assert provider.secrets["client_secret"]
    assert "Globex" not in client.get("/accounts/login/").content.decode()


def test_two_companies_have_two_customers_each_and_one_customer_none():
    sizes = {o.name: o.contacts.count() for o in Organization.objects.all()}
    assert sizes == {"Acme Cold Chain": 2, "Globex Retail": 2}
    assert contact_for(user("nobody@solo.example")).organization is None
    assert agent_for(user("ana@acme.example")) is None


def test_three_agents_work_two_inboxes():
    assert Inbox.objects.count() == 2
    members = {
        agent.user.email: {inbox.name for inbox in agent.inboxes.all()}
        for agent in Agent.objects.filter(user__is_superuser=False)
    }
    assert members == {
        "agent@example.com": {"Support"},
        "agent2@example.com": {"Billing"},
        "agent3@example.com": {"Support", "Billing"},
    }


def test_sixty_tickets_look_like_three_months_of_work():
    tickets = Ticket.objects.all()
    assert tickets.count() == 60
    assert TicketNumber.objects.create().pk > max(
        tickets.values_list("number", flat=True)
    )
    assert set(tickets.values_list("language", flat=True)) == set(PREFIXES)
    categories = set(tickets.values_list("stage__category", flat=True))
    assert categories == {"new", "open", "waiting", "closed"}
    oldest = timezone.now() - timedelta(days=92)
    assert not tickets.filter(created_at__lt=oldest).exists()
    assert not tickets.filter(last_activity_at__gt=timezone.now()).exists()
    assert tickets.filter(owner=None, is_closed=False).exists()
    assert len(set(tickets.values_list("subject", flat=True))) >= 40
    assert tickets.exclude(origin_page=None).exists()
    assert Message.objects.filter(direction="internal").count() >= 5
    assert Attachment.objects.count() >= 8
    lengths = [t.conversations.get().last_seq for t in tickets]
    assert min(lengths) == 1
    assert 5 <= max(lengths) <= 12


def test_the_portal_asks_for_ratings_and_shows_one_that_was_given():
    """F13: one closed ticket with a rating, and one that waits for it."""
    portals = PortalHomePage.objects.all()
    assert len(portals) == len(PREFIXES) and all(page.asks_rating for page in portals)
    rating = SatisfactionRating.objects.get()
    assert rating.contact == contact_for(user("ana@acme.example"))
    assert rating.score == 5 and rating.comment
    client = client_of("ana@acme.example")

    def page_of(ticket):
        return client.get(f"/support/r/{ticket.public_id}/").content.decode()

    assert rating.comment in page_of(rating.ticket)
    closed = Ticket.objects.filter(contact=rating.contact, is_closed=True)
    waiting = [
        ticket
        for ticket in closed.exclude(pk=rating.ticket_id)
        if "How was our help?" in page_of(ticket)
    ]
    assert len(waiting) == 1


@pytest.mark.parametrize("language", PREFIXES)
def test_the_portal_takes_new_requests_by_the_contact_form(language):
    """B23: in the words of each language."""
    answer = client_of("ana@acme.example").get(f"{PREFIXES[language]}/support/new/")
    assert words(language)["form"]["description"] in answer.content.decode()


def test_every_customer_finds_requests_in_the_portal():
    for person in EVERYONE:
        if person.is_customer:
            contact = contact_for(user(person.email))
            seen = Ticket.objects.visible_to_contact(contact, PortalRules())
            assert seen.count() >= 2, person.email
