"""Settings are read late, and a wrong name is pointed out (UX105)."""

import inspect

from wagtail_helpdesk.checks import check_unknown_settings
from wagtail_helpdesk.conf import AppSettings, helpdesk_settings, setting_names


def test_a_setting_is_read_when_it_is_used(settings):
    settings.WAGTAIL_HELPDESK = {"TICKET_PREFIX": "ORDER-"}

    assert helpdesk_settings.TICKET_PREFIX == "ORDER-"
    assert helpdesk_settings.TRASH_DAYS == 30


def test_a_misspelt_setting_is_named_with_the_one_that_was_meant(settings):
    settings.WAGTAIL_HELPDESK = {"TICKET_PREFX": "X-", "ZZZ": 1}

    first, second = check_unknown_settings(None)

    assert first.id == second.id == "wagtail_helpdesk.W005"
    assert "TICKET_PREFX" in first.msg
    assert "TICKET_PREFIX" in first.hint
    assert second.hint == "Remove it."


def test_every_setting_is_documented():
    """UX101."""
    missing = [
        n for n in setting_names() if not inspect.getdoc(getattr(AppSettings, n))
    ]

    assert missing == []
