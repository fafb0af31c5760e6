"""System checks of the knowledge base."""

from __future__ import annotations

from typing import Any

import swapper
from django.apps import apps
from django.core.checks import CheckMessage, Error, register


@register
def check_base_page(**kwargs: Any) -> list[CheckMessage]:
    """A swapped base page needs page types of the site's own."""
    swapper.set_app_prefix("wagtailcore", "wagtail")
    swapped = swapper.is_swapped("wagtailcore", "Page")
    if not swapped:
        return []
    return [
        Error(
            f"WAGTAIL_PAGE_MODEL is {swapped!r}, but the page types of "
            "'wagtail_helpdesk.knowledge_base' are made for 'wagtailcore.Page'.",
            hint=(
                "Remove 'wagtail_helpdesk.knowledge_base' from INSTALLED_APPS and make "
                "page types of your own from the mixins in "
                "wagtail_helpdesk.knowledge_base.mixins."
            ),
            id="helpdesk_knowledge_base.E001",
        )
    ]


@register
def check_table_block(**kwargs: Any) -> list[CheckMessage]:
    """The table editor of articles lives in an app of Wagtail's."""
    if apps.is_installed("wagtail.contrib.table_block"):
        return []
    return [
        Error(
            "Articles of the knowledge base hold tables, but "
            "'wagtail.contrib.table_block' is not in INSTALLED_APPS.",
            hint="Add 'wagtail.contrib.table_block' to INSTALLED_APPS.",
            id="helpdesk_knowledge_base.E002",
        )
    ]
