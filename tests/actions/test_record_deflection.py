"""The ledger of suggestions (N4)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.knowledge_base.factories import ArticleFactory, HomeFactory
from wagtail_helpdesk.access.suggestions import visitor_hash
from wagtail_helpdesk.actions import (
    ArticleVersion,
    PurgeDeflections,
    RecordDeflection,
)
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Deflection

pytestmark = pytest.mark.django_db

KIND = Deflection.Kind


@pytest.fixture
def articles():
    home = HomeFactory()
    return [
        ArticleVersion(ArticleFactory(parent=home).pk, None, "en") for _ in range(3)
    ]


def record(kind, *articles, visitor="a"):
    return RecordDeflection(kind=kind, visitor=visitor, articles=articles).execute()


def test_a_list_of_articles_is_one_insert(articles, django_assert_num_queries):
    with django_assert_num_queries(3):  # With the transaction's two.
        record(KIND.SHOWN, *articles)
    assert Deflection.objects.count() == 3


def test_the_same_step_twice_is_written_once(articles):
    record(KIND.SHOWN, *articles)
    record(KIND.SHOWN, *articles)
    record(KIND.SHOWN, *articles, visitor="b")
    assert Deflection.objects.count() == 6


def test_the_article_opened_last_is_the_one_that_solved_it(articles):
    record(KIND.OPENED, articles[0])
    record(KIND.OPENED, articles[2])
    record(KIND.SOLVED)
    assert Deflection.objects.get(kind=KIND.SOLVED).article_id == articles[2].page_id


def test_every_article_opened_before_a_request_did_not_help(articles):
    record(KIND.SHOWN, *articles)
    record(KIND.OPENED, articles[0])
    record(KIND.OPENED, articles[2])
    record(KIND.FILED)
    filed = Deflection.objects.filter(kind=KIND.FILED).values_list("article", flat=True)
    assert set(filed) == {articles[0].page_id, articles[2].page_id}


def test_articles_shown_but_not_opened_are_told_from_none_at_all(articles):
    record(KIND.SHOWN, *articles)
    record(KIND.FILED)
    record(KIND.FILED, visitor="b")
    (filed,) = Deflection.objects.filter(kind=KIND.FILED)
    assert filed.article is None


def test_an_article_that_is_deleted_leaves_its_rows(articles):
    from wagtail.models import Page

    record(KIND.OPENED, articles[0])
    Page.objects.get(pk=articles[0].page_id).delete()
    assert Deflection.objects.get().article is None


def test_a_session_has_another_name_every_day(monkeypatch):
    today = visitor_hash("session")
    assert today == visitor_hash("session") != visitor_hash("other")
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert visitor_hash("session") != today


def test_what_is_old_is_deleted_by_the_tick(articles, settings):
    settings.WAGTAIL_HELPDESK = {"DEFLECTION_DAYS": 30}
    record(KIND.SHOWN, *articles)
    old = Deflection.objects.filter(article=articles[0].page_id)
    old.update(at=timezone.now() - timedelta(days=31))
    call_command("helpdesk_tick")
    assert Deflection.objects.count() == 2
    with pytest.raises(ActionError):
        PurgeDeflections(limit=0)
