"""Pages leave the front-end cache when who may read them has changed.

``wagtail.contrib.frontend_cache`` purges a page when it is published or unpublished,
and knows nothing of restrictions. A page that has become private would be served from
the cache for as long as it keeps pages.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from django.apps import apps
from django.db import transaction

from wagtail_helpdesk.access.counterparts import pages
from wagtail_helpdesk.access.subtrees import closure


def purge_later(changed: Collection[int]) -> None:
    """Purge pages after the commit, with all that is as private as they are.

    Does nothing where ``wagtail.contrib.frontend_cache`` is not installed.

    Args:
        changed: Keys of pages whose restrictions have changed. The pages below, and all
            translations and aliases of these, go with them.
    """
    if apps.is_installed("wagtail.contrib.frontend_cache"):
        # A cache that does not answer is logged; the restriction stands nevertheless.
        transaction.on_commit(partial(_purge, frozenset(changed)), robust=True)


def _purge(changed: Collection[int]) -> None:
    from wagtail.contrib.frontend_cache.utils import PurgeBatch

    places = pages().filter(pk__in=changed).values_list("path", "numchild")
    batch = PurgeBatch()
    for condition in closure(places).conditions():
        batch.add_pages(pages().filter(condition, live=True).specific(defer=True))
    batch.purge()
