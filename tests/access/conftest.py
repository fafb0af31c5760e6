"""A private section's cast: a group, a knowledge base, a category and an article."""

import pytest
from django.contrib.auth.models import Group

from tests.knowledge_base.factories import ArticleFactory, CategoryFactory, HomeFactory


@pytest.fixture
def partners() -> Group:
    return Group.objects.create(name="Partners")


@pytest.fixture
def home():
    return HomeFactory()


@pytest.fixture
def category(home):
    return CategoryFactory(parent=home, title="For partners")


@pytest.fixture
def article(category):
    return ArticleFactory(parent=category, title="Prices")
