"""A StreamField block that puts the search of a knowledge base on any page."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.chosen_pages import shown_page
from wagtail_helpdesk.forms.live import PageForms, page_forms
from wagtail_helpdesk.knowledge_base.navigation import home_for
from wagtail_helpdesk.knowledge_base.search import LONGEST_QUERY
from wagtail_helpdesk.knowledge_base.tree import home_types


class HelpCentreChooserBlock(blocks.PageChooserBlock):
    """A chooser for the home page of a knowledge base, of whichever type."""

    @cached_property
    def target_models(self) -> list[Any]:
        """The page types of this site; blocks are made before they are known."""
        return list(home_types())


class KnowledgeBaseSearchBlock(blocks.StructBlock):
    """A search box that leads to a help centre's results, without a script too (N2)."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        required=False,
        default="",
        max_length=200,
        help_text=_("Optional."),
    )
    help_centre = HelpCentreChooserBlock(
        label=_("Help centre"),
        required=False,
        help_text=_(
            "Empty: the one of the site in the language of the page. Otherwise its "
            "translation is used where there is one."
        ),
    )
    label = blocks.CharBlock(
        label=_("Label of the search box"),
        required=False,
        default="",
        max_length=60,
        help_text=_("Empty: “Search articles”."),
    )

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add ``home``, what its search box needs, and ``is_shown``."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        request = context.get("request")
        context["is_shown"], context["home"] = False, None
        if request is None:
            return context
        on_page = page_forms(request, context.get("page"))
        home = _home(on_page, value.get("help_centre"))
        # Only an editor reads that there is nothing.
        is_preview = bool(getattr(request, "is_preview", False))
        context["is_shown"] = home is not None or is_preview
        if not context["is_shown"]:
            return context
        context["needs_styles"] = on_page.take_styles()
        if home is None:
            return context
        name = value.get("heading") or home.title
        search_url = home.search_url(request)
        context.update(
            home=home,
            search_url=search_url,
            suggest_url=f"{search_url}suggest/",
            longest_query=LONGEST_QUERY,
            search_id=f"hd-search-{on_page.number_of('search')}",
            # Two landmarks of one name lead to the same place (WCAG 2.4.1, ARIA 1.2).
            no_landmark=not on_page.is_first(f"search landmark {name}"),
            needs_search_script=on_page.is_first("search script"),
        )
        return context

    class Meta:
        icon = "search"
        label = _("Knowledge base search")
        template = "wagtail_helpdesk/blocks/knowledge_base_search.html"


def _home(on_page: PageForms, chosen: Any) -> Any | None:
    """The help centre to search: the chosen one, else the one of site and language."""
    if chosen is not None:
        page = shown_page(on_page, chosen)
        return page if isinstance(page, home_types()) else None
    home = home_for(on_page.request)
    if home is None or Visibility.of(on_page.request).is_private(home):
        # Another visitor may see one.
        on_page.keep_varying()
    return home
