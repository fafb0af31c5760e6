import pytest
from django.contrib.auth.models import Group
from django.db import connection
from wagtail.models import Page

from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    HomeFactory,
)
from wagtail_helpdesk.knowledge_base.models import (
    ArticlePage,
    CategoryPage,
    KnowledgeBaseHomePage,
)

# InnoDB finds words only in rows that are committed.
searches = pytest.mark.django_db(transaction=connection.vendor == "mysql")


@pytest.fixture
def home() -> KnowledgeBaseHomePage:
    return HomeFactory()


@pytest.fixture
def category(home: Page) -> CategoryPage:
    return CategoryFactory(
        parent=home, title="Billing", description="Invoices and cards.", icon="card"
    )


@pytest.fixture
def article(category: Page) -> ArticlePage:
    return ArticleFactory(
        parent=category,
        title="Download an invoice",
        introduction="Every invoice as a PDF.",
    )


@pytest.fixture
def partners() -> Group:
    return Group.objects.create(name="Partners")
