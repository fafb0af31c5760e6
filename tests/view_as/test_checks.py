"""Whether the site is set up for viewing it as a contact."""

from wagtail_helpdesk.view_as.checks import check_view_as
from wagtail_helpdesk.view_as.state import MIDDLEWARE


def found(settings, middleware):
    settings.MIDDLEWARE = middleware
    return [message.id for message in check_view_as(None)]


def test_the_middleware_is_missed_and_its_place_too(settings):
    usual = list(settings.MIDDLEWARE)
    assert found(settings, usual) == []
    others = [name for name in usual if name != MIDDLEWARE]
    assert found(settings, others) == ["wagtail_helpdesk.W028"]
    assert set(found(settings, [MIDDLEWARE, *others])) == {"wagtail_helpdesk.W029"}
