"""What ``admin/base.py`` and its templates take from Wagtail's undocumented parts.

When one of these fails on a new Wagtail, ``admin/base.py`` or ``admin/base.html`` is
the place to adapt.
"""

import inspect
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.template.loader_tags import BlockNode
from django.views.generic.base import ContextMixin, TemplateResponseMixin
from wagtail import hooks
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

import wagtail_helpdesk.admin
from wagtail_helpdesk.admin.menu import helpdesk_menu_item

CONTEXT = {"header_icon", "header_title", "breadcrumbs_items", "header_buttons"}


def blocks_of(name: str) -> set[str]:
    template = get_template(name).template
    return {node.name for node in template.nodelist.get_nodes_by_type(BlockNode)}


def test_the_mixin_is_a_plain_template_view():
    assert issubclass(WagtailAdminTemplateMixin, TemplateResponseMixin)
    assert issubclass(WagtailAdminTemplateMixin, ContextMixin)
    assert "dispatch" not in vars(WagtailAdminTemplateMixin)


@pytest.mark.parametrize(
    "name",
    [
        "get_page_title",
        "get_page_subtitle",
        "get_header_title",
        "get_breadcrumbs_items",
    ],
)
def test_the_mixin_has_the_methods_we_override(name):
    method = getattr(WagtailAdminTemplateMixin, name)

    assert list(inspect.signature(method).parameters) == ["self"]


def test_the_mixin_gives_the_header_what_it_shows():
    class View(WagtailAdminTemplateMixin):
        page_title = "Title"
        page_subtitle = "Subtitle"
        header_icon = "mail"

    context = View().get_context_data(extra=1)

    assert context.keys() >= CONTEXT
    assert context["header_title"] == "Title: Subtitle"
    assert context["breadcrumbs_items"][0]["url"]
    assert context["extra"] == 1


def test_the_frame_has_the_blocks_we_fill():
    assert blocks_of("wagtailadmin/generic/base.html") >= {"content", "header"}
    assert blocks_of("wagtailadmin/base.html") >= {"furniture"}
    assert blocks_of("wagtailadmin/admin_base.html") >= {
        "css",
        "js",
        "extra_css",
        "extra_js",
    }


def test_the_header_reads_the_title_out():
    html = get_template("wagtailadmin/shared/headers/slim_header.html").render(
        {
            "breadcrumbs_items": [{"url": "", "label": "HD-1"}],
            "title": "HD-1: The router",
            "icon_name": "mail",
        }
    )

    assert "<h1" in html
    assert "HD-1: The router" in html


@pytest.mark.parametrize("controller", ["w-swap", "w-kbd"])
def test_the_script_still_knows_the_controllers_our_templates_name(controller):
    import wagtail

    built = Path(wagtail.__file__).parent / "admin/static/wagtailadmin/js"
    text = "".join(path.read_text() for path in built.glob("*.js"))

    # Wagtail registers "w-" plus the identifier; the identifier alone is in the bundle.
    assert controller in text or f'"{controller[2:]}"' in text


def test_no_other_module_imports_undocumented_views():
    folder = Path(wagtail_helpdesk.admin.__file__).parent
    importing = [
        path.name
        for path in folder.glob("*.py")
        if "wagtail.admin.views.generic.base" in path.read_text()
    ]

    assert importing == ["base.py"]


def test_no_other_menu_opens_above_the_help_desk():
    """The sidebar opens each menu whose name the opened one's name begins with."""
    found = [make() for make in hooks.get_hooks("register_admin_menu_item")]
    names = [item.name for item in found]
    assert len(names) > 5
    ours = helpdesk_menu_item().name
    assert [name for name in names if ours.startswith(name)] == [ours]
