"""A portal set up step by step in the admin (B1, B4, B6, B8 to B11)."""

import uuid

import pytest
from django.urls import reverse
from wagtail.models import Page, Site

from tests.factories import (
    AccessGroupFactory,
    AgentFactory,
    ChannelFactory,
    InboxFactory,
    SupportFormFactory,
)
from tests.portal.build import make_portal
from wagtail_helpdesk.models import (
    Appearance,
    Channel,
    Inbox,
    Pipeline,
    Stage,
    SupportForm,
    Ticket,
)
from wagtail_helpdesk.portal.models import PortalHomePage
from wagtail_helpdesk.portal.setup import pages, steps

pytestmark = pytest.mark.django_db

ALL = [key for key, _title in steps.STEPS]


def newest(page):
    return PortalHomePage.objects.get(pk=page.pk).get_latest_revision_as_object()


def _checklist(page):
    return reverse(pages.CHECKLIST, args=[page.pk])


def text(response):
    return response.content.decode()


@pytest.fixture
def start(client, root):
    """Posts the first step."""

    def post(browser=client, **data):
        data = {"title": "Help", "slug": "help-desk", "parent": str(root.pk), **data}
        return browser.post(reverse(pages.NEW), data)

    return post


@pytest.fixture
def draft(start):
    start()
    return PortalHomePage.objects.get()


@pytest.fixture
def step(client, draft):
    """Posts a step of the draft."""

    def post(key, page=None, browser=client, **data):
        url = reverse(pages.STEP, args=[(page or draft).pk, key])
        return browser.post(url, data)

    return post


def states(page):
    page = PortalHomePage.objects.get(pk=page.pk)
    return {state.key: state.is_done for state in steps.states_of(page)}


def test_a_portal_is_made_from_nothing_to_open(client, step, draft):
    assert not draft.live and not draft.is_active
    step("inbox", inbox="new", name="Front desk")
    step("rules", sharing="organization", reply_on_closed="on", reopen_days="30")
    step("access", entry="invitation")
    step("form", form="new", name="Ask us")
    assert not PortalHomePage.objects.get().live
    assert step("look").url == reverse(pages.STEP, args=[draft.pk, "finish"])
    step("finish")
    page = PortalHomePage.objects.get()
    assert (page.live, page.is_active) == (True, True)
    assert (page.sharing, page.reopen_days, page.entry) == (
        "organization",
        30,
        "invitation",
    )
    inbox = Inbox.objects.get()
    assert (page.channel.inbox, page.channel.type) == (inbox, "portal")
    assert inbox.default_pipeline.stages.closed().count() == 1
    assert inbox.default_pipeline.first_stage().category == "new"
    form = page.support_forms.get().form
    assert form.live and form.channel.inbox == inbox
    assert all(states(page).values())
    assert "View portal" in text(client.get(reverse(pages.CHECKLIST, args=[page.pk])))


def test_each_step_says_whether_it_is_done_and_can_be_left_and_taken_up(
    client, step, draft
):
    """Nothing is kept in the session: another browser goes on."""
    assert [key for key, done in states(draft).items() if done] == ["page"]
    step("rules", sharing="own", reopen_days="14")
    step("inbox", inbox="new", name="Front desk")
    assert [key for key, done in states(draft).items() if done] == [
        "page",
        "inbox",
        "rules",
    ]
    content = text(client.get(reverse(pages.CHECKLIST, args=[draft.pk])))
    assert "Continue: Who gets in" in content
    assert "Front desk · Help" in content


def test_the_steps_are_put_away_until_one_is_no_longer_done(client, admin):
    """A1: dismissable; they come back when a channel breaks, and on demand."""
    portal = make_portal(inbox=InboxFactory())
    checklist = reverse(pages.CHECKLIST, args=[portal.pk])

    def press(to):
        client.post(reverse(pages.HIDE, args=[portal.pk]), {"to": to})

    def steps_shown():
        return "Who sees what" in text(client.get(checklist))

    for to in ("hide", "hide", "nonsense"):
        press(to)
        assert not steps_shown()
    history = reverse("wagtailadmin_pages:history", args=[portal.pk])
    assert text(client.get(history)).count("Hid the steps of the set-up") == 1
    overview = reverse(pages.OVERVIEW)
    assert "Look at: Inbox" not in text(client.get(overview))
    Channel.objects.update(is_enabled=False)
    assert steps_shown()
    assert "Look at: Inbox" in text(client.get(overview))
    Channel.objects.update(is_enabled=True)
    assert not steps_shown()
    press("show")
    assert steps_shown()


def test_two_clicks_make_one_portal_one_inbox_and_one_form(start, step, draft):
    start()
    assert PortalHomePage.objects.get() == draft
    for _click in range(2):
        step("inbox", inbox="new", name="Front desk")
        step("form", form="new", name="Ask us")
        step("finish")
    assert Inbox.objects.count() == Pipeline.objects.count() == 1
    assert Channel.objects.filter(type="portal").count() == 1
    assert SupportForm.objects.count() == 1


def test_two_editors_who_make_the_same_portal_share_it(start, make_user, as_user):
    for _editor in range(2):
        editor = make_user("add", "change", settings=True)
        assert start(as_user(editor)).status_code == 302
    assert PortalHomePage.objects.count() == 1


def test_the_address_of_another_page_is_refused_and_what_was_typed_stays(start, root):
    root.add_child(instance=Page(title="Contact", slug="contact"))
    response = start(slug="contact", title="Fresh title")
    assert "has the address “contact”" in text(response)
    assert "Fresh title" in text(response)
    assert not PortalHomePage.objects.exists()


def test_without_an_address_it_is_made_of_the_name(start):
    start(slug="", title="Order desk")
    assert PortalHomePage.objects.get().slug == "order-desk"


@pytest.mark.parametrize(
    "data",
    [
        {"title": "nul\x00"},
        {"title": ""},
        {"title": "x" * 300},
        {"slug": "no slug"},
        {"slug": "x" * 300},
        {"parent": "1"},
        {"parent": "99999999999999999999"},
        {"parent": "\x00"},
    ],
)
def test_bad_input_of_the_first_step_is_told(start, data):
    response = start(**data)
    assert response.status_code == 200
    assert "hdw-field__error" in text(response)
    assert not PortalHomePage.objects.exists()


@pytest.mark.parametrize(
    ("key", "data"),
    [
        ("page", {"title": "", "slug": "x"}),
        ("inbox", {"inbox": "nobody"}),
        ("inbox", {"inbox": "new", "name": ""}),
        ("inbox", {"inbox": "new", "name": "\x00"}),
        ("inbox", {"inbox": "new", "name": "x", "pipeline": "9" * 30}),
        ("rules", {"sharing": "all", "reopen_days": "1"}),
        ("rules", {"sharing": "own", "reopen_days": "99999"}),
        ("rules", {"sharing": "own", "reopen_days": "9" * 40}),
        ("access", {"entry": "domains", "entry_domains": "no domain"}),
        ("access", {"entry": "open", "requires_groups": "on"}),
        ("access", {"entry": "open", "access_groups": "9" * 30}),
        ("form", {"form": "new", "name": ""}),
        ("form", {"form": "new", "name": "Without inbox"}),
        ("form", {"form": "9" * 30}),
        ("form", {"form": "\x00"}),
    ],
)
def test_bad_input_of_a_step_is_told_and_changes_nothing(step, draft, key, data):
    before = PortalHomePage.objects.get().latest_revision_id
    response = step(key, **data)
    assert response.status_code == 200
    assert "hdw-field__error" in text(response)
    assert PortalHomePage.objects.get().latest_revision_id == before


def test_what_was_refused_is_still_in_the_form(step):
    response = step("access", entry="domains", entry_domains="half a domain")
    assert "half a domain" in text(response)


def test_a_step_shows_what_is_set_and_can_be_redone(client, step, draft):
    group = AccessGroupFactory(name="Partners")
    step("access", entry="open", requires_groups="on", access_groups=group.public_id)
    url = reverse(pages.STEP, args=[draft.pk, "access"])
    assert f'value="{group.public_id}" id="id_access_groups_0" checked' in text(
        client.get(url)
    )
    step("access", entry="domains", entry_domains="acme.example")
    page = newest(draft)
    assert (page.entry, page.entry_domains) == ("domains", "acme.example")
    assert not page.requires_groups
    assert list(page.access_groups.all()) == []


def test_an_inbox_that_is_there_is_used_with_its_channel(step, draft):
    inbox = InboxFactory(name="Sales")
    channel = ChannelFactory(inbox=inbox, type="portal")
    step("inbox", inbox=inbox.public_id)
    assert newest(draft).channel == channel
    other = InboxFactory(name="Repairs")
    step("inbox", inbox=other.public_id)
    assert newest(draft).channel.inbox == other
    assert newest(draft).channel.type == "portal"


def test_a_channel_that_is_off_is_not_taken(step, draft):
    inbox = InboxFactory(name="Sales")
    ChannelFactory(inbox=inbox, type="portal", is_enabled=False)
    step("inbox", inbox=inbox.public_id)
    assert newest(draft).channel.is_enabled


def test_a_second_inbox_of_a_name_is_refused(step, draft):
    InboxFactory(name="Sales")
    assert "There is an inbox" in text(step("inbox", inbox="new", name="sales"))
    assert Inbox.objects.count() == 1


def test_who_makes_an_inbox_works_it(step, admin):
    agent = AgentFactory(user=admin)
    step("inbox", inbox="new", name="Front desk")
    assert list(Inbox.objects.get().members.all()) == [agent]


def test_a_form_that_is_there_or_the_built_in_one(step, draft):
    form = SupportFormFactory()
    step("form", form=str(form.pk))
    assert newest(draft).support_forms.get().form == form
    step("form", form="built-in")
    assert not newest(draft).support_forms.exists()


def test_a_form_named_in_another_script_gets_a_key(step, draft):
    step("inbox", inbox="new", name="Front desk")
    for name in ("Поддержка", "Помощь"):
        step("form", form="new", name=name)
    assert set(SupportForm.objects.values_list("key", flat=True)) == {"form", "form-2"}


def test_closing_needs_a_stage_where_there_are_several(step, draft):
    """B47."""
    pipeline = InboxFactory().default_pipeline
    solved = Stage.objects.create(
        pipeline=pipeline, key="solved", name="Solved", category="closed", order=9
    )
    rules = {"sharing": "own", "reopen_days": "14", "may_close": "on"}
    assert "it has several" in text(step("rules", **rules))
    step("rules", **rules, **{f"closed_{pipeline.pk}": str(solved.pk)})
    page = newest(draft)
    assert page.may_close
    assert [row.stage for row in page.closed_stages.all()] == [solved]
    step("rules", **rules, **{f"closed_{pipeline.pk}": str(solved.pk)})
    assert newest(draft).closed_stages.count() == 1


def test_a_portal_asks_for_ratings_from_its_set_up_on(client, step, draft):
    """A1, F13: the portal's own switch, as left whenever the step is opened again."""
    rules = {"sharing": "own", "reopen_days": "14"}
    url = reverse(pages.STEP, args=[draft.pk, "rules"])

    def is_ticked():
        return client.get(url).context["form"]["asks_rating"].value()

    assert not is_ticked()
    assert "asks for ratings" not in text(client.get(_checklist(draft)))
    step("rules", **rules, asks_rating="on")
    assert newest(draft).asks_rating
    assert is_ticked()
    assert "asks for ratings" in text(client.get(_checklist(draft)))
    step("rules", **rules)
    assert not newest(draft).asks_rating


def test_the_question_itself_is_left_as_editors_wrote_it(step):
    portal = make_portal(rating_question="Were we quick?")
    rules = {"sharing": "own", "reopen_days": "14", "asks_rating": "on"}
    step("rules", page=portal, **rules)
    portal.refresh_from_db()
    assert (portal.asks_rating, portal.rating_question) == (True, "Were we quick?")


def test_a_published_portal_is_changed_at_once_and_drafts_stay_drafts(step):
    """B8."""
    portal = make_portal()
    portal.title = "Half written"
    portal.save_revision()
    step("rules", page=portal, sharing="organization", reopen_days="3")
    portal.refresh_from_db()
    assert (portal.sharing, portal.reopen_days) == ("organization", 3)
    assert portal.title == "Customer portal"
    assert portal.has_unpublished_changes
    assert (newest(portal).title, newest(portal).reopen_days) == ("Half written", 3)


def test_who_may_not_publish_drafts(make_user, as_user):
    portal = make_portal()
    editor = as_user(make_user("change", settings=True))
    url = reverse(pages.STEP, args=[portal.pk, "rules"])
    data = {"sharing": "organization", "reopen_days": "3"}
    response = editor.post(url, data, follow=True)
    assert "Saved as a draft" in text(response)
    portal.refresh_from_db()
    assert portal.sharing == "own"
    assert newest(portal).sharing == "organization"


def test_a_locked_page_is_not_changed(make_user, as_user, admin):
    portal = make_portal()
    portal.locked, portal.locked_by = True, admin
    portal.save()
    editor = as_user(make_user("change", "publish", settings=True))
    url = reverse(pages.STEP, args=[portal.pk, "rules"])
    response = editor.post(url, {"sharing": "organization", "reopen_days": "3"})
    assert "locked" in text(response)
    assert newest(portal).sharing == "own"


def test_without_the_right_to_make_inboxes_one_that_works_is_chosen(make_user, as_user):
    ready, bare = InboxFactory(name="Ready"), InboxFactory(name="Bare")
    portal = make_portal(channel=ChannelFactory(inbox=ready, type="portal"))
    editor = as_user(make_user("change", "publish", settings=True))
    url = reverse(pages.STEP, args=[portal.pk, "inbox"])
    content = text(editor.get(url))
    assert "Ready" in content
    assert "Bare" not in content and "A new inbox" not in content
    for data in ({"inbox": "new", "name": "Mine"}, {"inbox": bare.public_id}):
        assert "hdw-field__error" in text(editor.post(url, data))
    assert not Inbox.objects.filter(name="Mine").exists()
    form = reverse(pages.STEP, args=[portal.pk, "form"])
    assert "A new form" not in text(editor.get(form))


def test_the_overview_lists_the_portals_one_may_edit_of_all_sites(
    client, root, make_user, as_user
):
    portal = make_portal()
    second = Page.get_first_root_node().add_child(
        instance=Page(title="Second", slug="second")
    )
    Site.objects.create(hostname="two.example", root_page=second)
    other = second.add_child(
        instance=PortalHomePage(title="Partner desk", slug="partners", live=True)
    )
    content = text(client.get(reverse(pages.OVERVIEW)))
    assert "Customer portal" in content
    assert "http://two.example/partners/" in content
    editor = as_user(make_user("change", settings=True, below=second))
    content = text(editor.get(reverse(pages.OVERVIEW)))
    assert "Partner desk" in content and "Customer portal" not in content
    for page, status in ((portal, 404), (other, 200)):
        url = reverse(pages.CHECKLIST, args=[page.pk])
        assert editor.get(url).status_code == status
        assert editor.get(reverse(pages.STEP, args=[page.pk, "rules"])).status_code == (
            status
        )


def test_a_portal_is_offered_where_one_may_add_pages(root, make_user, as_user):
    place = root.add_child(instance=Page(title="Support area", slug="area"))
    editor = as_user(make_user("add", "change", settings=True, below=place))
    content = text(editor.get(reverse(pages.NEW)))
    assert "Support area" in content
    assert f'value="{root.pk}"' not in content
    data = {"title": "Help", "slug": "help", "parent": str(root.pk)}
    assert "hdw-field__error" in text(editor.post(reverse(pages.NEW), data))
    editor.post(reverse(pages.NEW), {**data, "parent": str(place.pk)})
    assert PortalHomePage.objects.get().get_parent().pk == place.pk


@pytest.mark.parametrize("key", ALL)
def test_each_step_opens_and_unknown_ones_do_not(client, draft, key):
    assert client.get(reverse(pages.STEP, args=[draft.pk, key])).status_code == 200
    for pk, name in ((10**30, key), (draft.pk + 999, key), (draft.pk, "nothing")):
        assert client.get(reverse(pages.STEP, args=[pk, name])).status_code == 404
    home = draft.get_parent().pk
    assert client.get(reverse(pages.STEP, args=[home, key])).status_code == 404


class TestTestTicket:
    def send(self, client, page, token=None):
        url = reverse(pages.TEST, args=[page.pk])
        return client.post(url, {"token": token or str(uuid.uuid4())}, follow=True)

    def test_it_is_a_real_ticket_of_ones_own_once(self, client, admin):
        portal = make_portal()
        token = str(uuid.uuid4())
        for _click in range(2):
            assert "has arrived as" in text(self.send(client, portal, token))
        ticket = Ticket.objects.get()
        assert ticket.subject == "Test of “Customer portal”"
        assert ticket.contact.email == admin.email
        assert (ticket.channel, ticket.origin_page_id) == (portal.channel, portal.pk)
        assert "A ticket has arrived" in text(
            client.get(reverse(pages.CHECKLIST, args=[portal.pk]))
        )

    def test_it_takes_the_way_of_the_portals_form(self, client):
        form = SupportFormFactory()
        portal = make_portal(support_form=form)
        self.send(client, portal)
        assert Ticket.objects.get().channel == form.channel

    def test_what_is_missing_is_told(self, client, admin):
        portal = make_portal(channel=None)
        assert "Choose the inbox first" in text(self.send(client, portal))
        portal = make_portal(slug="two", channel=ChannelFactory(is_enabled=False))
        assert "switched off" in text(self.send(client, portal))
        admin.email = ""
        admin.save()
        portal = make_portal(slug="three")
        assert "no e-mail address" in text(self.send(client, portal))
        assert "Load the page again" in text(self.send(client, portal, "\x00"))
        assert not Ticket.objects.exists()


def test_the_set_up_is_found_from_menu_settings_and_page(client):
    portal = make_portal()
    overview = reverse(pages.OVERVIEW)
    assert overview in text(client.get(reverse("wagtail_helpdesk_admin:setup")))
    assert overview in text(client.get(reverse("wagtailadmin_home")))
    for name in ("wagtailadmin_pages:edit", "wagtailadmin_explore"):
        content = text(client.get(reverse(name, args=[portal.pk])))
        assert reverse(pages.CHECKLIST, args=[portal.pk]) in content
        assert "Switch portal off" in content


def test_system_pages_are_made_from_the_step_and_lead_back(client, draft):
    back = reverse(pages.STEP, args=[draft.pk, "access"])
    url = f"{reverse('helpdesk_portal_system_pages', args=[draft.pk])}?next={back}"
    assert url in text(client.get(back))
    assert client.post(url).url == back


def test_the_look_leads_to_the_colours_of_the_site_for_who_may_choose_them(
    draft, as_user, make_user
):
    url = reverse(pages.STEP, args=[draft.pk, "look"])
    chooser = as_user(
        make_user(
            *("add", "change", "publish"),
            settings=True,
            others=["add_appearance", "change_appearance"],
        )
    )
    other = as_user(make_user("add", "change", "publish", settings=True))

    assert reverse("helpdesk_appearance:add") in chooser.get(url).content.decode()
    row = Appearance.objects.create(site=Site.objects.get())
    edit = reverse("helpdesk_appearance:edit", args=[row.pk])
    assert edit in chooser.get(url).content.decode()
    assert "/appearance/" not in other.get(url).content.decode()
