"""Killed between any two steps, nothing is lost and nothing is doubled (EM12)."""

import os
import signal

import pytest
from django.db import connection, connections

from tests.mails import raw_mail
from wagtail_helpdesk import intake
from wagtail_helpdesk.models import Attachment, EventReceipt, Message, Receipt, Ticket

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def _pass_that_dies_at(step):
    """Fork a worker that is killed before its ``step``-th step.

    A step is a statement, or one of both sides of a commit.

    Returns:
        Whether it was killed; ``False``: it had fewer steps.
    """
    connections.close_all()
    process_id = os.fork()
    if process_id == 0:
        left = step

        def count():
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        def execute(run, sql, params, many, context):
            count()
            return run(sql, params, many, context)

        commit = connection._commit

        def counted_commit():
            count()
            commit()
            count()

        connection._commit = counted_commit
        try:
            with connection.execute_wrapper(execute):
                intake.take_in(budget_seconds=60)
        finally:
            os._exit(0)
    _pid, status = os.waitpid(process_id, 0)
    return os.waitstatus_to_exitcode(status) == -signal.SIGKILL


def test_killed_at_every_step_nothing_is_lost_or_doubled(
    channel, ticket, our_mail, make_due
):
    before = Message.objects.count()
    step, mails, was_killed = 0, 0, True
    while was_killed:
        step += 1
        for raw in (
            raw_mail(f"New {step}", message_id=f"<n{step}@x>"),
            raw_mail(f"Answer {step}", message_id=f"<a{step}@x>", In_Reply_To=our_mail),
            raw_mail(
                f"File {step}",
                message_id=f"<f{step}@x>",
                sender=f"c{step}@acme.example",
                files=(("a.txt", b"x", "text/plain"),),
            ),
        ):
            intake.store(channel, raw)
            mails += 1
        was_killed = _pass_that_dies_at(step)
        make_due()
        while Receipt.objects.exclude(state="done").exists():
            assert not Receipt.objects.filter(state__in=["failed", "ignored"]).exists()
            intake.take_in(budget_seconds=60)
            make_due()
        assert Message.objects.count() == before + mails
        assert Ticket.objects.count() == 1 + 2 * step
        assert Attachment.objects.count() == step
        assert EventReceipt.objects.count() == mails
    assert step > 30
    texts = list(Message.objects.values_list("body_text", flat=True))
    assert len(texts) == len(set(texts))
