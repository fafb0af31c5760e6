"""Wagtail's index of what refers to what, kept out of the making of test data.

Wagtail writes it at every save of a stage, inbox, form or page, which was a sixth of
the time of the whole suite. What a test does itself, it does with the index.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from wagtail.signal_handlers import reference_index_auto_update_disabled as disabled


@contextmanager
def unrecorded() -> Iterator[None]:
    """Save without recording references.

    Wagtail's own context manager forgets at the end that it stands inside another one.
    """
    before = getattr(disabled, "value", False)
    disabled.value = True
    try:
        yield
    finally:
        disabled.value = before
