"""What the registration mail looks like, and when it is not sent (B49, UX F15)."""

import pytest
from wagtail.models import Locale

from tests.factories import ContactFactory, InboxFactory
from tests.portal.build import make_portal
from wagtail_helpdesk import actions, outbox
from wagtail_helpdesk.models import (
    AccessInvitation,
    Delivery,
    EmailTemplate,
    Ticket,
    normalise_email,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return actions.ChangeAccessGroup(name="Partners").execute()


@pytest.fixture
def portal(group):
    inbox = InboxFactory(from_email="help@northwind.example", from_name="Northwind")
    page = make_portal(inbox=inbox, title="Partner portal", requires_groups=True)
    page.access_groups.set([group])
    page.save()
    return page


@pytest.fixture
def ana(group):
    contact = ContactFactory(name="Ana", email="ana@acme.example")
    actions.AddAccessMembers(group=group, contacts=[contact]).execute()
    return contact


def send(group, mailoutbox):
    actions.InviteAccessMembers(group=group).execute()
    outbox.run_due()
    return mailoutbox[-1] if mailoutbox else None


def test_it_names_the_portal_and_comes_from_its_inbox(group, portal, ana, mailoutbox):
    mail = send(group, mailoutbox)

    assert mail.from_email == '"Northwind" <help@northwind.example>'
    assert mail.subject == "Set up your access to Partner portal"
    assert "Hello Ana," in mail.body
    assert "for 14 days" in mail.body
    assert "because Northwind gave you access to Partner portal" in mail.body
    html = mail.alternatives[0][0]
    link = mail.body.split("Set up your account: ")[1].split()[0]
    assert f'href="{link}"' in html
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "References" not in mail.extra_headers


def test_it_is_in_the_members_language(group, portal, ana, mailoutbox):
    ana.language = "es"
    ana.save()
    locale = Locale.objects.get_or_create(language_code="es")[0]
    EmailTemplate.objects.create(
        key="invitation",
        locale=locale,
        subject="Acceso a {portal_name}",
        body="Hola {contact_name}: {link} ({days})",
    )

    mail = send(group, mailoutbox)

    assert mail.subject == "Acceso a Partner portal"
    assert mail.body.startswith("Hola Ana: http")
    assert "(14)" in mail.body
    assert mail.extra_headers["Content-Language"] == "es"


def test_a_site_without_portal_and_inbox_writes_from_its_own_address(
    group, ana, mailoutbox, settings
):
    settings.DEFAULT_FROM_EMAIL = "Site <web@northwind.example>"

    mail = send(group, mailoutbox)

    assert "web@northwind.example" in mail.from_email
    assert "Set up your account: http" in mail.body


@pytest.mark.parametrize(
    "change", ["blocked", "account", "replaced", "support address", "accepted"]
)
def test_a_mail_whose_reason_is_gone_is_not_sent(
    group, portal, ana, mailoutbox, django_user_model, change
):
    actions.InviteAccessMembers(group=group).execute()
    if change == "blocked":
        ana.is_blocked = True
        ana.save()
    elif change == "account":
        ana.user = django_user_model.objects.create_user("ana")
        ana.save()
    elif change == "replaced":
        AccessInvitation.objects.update(token_hash="0" * 64)
    elif change == "support address":
        Delivery.objects.update(address=normalise_email("help@northwind.example"))
    else:
        AccessInvitation.objects.all().delete()

    outbox.run_due()

    assert mailoutbox == []
    assert Delivery.objects.get().status == Delivery.Status.CANCELLED


def test_a_name_cannot_add_headers_or_markup(group, portal, ana, mailoutbox):
    ana.name = 'Ana\r\nBcc: all@evil.example <b>"'
    ana.save()

    mail = send(group, mailoutbox)

    assert mail.recipients() == [
        '"Ana Bcc: all@evil.example b" <ana@acme.example>'
    ] or ("evil.example" not in mail.message().get("Bcc", ""))
    assert "<b>" not in mail.alternatives[0][0].split("Hello")[1].split("</p>")[0]


def test_it_belongs_to_no_ticket(group, portal, ana, mailoutbox):
    send(group, mailoutbox)

    assert Delivery.objects.get().ticket is None
    assert not Ticket.objects.exists()
