"""What ``who_can_see.py`` takes from Wagtail's status panel, which is undocumented.

When one of these fails on a new Wagtail, our template of the same name as Wagtail's
``privacy.html``, and the tag in it, are the place to adapt.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import wagtail
from django.template.loader import get_template
from django.template.loader_tags import BlockNode, ExtendsNode
from wagtail.admin.ui.side_panels import BaseSidePanel, PageStatusSidePanel
from wagtail.models import Page

import wagtail_helpdesk
from wagtail_helpdesk.templatetags.helpdesk_admin_tags import hdw_who_can_see

PRIVACY = "wagtailadmin/shared/side_panels/includes/status/privacy.html"
ADMIN = Path(wagtail.__file__).parent / "admin"

pytestmark = pytest.mark.django_db


def test_the_status_panel_of_a_page_includes_the_template_we_extend(rf):
    panel = PageStatusSidePanel(Page(title="New"), rf.get("/"), parent_page=Page())
    assert PRIVACY in panel.get_status_templates({})
    assert (ADMIN / "templates" / PRIVACY).is_file()


def test_wagtail_s_template_is_reached_through_ours():
    ours = get_template(PRIVACY).template
    here = Path(wagtail_helpdesk.__file__).parent / "templates"
    assert Path(ours.origin.name) == here / PRIVACY
    text = (ADMIN / "templates" / PRIVACY).read_text()
    assert "action_list_item.html" in text


def test_the_template_below_it_has_the_block_we_fill():
    item = get_template(
        "wagtailadmin/shared/side_panels/includes/action_list_item.html"
    ).template
    blocks = {node.name for node in item.nodelist.get_nodes_by_type(BlockNode)}
    assert "bottom" in blocks
    assert not item.nodelist.get_nodes_by_type(ExtendsNode)


def test_the_panel_gives_the_page_the_request_and_the_parent(rf):
    request, parent = rf.get("/"), Page(title="Parent")
    panel = PageStatusSidePanel(Page(title="New"), request, parent_page=parent)
    assert panel.parent_page is parent
    context = BaseSidePanel.get_context_data(panel, {})
    assert context["panel"] is panel
    assert context["request"] is request
    assert context["page"].title == "New"


@pytest.mark.parametrize("word", ["w-privacy:changed", "w-zone#"])
def test_the_events_our_template_names_are_wagtail_s(word):
    assert word in (ADMIN / "templates" / PRIVACY).read_text()
    ours = Path(wagtail_helpdesk.__file__).parent / "templates/wagtail_helpdesk/admin"
    assert word in (ours / "includes/who_can_see.html").read_text()


def test_where_there_is_no_page_nothing_is_said(rf):
    assert hdw_who_can_see({}) == ""
    assert hdw_who_can_see({"page": None, "request": rf.get("/")}) == ""
