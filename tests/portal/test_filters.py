"""Visibility filters in a portal: written, previewed, and the same everywhere (B18)."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Locale

from tests.factories import (
    AgentFactory,
    CustomerFactory,
    InboxFactory,
    OrganizationFactory,
    PipelineFactory,
    UserFactory,
)
from tests.fulltext import index_all, searches
from tests.portal.build import change, close, make_ticket
from tests.portal.test_export import lines
from tests.portal.test_page_form import editor, save  # noqa: F401
from tests.portal.test_ticket_list import subjects
from wagtail_helpdesk.access.portals import ticket_url
from wagtail_helpdesk.access.ticket_reasons import explain_ticket
from wagtail_helpdesk.models import Tag, TicketProperty
from wagtail_helpdesk.portal.filter_field import FiltersFormField
from wagtail_helpdesk.portal.filter_preview import compare

pytestmark = pytest.mark.django_db


def row(name, operator="is", *values):
    return {"property": name, "operator": operator, "values": list(values)}


def posted(*rows):
    """The rows as a browser sends them."""
    return {
        f"visibility_filters-{number}-{part}": text
        for number, texts in enumerate(rows)
        for part, text in zip(("property", "operator", "values"), texts, strict=True)
    }


@pytest.fixture
def sales(inbox):
    return InboxFactory(name="Sales", default_pipeline=PipelineFactory(name="Sales"))


@pytest.fixture
def colleagues(inbox, sales):
    """Ana and Luis of Acme, with two tickets each."""
    acme = OrganizationFactory(name="Acme", sharing="organization")
    people = [CustomerFactory(name=name, organization=acme) for name in ("Ana", "Luis")]
    for person in people:
        make_ticket(person, "printer", subject=f"{person.name} asks", inbox=inbox)
        sold = make_ticket(
            person, "printer", subject=f"{person.name} buys", inbox=sales
        )
        close(sold)
    return people


@searches
def test_what_is_listed_is_found_exported_and_served(
    portal, colleagues, sales, sign_in
):
    """R9: one rule on every surface, also with other filters a moment later."""
    ana, _luis = colleagues
    client = sign_in(ana)
    index_all()
    change(portal, sharing="organization")
    tickets = {
        ticket.subject: ticket
        for person in colleagues
        for ticket in person.tickets.all()
    }
    for filters, shown in (
        ([], {"Ana asks", "Ana buys", "Luis asks", "Luis buys"}),
        ([row("inbox", "is", sales.pk)], {"Ana buys", "Luis buys"}),
        ([row("inbox", "is_not", sales.pk)], {"Ana asks", "Luis asks"}),
        ([row("category", "is", "closed")], {"Ana buys", "Luis buys"}),
        ([row("category", "is", "closed"), row("inbox", "is_not", sales.pk)], set()),
        ([row("created", "before", "2020-01-01")], set()),
        ([row("nothing")], set()),
    ):
        change(portal, visibility_filters=filters)
        assert set(subjects(client)) == shown
        assert set(subjects(client, "?sort=subject&status=all")) == shown
        assert set(subjects(client, "?q=printer")) == shown
        assert {line[1] for line in lines(client)[1:]} == shown
        for subject, ticket in tickets.items():
            answer = client.get(f"/support/r/{ticket.public_id}/")
            assert answer.status_code == (200 if subject in shown else 404)
            in_mail = ticket_url(ticket, language="en")
            assert bool(in_mail) == bool(not filters or subject in shown)


def test_an_editor_writes_filters_by_name(portal, editor, sales, ana):  # noqa: F811
    """B18: stored by key, shown by name, and taken away by emptying the row."""
    filters = posted(
        ("pipeline", "is", "sales\n\nSALES"),
        ("", "is", ""),
        ("category", "is_not", "Closed"),
        ("organization", "is_empty", ""),
    )
    assert save(editor, portal, **filters).status_code == 302
    assert portal.visibility_filters == [
        row("pipeline", "is", sales.default_pipeline_id),
        row("category", "is_not", "closed"),
        row("organization", "is_empty"),
    ]
    page = editor.get(reverse("wagtailadmin_pages:edit", args=[portal.pk]))
    form = BeautifulSoup(page.content, "html.parser")
    written = form.select_one("[name=visibility_filters-0-values]")
    assert written.text.strip() == "Sales"
    assert (
        form.select_one("[name=visibility_filters-1-operator] option[selected]")[
            "value"
        ]
        == "is_not"
    )
    save(editor, portal, **posted(("", "is", "")))
    assert portal.visibility_filters == []


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (("", "is", "Sales"), "Choose a property"),
        (("colour", "is", "red"), "Choose a property"),
        (("property:gone", "is", "x"), "Choose a property"),
        (("pipeline", "from", "Sales"), "takes these conditions only"),
        (("pipeline", "is", ""), "Write a value"),
        (("pipeline", "is", "Missing"), "There is no “Missing”"),
        (("stage", "is", "Closed"), "There are several “Closed”"),
        (("organization", "is", "Twin"), "There are several “Twin”"),
        (("priority", "is", "Enormous"), "Use one of: Low, Normal"),
        (("created", "from", "01/02/2026"), "is no date"),
        (("created", "from", "2026-01-01\n2026-01-02"), "Write one value only"),
        (("created", "between", "2026-01-01"), "Write two values"),
        (
            ("created", "at_least", "2026-01-01"),
            "is before, is between",
        ),
        (("channel_type", "is", "pigeon"), "No channel is of the type"),
        (("owner", "is_set", "Amy"), "takes no values"),
        (("property:seats", "is", "many"), "is no number"),
        (("property:seats", "is", "1e999999"), "is no number"),
        (("property:seats", "at_least", "ten"), "is no number"),
        (("property:seats", "between", "1\n2\n3"), "Write two values"),
        (("property:seats", "before", "2026-01-01"), "takes these conditions only"),
        (("type", "is", "x" * 201), "at most 200"),
        (("type", "is", "a\x00b"), "at most 200"),
        (("type", "is", "\n".join(map(str, range(51)))), "at most 50"),
        (("pipeline", "is", "#" + "9" * 40), "There is no"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(sales, inbox, texts, problem):
    OrganizationFactory(name="Twin")
    OrganizationFactory(name="Twin")
    TicketProperty.objects.create(
        key="seats", type="number", label="Seats", locale=Locale.get_default()
    )
    data = dict(zip(("property", "operator", "values"), texts, strict=True))
    with pytest.raises(ValidationError) as error:
        FiltersFormField(required=False).clean([data])
    assert problem in str(error.value)
    assert "Row 1" in str(error.value)


def test_an_editor_writes_ranges(portal, editor, ana):  # noqa: F811
    """B18: kept in order, told by the preview and by the reason."""
    locale = Locale.get_default()
    for key, kind in (("seats", "number"), ("due", "date")):
        TicketProperty.objects.create(
            key=key, type=kind, label=key.title(), locale=locale
        )
    few, many, late = (
        make_ticket(ana, properties={"seats": seats, "due": due})
        for seats, due in (
            (9, "2026-01-31"),
            (100, "2026-01-31"),
            (100, "2026-02-01"),
        )
    )
    ranges = posted(
        ("property:seats", "at_least", "10"),
        ("property:due", "between", "2026-01-31\n2026-01-01"),
    )
    assert save(editor, portal, **ranges).status_code == 302
    assert portal.visibility_filters == [
        row("property:seats", "at_least", 10),
        row("property:due", "between", "2026-01-01", "2026-01-31"),
    ]
    shown = [explain_ticket(t, ana, portal.rules) for t in (few, many, late)]
    assert [told.is_visible for told in shown] == [False, True, False]
    assert "“Seats is at least: 10”" in shown[0].sentence()
    assert "“Due is between (both included): 2026-01-01, " in shown[2].sentence()

    portal.visibility_filters = [row("property:seats", "at_most", 9.5)]
    portal.save_revision()
    preview = editor.get(reverse("helpdesk_portal_filters", args=[portal.pk]))
    text = preview.content.decode()
    assert "Seats is at most: 9.5" in text
    assert "1 ticket would appear" in text and "1 ticket would vanish" in text


def test_a_draft_changes_nothing_and_tells_what_it_would(portal, colleagues, sales):
    """N14: counts for editors; an agent may open examples of their inboxes."""
    ana, _luis = colleagues
    portal.save_revision().publish()
    portal.visibility_filters = [row("inbox", "is", sales.pk)]
    portal.save_revision()
    portal.refresh_from_db()
    assert portal.rules.filters == ()
    draft = portal.get_latest_revision_as_object().rules
    agent = AgentFactory()
    support = ana.tickets.get(subject="Ana asks").inbox
    support.members.add(agent)
    found = compare(portal.rules, draft, agent)
    assert (found.compared, found.is_all) == (4, True)
    assert (found.appearing.count, found.vanishing.count) == (0, 2)
    assert {t.subject for t in found.vanishing.examples} == {"Ana asks", "Luis asks"}
    hidden = "Hidden: the portal's visibility filter “Inbox is one of: Sales” hides it."
    assert [reason for _ticket, reason in found.vanishing.told] == [hidden] * 2
    back = compare(draft, portal.rules, agent)
    assert back.appearing.reasons == (hidden, hidden)
    assert (back.appearing.count, back.vanishing.count) == (2, 0)
    assert compare(portal.rules, draft, None).vanishing.examples == ()


def test_the_preview_says_which_filter_hides_an_example(
    portal,
    colleagues,
    sales,
    editor,  # noqa: F811
):
    """N8: of several filters the one that decides, as an explanation says it."""
    ana, _luis = colleagues
    support = ana.tickets.get(subject="Ana asks").inbox
    support.members.add(AgentFactory(user=get_user(editor)))
    portal.visibility_filters = [
        row("category", "is_not", "closed"),
        row("inbox", "is", sales.pk),
    ]
    portal.save_revision()
    page = editor.get(reverse("helpdesk_portal_filters", args=[portal.pk]))
    soup = BeautifulSoup(page.content, "html.parser")
    told = [item.text for item in soup.select("li")]
    reference = ana.tickets.get(subject="Ana asks").reference
    assert (
        f"{reference} Draft: Hidden: the portal's visibility filter “Inbox is one of: "
        "Sales” hides it."
    ) in told


def test_the_preview_names_no_ticket_to_an_editor_who_is_no_agent(
    portal,
    colleagues,
    sales,
    editor,  # noqa: F811
):
    portal.visibility_filters = [row("inbox", "is", sales.pk)]
    portal.save_revision()
    answer = editor.get(reverse("helpdesk_portal_filters", args=[portal.pk]))
    text = answer.content.decode()
    assert "2 tickets would vanish" in text
    assert "Inbox is one of: Sales" in text
    for ticket in colleagues[0].tickets.all():
        assert ticket.reference not in text
    for address in (portal.get_parent().pk, 10**6):
        missing = editor.get(reverse("helpdesk_portal_filters", args=[address]))
        assert missing.status_code == 404


def test_an_editor_who_may_not_change_the_settings_sees_no_preview(portal):
    """B2: filters name organizations and teams, as the hidden tab does."""
    user = UserFactory()
    group = Group.objects.create(name="Writers")
    user.groups.add(group)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    change_page = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(group=group, page=portal, permission=change_page)
    writer = Client()
    writer.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    assert writer.get(f"/admin/pages/{portal.pk}/edit/").status_code == 200
    preview = reverse("helpdesk_portal_filters", args=[portal.pk])
    assert writer.get(preview).status_code == 404


def test_what_is_gone_hides_and_is_told(portal, ana, editor):  # noqa: F811
    """A tag that was excluded and then deleted brings nothing to light."""
    tag = Tag.objects.create(name="internal")
    ticket = make_ticket(ana)
    change(portal, visibility_filters=[row("tag", "is_not", tag.pk)])
    assert explain_ticket(ticket, ana, portal.rules).is_visible
    tag.delete()
    told = explain_ticket(ticket, ana, portal.rules)
    assert not told.is_visible
    assert "visibility filter “Tag is none of: #" in told.sentence()
    page = editor.get(reverse("wagtailadmin_pages:edit", args=[portal.pk]))
    assert "names something that is gone" in page.content.decode()


def test_the_history_tells_filters_in_words(portal, sales, editor):  # noqa: F811
    """N14."""
    portal.save_revision()
    portal.visibility_filters = [row("inbox", "is", sales.pk)]
    portal.save_revision()
    old, new = (revision.pk for revision in portal.revisions.order_by("pk"))
    address = reverse(
        "wagtailadmin_pages:revisions_compare", args=[portal.pk, old, new]
    )
    assert "Inbox is one of: Sales" in editor.get(address).content.decode()


def test_a_request_that_the_portal_hides_is_taken_all_the_same(portal, client, ana):
    """Whoever writes is thanked, and not led to a page that is missing."""
    closed = [row("category", "is", "closed")]
    change(portal, visibility_filters=closed)
    sent = {"subject": "New", "body": "Help", "client_token": "a" * 32}
    answer = client.post("/support/new/", sent, follow=True)
    assert "We have your message" in answer.content.decode()
    ticket = make_ticket(ana, "Hi", closed=True)
    reply = {"body": "Once more", "client_token": "b" * 32}
    answer = client.post(f"/support/r/{ticket.public_id}/", reply, follow=True)
    assert answer.redirect_chain == [("/support/", 302)]
    assert "is open again" in answer.content.decode()


@pytest.mark.parametrize("gone", [row("property:gone", "is_set"), {"colour": "red"}])
def test_saving_the_form_drops_no_filter_unnoticed(portal, ana, editor, gone):  # noqa: F811
    """What hides goes on hiding until the editor empties the row."""
    ticket = make_ticket(ana)
    change(portal, visibility_filters=[gone])
    page = editor.get(reverse("wagtailadmin_pages:edit", args=[portal.pk]))
    form = BeautifulSoup(page.content, "html.parser")
    shown = form.select_one("[name=visibility_filters-0-property] option[selected]")
    refused = save(editor, portal, **posted((shown["value"], "is_set", "")))
    assert "Row 1: Choose a property" in refused.content.decode()
    assert not explain_ticket(ticket, ana, portal.rules).is_visible
