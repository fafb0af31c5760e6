"""Puts the whole demo into the database, in the order in which it builds on itself."""

from __future__ import annotations

from django.core.management import call_command
from django.db import transaction
from wagtail.models import Locale
from wagtail.signal_handlers import disable_reference_index_auto_update

from example_site.demo.access import load_access
from example_site.demo.appearance import load_appearance
from example_site.demo.desk import load_desk
from example_site.demo.pages import load_pages
from example_site.demo.people import load_people
from example_site.demo.tickets import load_tickets
from example_site.demo.words import LANGUAGES


def load_demo() -> bool:
    """Make what is not there yet; what is there stays as people have left it.

    Returns:
        Whether anything was made.
    """
    with transaction.atomic(), disable_reference_index_auto_update():
        for language in LANGUAGES:
            Locale.objects.get_or_create(language_code=language)
        made = [
            load_people(),
            load_desk(),
            load_access(),
            load_pages(),
            load_appearance(),
            load_tickets(),
        ]
    if any(made):
        call_command("update_index", verbosity=0)
        call_command("rebuild_references_index", verbosity=0)
    return any(made)
