"""What ``access/copying.py`` takes from Wagtail and wagtail-localize.

Neither promises these two methods. When one of these tests fails on a new version,
``access/copying.py`` is the place to adapt.
"""

import inspect

from wagtail.actions import copy_page
from wagtail.admin.api.actions import copy as api
from wagtail.admin.views.pages import copy as view
from wagtail.models import Page
from wagtail_localize.models import TranslationSource


def test_every_way_to_copy_a_page_runs_the_action_we_wrap():
    assert view.CopyPageAction is copy_page.CopyPageAction
    assert api.CopyPageAction is copy_page.CopyPageAction
    assert "CopyPageAction(" in inspect.getsource(Page.copy)
    assert hasattr(copy_page.CopyPageAction.execute, "__wrapped__")


def test_the_action_knows_its_page_and_whether_it_goes_below():
    page = Page()
    action = copy_page.CopyPageAction(page, recursive=True)

    assert action.page is page
    assert action.recursive is True


def test_synchronising_restrictions_is_one_method_of_two_pages():
    method = TranslationSource.sync_view_restrictions

    assert hasattr(method, "__wrapped__")
    assert list(inspect.signature(method).parameters) == [
        "self",
        "original",
        "translation_page",
    ]
