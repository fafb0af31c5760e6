"""What waits until a request is answered: nobody waits for it, and it is done."""

import pytest
from django.core.signals import request_finished, request_started

from wagtail_helpdesk.after_response import after_response


@pytest.fixture
def done() -> list[str]:
    return []


def test_outside_of_a_request_it_is_done_at_once(done):
    after_response(lambda: done.append("mail"))

    assert done == ["mail"]


@pytest.mark.django_db
def test_in_a_request_it_is_done_after_the_last_byte_and_once(done):
    request_started.send(sender=None)
    after_response(lambda: done.append("first"))
    after_response(lambda: done.append("second"))
    assert done == []

    request_finished.send(sender=None)
    request_finished.send(sender=None)

    assert done == ["first", "second"]


@pytest.mark.django_db
def test_what_fails_is_logged_and_keeps_nothing_else_from_being_done(done, caplog):
    def fail():
        raise OSError("The mail server is gone")

    request_started.send(sender=None)
    after_response(fail)
    after_response(lambda: done.append("second"))

    request_finished.send(sender=None)

    assert done == ["second"]
    assert "The mail server is gone" in caplog.text
