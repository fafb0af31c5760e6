from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from wagtail.images import get_image_model
from wagtail.models import Site

from tests.files import drawn_file
from wagtail_helpdesk.models import Appearance


@pytest.fixture
def site(db) -> Site:
    return Site.objects.get(is_default_site=True)


@pytest.fixture
def choose(site) -> Callable[..., Appearance]:
    """Saves an appearance of the default site, as after a commit."""

    def save(**fields: Any) -> Appearance:
        row, _made = Appearance.objects.update_or_create(site=site, defaults=fields)
        cache.clear()
        return row

    return save


@pytest.fixture
def picture(db) -> Any:
    return get_image_model().objects.create(title="Logo", file=drawn_file("logo.png"))
