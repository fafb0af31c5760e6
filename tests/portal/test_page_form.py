"""The editor's form of the portal page (B1 to B10, B37, B47)."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    rich_text,
    streamfield,
)

from tests.factories import InboxFactory, PipelineFactory, UserFactory
from wagtail_helpdesk.models import Pipeline, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db):
    client = Client()
    client.force_login(
        UserFactory(is_superuser=True, is_staff=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def save(editor, portal, closed_stages=(), **fields):
    rows = [{"stage": str(stage.pk)} for stage in closed_stages]
    data = {
        "title": portal.title,
        "slug": portal.slug,
        "intro": rich_text(""),
        "list_columns": streamfield([]),
        "is_active": "on",
        "channel": str(portal.channel_id),
        "sharing": "own",
        "thread_policy": "all",
        "may_add_people": "nobody",
        "owner_display": "name",
        "reopen_days": "14",
        "idle_minutes": "0",
        "guest_days": "30",
        "entry": "open",
        "closed_stages": inline_formset(rows),
        "show_help_centre": "on",
        "support_forms": inline_formset([]),
        "navigation_links": inline_formset([]),
        "comments": inline_formset([]),
        "action-publish": "yes",
        **fields,
    }
    url = reverse("wagtailadmin_pages:edit", args=[portal.pk])
    response = editor.post(url, nested_form_data(data))
    portal.refresh_from_db()
    return response


def test_every_setting_can_be_changed_at_any_time(portal, editor):
    """B8."""
    response = save(
        editor,
        portal,
        title="Order desk",
        sharing="organization",
        thread_policy="original",
        show_stages="on",
        owner_display="alias",
        reply_on_closed="on",
        reopen_days="30",
        idle_minutes="20",
        request_singular="order",
        request_plural="orders",
    )
    assert response.status_code == 302
    rules = portal.rules
    assert portal.title == "Order desk"
    assert (rules.sharing, rules.owner_display) == ("organization", "alias")
    assert rules.thread_policy == "original"
    assert (rules.show_stages, rules.reopen_days) == (True, 30)


def test_switching_the_portal_off(portal, editor):
    """B10."""
    save(editor, portal, is_active="")
    assert not portal.rules.is_active


def test_one_word_without_the_other_is_refused(portal, editor):
    response = save(editor, portal, request_singular="order")
    assert "Write both words" in response.content.decode()


def test_the_choices_name_inbox_and_pipeline(portal, editor):
    url = reverse("wagtailadmin_pages:edit", args=[portal.pk])
    content = editor.get(url).content.decode()
    assert f"{portal.channel.inbox} · Portal" in content
    pipeline = portal.channel.inbox.default_pipeline
    assert f"{pipeline} · Closed" in content


def test_a_single_closed_stage_needs_no_choice(portal, editor):
    """B47."""
    assert save(editor, portal, may_close="on").status_code == 302
    assert portal.rules.may_close


def test_closing_is_refused_while_a_pipeline_has_no_closed_stage(portal, editor):
    """B47."""
    PipelineFactory(name="Endless").stages.filter(category="closed").delete()
    response = save(editor, portal, may_close="on")
    assert "“Endless” has no closed stage" in response.content.decode()
    assert not portal.may_close
    assert save(editor, portal).status_code == 302


def test_a_pipeline_with_several_closed_stages_needs_one_of_them(portal, editor):
    """B47."""
    pipeline = Pipeline.objects.get()
    solved = Stage.objects.create(
        pipeline=pipeline, key="solved", name="Solved", category="closed"
    )
    response = save(editor, portal, may_close="on")
    assert "it has several" in response.content.decode()
    closed = pipeline.stages.get(key="closed")
    response = save(editor, portal, [solved, closed], may_close="on")
    assert "has two closed stages" in response.content.decode()
    assert save(editor, portal, [solved], may_close="on").status_code == 302
    assert portal.rules.closed_stages == {pipeline.pk: solved.pk}


def test_an_open_stage_cannot_be_chosen_for_closing(portal, editor):
    stage = Stage.objects.filter(category="open").first()
    response = save(editor, portal, [stage], may_close="on")
    assert response.status_code == 200
    assert not portal.may_close


def test_a_portal_is_made_in_the_page_editor(editor, portal):
    inbox = InboxFactory()
    parent = portal.get_parent()
    url = reverse(
        "wagtailadmin_pages:add",
        args=["helpdesk_portal", "portalhomepage", parent.pk],
    )
    content = editor.get(url).content.decode()
    assert "Portal" in content
    assert str(inbox) not in content  # it has no channel yet
