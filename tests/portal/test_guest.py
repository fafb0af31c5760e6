"""A link from a mail opens one ticket without an account (F10, UX40)."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from urllib.parse import quote, unquote

import pytest
from bs4 import BeautifulSoup
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from tests.factories import (
    AccessGroupFactory,
    ChannelFactory,
    ContactFactory,
    ConversationFactory,
    CustomerFactory,
    MessageFactory,
    OrganizationFactory,
    ParticipantFactory,
    UserFactory,
)
from tests.portal.build import answer, change, close, conversation_of, make_ticket
from wagtail_helpdesk.access import guest_links
from wagtail_helpdesk.actions import (
    ChangeParticipant,
    ClaimContact,
    TrashTicket,
    Upload,
)
from wagtail_helpdesk.actions.uploads import store_uploads
from wagtail_helpdesk.models import (
    Attachment,
    Contact,
    Conversation,
    Identity,
    Message,
    Ticket,
)

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-this-test-0001"
OVER = "This link does not work any more"


@pytest.fixture
def gina(db) -> Contact:
    """Somebody who wrote to us and has no account."""
    return ContactFactory(
        name="Gina Guest", email="gina@acme.example", email__unverified=True
    )


@pytest.fixture
def ticket(portal, gina) -> Ticket:
    return make_ticket(gina, "It is broken", subject="Broken")


@pytest.fixture
def client() -> Client:
    """A browser in which nobody is signed in."""
    return Client()


def token_of(ticket, contact=None):
    contact = contact or ticket.contact
    contact = Contact.objects.get(pk=contact.pk)
    return guest_links.token_for(ticket, contact, contact.email)


def url_of(ticket, contact=None):
    return f"/support/g/{token_of(ticket, contact)}/"


def get(client, url):
    response = client.get(url)
    assert response.status_code == 200, response.content
    return BeautifulSoup(response.content, "html.parser")


def is_over(response) -> bool:
    return response.status_code == 410 and OVER in response.content.decode()


def reply(client, url, body="Thank you", **data):
    data = {"body": body, "client_token": TOKEN, "action": "reply", **data}
    return client.post(url, data)


def attached(message, name="log.txt") -> Attachment:
    store_uploads(
        message, [Upload(name=name, content=ContentFile(b"hello", name=name))]
    )
    return message.attachments.get(name=name)


# -- Reading -------------------------------------------------------------------------


def test_the_link_shows_the_conversation_without_a_sign_in(client, ticket, agent):
    """UX40: on any device, as the contact would see it."""
    answer(ticket, agent, "Restart it")
    soup = get(client, url_of(ticket))
    bodies = [body.text.strip() for body in soup.select(".hd-message__body")]
    authors = [head.text for head in soup.select(".hd-message__by strong")]
    assert soup.h1.text == "Broken"
    assert bodies == ["It is broken", "Restart it"]
    assert authors == ["You", "Amy"]


def test_opening_it_changes_nothing_and_leaves_no_session(client, ticket):
    """Mail scanners open each link."""
    before = Ticket.objects.values().get()
    response = client.get(url_of(ticket))
    assert "sessionid" not in response.cookies
    assert Ticket.objects.values().get() == before
    assert Message.objects.count() == 1


def test_a_note_is_never_shown(client, ticket, agent):
    """B22, UX48: nor its files."""
    note = MessageFactory(
        conversation=conversation_of(ticket),
        direction="internal",
        author_agent=agent,
        body_text="canary-note",
    )
    file = attached(note, "canary.txt")
    url = url_of(ticket)
    assert "canary" not in str(get(client, url))
    assert client.get(f"{url}files/{file.public_id}/").status_code == 404


def test_a_reply_that_may_be_taken_back_is_not_shown(client, ticket, agent):
    """R16."""
    later = timezone.now() + timedelta(seconds=10)
    answer(ticket, agent, "Not yet", release_at=later)
    assert "Not yet" not in str(get(client, url_of(ticket)))


def test_nothing_leads_to_another_ticket(client, ticket, gina):
    """Neither a list nor what it follows: the link is for this one."""
    old = make_ticket(gina, "canary-old", subject="canary-old")
    Ticket.objects.filter(pk=ticket.pk).update(follow_up_of=old)
    newer = make_ticket(gina, "canary-new", subject="canary-new")
    close(ticket)
    Ticket.objects.filter(pk=newer.pk).update(follow_up_of=ticket)
    soup = get(client, url_of(ticket))
    assert "canary" not in str(soup)
    assert old.reference not in soup.text
    assert newer.reference not in soup.text


def test_each_link_of_the_page_asks_for_a_sign_in_or_is_public(client, ticket, gina):
    """The canary crawl: from the guest's page no other ticket is reached."""
    make_ticket(gina, "canary", subject="canary")
    waiting, seen = [url_of(ticket)], set()
    while waiting and len(seen) < 30:
        url = waiting.pop()
        seen.add(url)
        response = client.get(url, follow=True)
        content = b"".join(response)
        assert "canary" not in content.decode(), url
        soup = BeautifulSoup(content, "html.parser")
        for link in soup.find_all("a", href=re.compile("^/")):
            target = link["href"].partition("#")[0]
            if target not in seen:
                waiting.append(target)
    assert len(seen) > 2


def test_it_takes_no_more_queries_than_the_customers_page(client, ticket, agent):
    for number in range(5):
        attached(answer(ticket, agent, f"Answer {number}"), f"{number}.txt")
    url = url_of(ticket)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(url)
    assert len(queries) <= 15


def test_the_answer_stays_out_of_caches_indexes_and_referers(client, ticket):
    """The token must not leak with the address."""
    for url in (url_of(ticket), "/support/g/forged/"):
        response = client.get(url)
        assert "no-store" in response["Cache-Control"]
        assert "private" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex"
        assert response["Referrer-Policy"] == "strict-origin"
        soup = BeautifulSoup(response.content, "html.parser")
        assert soup.find("meta", attrs={"name": "robots", "content": "noindex"})


def test_the_token_is_in_no_link_to_another_place(client, ticket):
    """Not in ?next= of the sign-in, from where it would go into logs."""
    token = token_of(ticket)
    soup = get(client, f"/support/g/{token}/")
    links = [link["href"] for link in soup.find_all("a", href=True)]
    assert any("next=" in link for link in links)
    assert not [link for link in links if token in link.partition("?")[2]]


def test_a_participant_reads_by_a_link_of_their_own(client, portal, gina):
    """They learn no name of somebody who wrote nothing."""
    ana = CustomerFactory(name="Ana canary")
    ticket = make_ticket(ana, subject="Shared")
    ParticipantFactory(ticket=ticket, contact=gina)
    soup = get(client, url_of(ticket, gina))
    assert soup.h1.text == "Shared"
    assert "canary" not in str(soup)
    ChangeParticipant(
        ticket=ticket, contact=gina, actor=None, takes_part=False
    ).execute()
    assert is_over(client.get(url_of(ticket, gina)))


def test_what_an_organization_shares_needs_an_account(client, portal, gina):
    """B15: members sign in; a link is for one's own."""
    change(portal, sharing="organization")
    acme = OrganizationFactory(sharing="organization")
    gina = ContactFactory(organization=acme)
    ticket = make_ticket(ContactFactory(organization=acme), "x", organization=acme)
    visible = Ticket.objects.visible_to_contact(gina, portal.rules)
    assert list(visible) == [ticket], "in the portal it is shared"
    assert is_over(client.get(url_of(ticket, gina)))


# -- Tokens --------------------------------------------------------------------------


def tampered(token: str, at: int) -> str:
    return token[:at] + ("a" if token[at] != "a" else "b") + token[at + 1 :]


@pytest.mark.parametrize("at", [0, 20, 40, 51, -1, -20])
def test_a_changed_token_opens_nothing(client, ticket, at):
    token = token_of(ticket)
    at %= len(token)
    if at == len(token) - 1:
        at -= 1  # The last character of base 64 has bits that mean nothing.
    assert is_over(client.get(f"/support/g/{tampered(token, at)}/"))


def test_a_token_of_one_ticket_opens_no_other(client, ticket, gina, zoe):
    other = make_ticket(zoe, "canary-other")
    token = token_of(ticket)
    for public_id in (other.public_id, make_ticket(gina, "own").public_id):
        forged = public_id + token[len(public_id) :]
        response = client.get(f"/support/g/{forged}/")
        assert is_over(response)
    signed = token_of(other, gina)
    assert is_over(client.get(f"/support/g/{signed}/")), "signed, but not hers"


def test_a_token_of_another_salt_or_key_opens_nothing(client, ticket, settings):
    value, salt = token_of(ticket)[:48], "wagtail_helpdesk.access.guest_links"
    ours, other_salt, other_key = (
        signing.TimestampSigner(sep=".", **kwargs).sign(value).replace(".", "")
        for kwargs in ({"salt": salt}, {"salt": "other"}, {"salt": salt, "key": "x"})
    )
    assert client.get(f"/support/g/{ours}/").status_code == 200
    for token in (other_salt, other_key, value, f"{value}1", f"{value}1{'x' * 43}"):
        assert is_over(client.get(f"/support/g/{token}/")), token


def test_a_link_works_as_long_as_the_portal_says(client, portal, ticket, monkeypatch):
    url = url_of(ticket)
    now = timezone.now().timestamp()
    monkeypatch.setattr(signing.time, "time", lambda: now + 29 * 24 * 3600)
    assert client.get(url).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: now + 31 * 24 * 3600)
    assert is_over(client.get(url))
    change(portal, guest_days=90)
    assert client.get(url).status_code == 200


def test_the_token_tells_no_address(ticket, gina):
    assert "gina" not in token_of(ticket)
    assert len(token_of(ticket)) < 120


def test_no_token_for_an_address_that_is_not_theirs(ticket, gina):
    assert guest_links.token_for(ticket, gina, "zoe@globex.example") == ""


@hypothesis_settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.one_of(
        st.text(min_size=1, max_size=200),
        st.from_regex(
            r"\A[a-z2-9]{32}[0-9a-f]{16}[0-9A-Za-z]{1,12}[A-Za-z0-9_-]{43}\Z"
        ),
    )
)
def test_no_token_ever_breaks_the_page(portal, client, token):
    """Whatever stands in the address, it is a link that does not work."""
    if "/" in token or token in {".", ".."}:
        return
    for method in (client.get, client.post):
        response = method(f"/support/g/{quote(token)}/")
        assert response.status_code in {404, 410}, response.content
    with pytest.raises(guest_links.BadLink):
        guest_links.read_token(token, days=30)


# -- Whoever may not any more --------------------------------------------------------


def _block(ticket):
    Contact.objects.filter(pk=ticket.contact_id).update(is_blocked=True)


def _erase(ticket):
    Contact.objects.filter(pk=ticket.contact_id).update(erased_at=timezone.now())


def _trash(ticket):
    TrashTicket(ticket=ticket, actor=None).execute()


def _spam(ticket):
    ticket.conversations.update(status=Conversation.Status.SPAM)


def _give_away(ticket):
    Ticket.objects.filter(pk=ticket.pk).update(contact=ContactFactory())


def _take_address(ticket):
    Identity.objects.filter(contact=ticket.contact_id).delete()


def _take_address_and_give_it_again(ticket):
    Identity.objects.filter(contact=ticket.contact_id).delete()
    # Other databases never give a key twice; SQLite may.
    Identity.objects.create(contact=ContactFactory(), kind="email", value="x@y.example")
    Identity.objects.create(
        contact=ticket.contact, kind="email", value="gina@acme.example"
    )


@pytest.mark.parametrize(
    "change_it",
    [
        _block,
        _erase,
        _trash,
        _spam,
        _give_away,
        _take_address,
        _take_address_and_give_it_again,
    ],
    ids=lambda function: function.__name__.strip("_"),
)
def test_the_link_ends_with_the_right(client, ticket, change_it):
    """R9 is asked anew each time, for reading, for files and for replies."""
    file = attached(Message.objects.get())
    url = url_of(ticket)
    assert client.get(f"{url}files/{file.public_id}/").status_code == 200
    change_it(ticket)
    assert is_over(client.get(url))
    assert is_over(reply(client, url))
    assert client.get(f"{url}files/{file.public_id}/").status_code == 404
    assert Message.objects.count() == 1


def test_the_page_of_a_dead_link_says_nothing_of_why(client, ticket):
    """Too old, blocked or forged: the same bytes but for the address itself."""

    def said(token):
        html = client.get(f"/support/g/{token}/").content.decode()
        html = html.replace(token, "").replace(token[:16], "")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)

    forged = tampered(token_of(ticket), 60)
    token = token_of(ticket)
    before = said(forged)
    _block(ticket)
    assert said(token) == before


def test_a_portal_that_is_off_says_so(client, portal, ticket):
    url = url_of(ticket)
    change(portal, is_active=False)
    response = client.get(url)
    assert response.status_code == 404
    assert "not open" in response.content.decode()
    assert "It is broken" not in response.content.decode()


def _require_group(portal):
    portal.access_groups.set([AccessGroupFactory()])
    change(portal, requires_groups=True)


def _ask_for_consent(portal):
    change(portal, consent_text="<p>We keep your data.</p>")


def _no_links(portal):
    change(portal, guest_days=0)


def _another_way_in(portal):
    """Such as a company's sign-in only; an entry that guests are not known in."""
    type(portal).objects.filter(pk=portal.pk).update(entry="sso")


def _make_private(portal):
    PageViewRestriction.objects.create(page=portal, restriction_type="login")


@pytest.mark.parametrize(
    "close_it",
    [_require_group, _ask_for_consent, _no_links, _another_way_in, _make_private],
    ids=lambda function: function.__name__.strip("_"),
)
def test_where_more_is_asked_for_everybody_signs_in(client, portal, ticket, close_it):
    """Deny by default: a link goes around no group, consent or private page."""
    url, token = url_of(ticket), token_of(ticket)
    file = attached(Message.objects.get())
    close_it(portal)
    for address in (url, f"{url}files/{file.public_id}/", "/support/g/forged/"):
        response = client.get(address)
        assert response.status_code == 302, address
        assert response["Location"].startswith("/accounts/login/")
        if close_it is not _make_private:
            assert token not in response["Location"]
    assert reply(client, url).status_code == 302
    assert Message.objects.count() == 1


def test_text_waits_for_who_has_to_sign_in(client, portal, ticket, gina):
    """UX27: the portal asks for more than it did when the page was opened."""
    url = url_of(ticket)
    _no_links(portal)
    reply(client, url, "Half an hour of work")
    user = UserFactory(email="gina@acme.example")
    ClaimContact(user=user, email="gina@acme.example").execute()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/support/r/{ticket.public_id}/")
    assert "Half an hour of work" in page.content.decode()


def test_text_that_a_dead_link_does_not_take_can_be_copied(client, portal, ticket):
    """UX27."""
    url = url_of(ticket)
    _block(ticket)
    response = reply(client, url, "Half an hour <b>of work</b>")
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.find("textarea").text.strip() == "Half an hour <b>of work</b>"


# -- Accounts ------------------------------------------------------------------------


def test_a_link_is_no_second_key_to_an_account(client, ticket, gina):
    """Whoever has registered signs in, and comes to the ticket's own page."""
    url = url_of(ticket)
    user = UserFactory(email="gina@acme.example")
    ClaimContact(user=user, email="gina@acme.example").execute()
    own = f"/support/r/{ticket.public_id}/"
    response = client.get(url)
    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={own}")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(url)["Location"] == own
    assert "It is broken" in client.get(own).content.decode()


def test_somebody_else_who_is_signed_in_reads_as_the_guest(sign_in, ticket, zoe):
    """The link is the right, not the account; the account stays as it is."""
    browser = sign_in(zoe)
    assert get(browser, url_of(ticket)).h1.text == "Broken"
    reply(browser, url_of(ticket))
    assert Message.objects.latest("pk").author_contact == ticket.contact
    assert browser.get(f"/support/r/{ticket.public_id}/").status_code == 404


@pytest.mark.parametrize(
    ("entry", "domains", "offered"),
    [
        ("open", "", True),
        ("domains", "acme.example", True),
        ("domains", "globex.example", False),
        ("invitation", "", False),
    ],
)
def test_an_account_is_offered_where_it_would_work(
    client, portal, ticket, entry, domains, offered
):
    """F10, B52."""
    change(portal, entry=entry, entry_domains=domains)
    soup = get(client, url_of(ticket))
    link = soup.find("a", string=re.compile("Create an account"))
    assert bool(link) is offered
    if link:
        target = unquote(link["href"].partition("?next=")[2])
        assert target == f"/support/r/{ticket.public_id}/"


# -- Replying ------------------------------------------------------------------------


def test_a_reply_with_a_file_arrives(client, ticket):
    """The same action as from the portal; the address is not proved by it (R14)."""
    url = url_of(ticket)
    file = SimpleUploadedFile("photo.txt", b"content", content_type="text/plain")
    response = reply(client, url, "Here it is", files=file)
    message = Message.objects.latest("pk")
    assert response.status_code == 302
    assert response["Location"] == f"{url}#message-{message.public_id}"
    assert message.body_text == "Here it is"
    assert message.author_contact == ticket.contact
    assert message.attachments.get().name == "photo.txt"
    assert Identity.objects.get(value="gina@acme.example").verified_at is None
    assert "Your reply was sent." in get(client, url).text


def test_a_double_click_sends_once(client, ticket):
    """UX25."""
    url = url_of(ticket)
    for _click in range(2):
        assert reply(client, url).status_code == 302
    assert Message.objects.filter(body_text="Thank you").count() == 1


def test_a_reply_needs_the_csrf_token(ticket):
    browser = Client(enforce_csrf_checks=True)
    url = url_of(ticket)
    assert reply(browser, url).status_code == 403
    soup = get(browser, url)
    token = soup.find("input", attrs={"name": "csrfmiddlewaretoken"})["value"]
    assert reply(browser, url, csrfmiddlewaretoken=token).status_code == 302


def test_an_empty_reply_is_asked_for_again(client, ticket):
    response = reply(client, url_of(ticket), "  ")
    assert response.status_code == 200
    assert "Write your reply, or attach a file." in response.content.decode()


def test_a_guest_closes_nothing(client, portal, ticket):
    """Reading and replying is all (F10)."""
    change(portal, may_close=True)
    url = url_of(ticket)
    assert not get(client, url).find("button", value="close")
    client.post(url, {"action": "close"})
    ticket.refresh_from_db()
    assert not ticket.is_closed


def test_a_reply_reopens_a_closed_ticket(client, ticket):
    """R7."""
    close(ticket)
    url = url_of(ticket)
    assert "Your reply opens it again" in get(client, url).text
    reply(client, url)
    ticket.refresh_from_db()
    assert not ticket.is_closed


def test_a_late_reply_opens_another_ticket_that_the_link_does_not_show(client, ticket):
    """R7: its own link comes by mail, to its contact."""
    close(ticket, at=timezone.now() - timedelta(days=30))
    url = url_of(ticket)
    response = reply(client, url, "It is back")
    newer = Ticket.objects.latest("pk")
    assert newer.follow_up_of == ticket
    assert response["Location"].startswith(url)
    soup = get(client, url)
    assert f"Your message was sent as {newer.reference}." in soup.text
    assert "It is back" not in soup.text


def test_where_closed_is_closed_the_text_stays(client, portal, ticket):
    """B45: no form is offered that a guest could not send."""
    close(ticket)
    change(portal, reply_on_closed=False)
    response = reply(client, url_of(ticket), "Still broken")
    assert response.status_code == 409
    assert "Still broken" in response.content.decode()
    assert Ticket.objects.count() == 1


# -- Files ---------------------------------------------------------------------------


def test_files_are_read_by_the_same_link(client, ticket):
    file = attached(Message.objects.get())
    url = url_of(ticket)
    link = get(client, url).select_one(".hd-files__link")["href"]
    assert link == f"{url}files/{file.public_id}/"
    response = client.get(link)
    assert b"".join(response.streaming_content) == b"hello"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    plain = client.get(f"/helpdesk/files/{file.public_id}/")
    assert plain.status_code == 302, "the link opens it, nothing else"


def test_files_of_another_ticket_are_not(client, ticket, gina, zoe):
    """Not even of the same contact's."""
    url = url_of(ticket)
    for owner in (gina, zoe):
        make_ticket(owner, "x")
        file = attached(Message.objects.latest("pk"))
        response = client.get(f"{url}files/{file.public_id}/")
        missing = client.get(f"{url}files/{'a' * 16}/")
        assert response.status_code == missing.status_code == 404
    assert client.get(f"{url}files/%00/").status_code == 404
    assert client.get(f"/support/g/forged/files/{file.public_id}/").status_code == 404


# -- Logs ----------------------------------------------------------------------------


def test_no_log_has_the_token(ticket, caplog):
    """Django writes the address of what was refused."""
    token = token_of(ticket)
    url = f"/support/g/{token}/"
    with caplog.at_level(logging.DEBUG):
        Client().get(f"{url}files/none/")
        reply(Client(enforce_csrf_checks=True), url)
        _block(ticket)
        Client().get(url)
    written = [record.getMessage() for record in caplog.records]
    assert len([text for text in written if "[guest link]" in text]) == 3
    assert not [text for text in written if token in text]


def test_other_records_stay_as_they_are():
    record = logging.LogRecord("x", 30, "", 0, "%s of %d", ("Not found", 3), None)
    assert guest_links.HideTokens().filter(record)
    assert record.getMessage() == "Not found of 3"


def test_a_conversation_that_was_moved_away_is_not_shown(client, ticket, zoe):
    """R9: what the contact would not see in the portal."""
    elsewhere = make_ticket(zoe)
    second = ConversationFactory(ticket=ticket)
    MessageFactory(conversation=second, body_text="moved away")
    url = url_of(ticket)
    assert "moved away" in get(client, url).text
    second.ticket = elsewhere
    second.save()
    assert "moved away" not in get(client, url).text


def test_it_works_for_tickets_of_any_channel(client, portal, gina):
    """What began with a mail is read here too."""
    mail = ChannelFactory(type="email", inbox=portal.channel.inbox)
    ticket = make_ticket(gina, "by mail", channel=mail)
    assert "by mail" in get(client, url_of(ticket)).text
